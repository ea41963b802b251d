import { Readable } from 'node:stream';
import type { Protocol } from 'electron';
import { failureOf } from '../engine/service/failure.ts';
import { openBlob } from '../host/blob-stream.ts';
import { blobHeaders, staticFile, windowHeaders } from '../host/content.ts';
import type { EngineSupervisor } from '../host/engine-supervisor.ts';
import { isOwnAddress, WINDOW_SCHEME } from './origin.ts';

/** Serves the window's files and blobs under its own protocol, with the policy in a header of every answer. */
export function serveWindow(protocol: Protocol, engine: EngineSupervisor): void {
  const plain = (status: number, text: string) =>
    new Response(`${text}\n`, {
      status,
      headers: { ...windowHeaders(), 'content-type': 'text/plain; charset=utf-8' },
    });

  protocol.handle(WINDOW_SCHEME, async ({ url: address, method }) => {
    if (!isOwnAddress(address)) return plain(403, 'There is no such page.');
    if (method !== 'GET') return plain(405, 'That cannot be done here.');
    const url = new URL(address);
    if (url.pathname.startsWith('/blob/')) {
      try {
        const blob = await openBlob(engine, `${url.pathname}${url.search}`);
        return new Response(Readable.toWeb(blob.stream) as ReadableStream, {
          headers: blobHeaders(blob.mediaType, blob.name, blob.bytes),
        });
      } catch (error) {
        return plain(404, failureOf(error).message);
      }
    }
    const file = await staticFile(url.pathname);
    if (!file) return plain(404, 'There is no such file.');
    return new Response(new Uint8Array(file.data), {
      headers: { ...windowHeaders(), 'content-type': file.type },
    });
  });
}
