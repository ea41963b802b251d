import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { failureOf } from './engine/service/failure.ts';
import { openBlob } from './host/blob-stream.ts';
import { browserMethods } from './host/browser-methods.ts';
import { ClientSession } from './host/client-session.ts';
import { blobHeaders, staticFile, windowHeaders } from './host/content.ts';
import { EngineSupervisor } from './host/engine-supervisor.ts';
import { forkedEngine, type StartLink } from './host/engine-link.ts';
import { LoopbackGuard } from './host/loopback-guard.ts';
import { Uploads } from './host/uploads.ts';

/** How to serve the window to the machine's own browser. */
export interface ServeOptions {
  /** Folder of settings. */
  home: string;
  /** 0 for any that is free. */
  port: number;
  /** Starts the engine; by default as a child process of this Node. */
  start?: StartLink;
}

/** The window on loopback while it is served. */
export interface Served {
  /** Address to sign in with, once. */
  readonly url: string;
  /** A file that leads there: a browser's arguments can be read by everybody on the machine, its owner's files cannot. */
  readonly startFile: string;
  readonly engine: EngineSupervisor;
  close(): Promise<void>;
}

/** Largest message from the window: inputs are small, files are uploaded. */
const MOST_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Leads on to the window. It names the icon, or a browser asks for a /favicon.ico that is not there. */
const START_PAGE =
  '<!doctype html><title>Keywitness</title><link rel="icon" type="image/svg+xml" href="/icon.svg">' +
  '<meta http-equiv="refresh" content="0;url=/">\n';

/**
 * Serves the window on 127.0.0.1 and nowhere else. Whoever has the one-time address gets a session; every other request,
 * and every one that a page of another origin makes, is refused.
 */
export async function serve({ home, port, start }: ServeOptions): Promise<Served> {
  const clients = new Set<ClientSession>();
  const engine = new EngineSupervisor({
    home,
    start: start ?? forkedEngine(),
    onEvent: (event) => clients.forEach((client) => client.tell(event)),
  });
  const uploads = new Uploads();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  const guard = new LoopbackGuard(bound);
  const headers = windowHeaders(`ws://127.0.0.1:${bound}`);

  const refuse = (response: ServerResponse, status: number, why: string) => {
    response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${why}\n`);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = guard.refuseForeign(request);
    if (refused) return refuse(response, 403, refused);
    const url = new URL(request.url ?? '/', guard.origin);
    if (request.method === 'GET' && url.pathname === '/start') {
      const cookie = guard.signIn(url.searchParams.get('token') ?? '');
      if (cookie === null) return refuse(response, 403, guard.spent);
      // Not a redirect: a strict cookie is not sent with one that another site's page began.
      response.writeHead(200, {
        ...headers,
        'set-cookie': cookie,
        'content-type': 'text/html; charset=utf-8',
      });
      response.end(START_PAGE);
      return;
    }
    if (!guard.hasSession(request)) return refuse(response, 403, guard.unknown);
    if (request.method === 'POST' && url.pathname === '/upload') {
      if (!guard.isOwnOrigin(request)) return refuse(response, 403, guard.foreign);
      const path = await uploads.take(request, url.searchParams.get('name') ?? 'file');
      response.writeHead(200, { ...headers, 'content-type': 'application/json' });
      response.end(JSON.stringify({ path }));
      return;
    }
    if (request.method !== 'GET') return refuse(response, 405, 'cannot do that here.');
    if (url.pathname.startsWith('/blob/')) {
      const blob = await openBlob(engine, `${url.pathname}${url.search}`);
      response.writeHead(200, blobHeaders(blob.mediaType, blob.name, blob.bytes));
      await pipeline(blob.stream, response);
      return;
    }
    const file = await staticFile(url.pathname);
    if (!file) return refuse(response, 404, 'There is no such file.');
    response.writeHead(200, { ...headers, 'content-type': file.type });
    response.end(file.data);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      const failure = failureOf(error);
      response.writeHead(failure.code === 'NOT_FOUND' ? 404 : 500, {
        ...headers,
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(failure));
    });
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES });
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    const allowed =
      request.url === '/bridge' &&
      guard.refuseForeign(request) === null &&
      guard.isOwnOrigin(request) &&
      guard.hasSession(request);
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => converse(client));
  });
  const converse = (socket: WebSocket): void => {
    const client = new ClientSession(engine, browserMethods(), (message) =>
      socket.send(JSON.stringify(message)),
    );
    clients.add(client);
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (!binary) client.receive(parsed(data.toString('utf8')));
    });
    socket.on('close', () => {
      clients.delete(client);
      client.close();
    });
    // A broken or oversized message ends the connection: ws closes it by itself.
    socket.on('error', () => socket.terminate());
  };

  const url = `${guard.origin}/start?token=${guard.token}`;
  return {
    url,
    startFile: writeStartFile(home, url),
    engine,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.close();
      server.closeAllConnections();
      await engine.close();
      uploads.clear();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function writeStartFile(home: string, url: string): string {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, 'start.html');
  const page = `<!doctype html><meta charset="utf-8"><title>Keywitness</title><meta http-equiv="refresh" content="0;url=${url}"><a href="${url}">Open Keywitness</a>\n`;
  writeFileSync(path, page, { mode: 0o600 });
  return path;
}
