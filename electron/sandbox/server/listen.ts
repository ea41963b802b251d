import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from './failures.ts';
import type { WireRequest, WireResponse } from './message.ts';

export interface Listener {
  /** e.g. 'http://127.0.0.1:40213' */
  endpoint: string;
  close(): Promise<void>;
}

export interface Delays {
  /** Added to every answer, in milliseconds. */
  latencyMs: number;
  /** Added to the answers of single operations, in milliseconds. */
  slow: Record<string, number>;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** Serves the handler over plain HTTP on a free loopback port. */
export async function listen(
  handler: (request: WireRequest) => { response: WireResponse; operation: string; failure?: Failure },
  delays: Delays,
): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.maxRequestsPerSocket = 0;

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { response, operation, failure } = handler(await read(incoming));
    const delay =
      delays.latencyMs +
      (delays.slow[operation] ?? 0) +
      (failure?.how === 'slow' ? (failure.delayMs ?? 1000) : 0);
    if (delay > 0) await sleep(delay);
    if (failure?.how === 'drop') {
      incoming.socket.destroy();
      return;
    }
    if (typeof response.body === 'object' && !Buffer.isBuffer(response.body)) {
      outgoing.writeHead(response.status, response.headers);
      await pipeline(response.body, outgoing);
      return;
    }
    const whole = Buffer.isBuffer(response.body) ? response.body : Buffer.from(response.body);
    // 'malformed': complete for HTTP, half of it for its reader.
    const body = failure?.how === 'malformed' ? whole.subarray(0, whole.length >> 1) : whole;
    outgoing.writeHead(response.status, { 'content-length': body.length, ...response.headers });
    if (failure?.how === 'cut') {
      outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.destroy());
      return;
    }
    outgoing.end(incoming.method === 'HEAD' ? undefined : body);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new RangeError(`cannot read a request: its body is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}
