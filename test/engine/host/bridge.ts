import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';
import { ApiError } from '../../../electron/api/error.ts';
import type { InputOf, MethodName, OutputOf } from '../../../electron/api/contract.ts';
import type { ApiEvent } from '../../../electron/api/events.ts';
import type { HostMessage } from '../../../electron/api/wire.ts';

/** What a server on loopback answered. */
export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** One request with exactly these headers; `fetch` would set its own. */
export function ask(
  url: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: options.method ?? 'GET', headers: options.headers ?? {} },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode!,
            headers: answer.headers,
            body: Buffer.concat(parts).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** Signs in with the one-time address; the cookie of the session. */
export async function signIn(url: string): Promise<string> {
  const { headers } = await ask(url);
  return headers['set-cookie']![0]!.split(';')[0]!;
}

/** A window's bridge without a window. */
export interface TestBridge {
  invoke<N extends MethodName>(
    name: N,
    input: InputOf<N>,
    options?: { signal?: AbortSignal },
  ): Promise<OutputOf<N>>;
  /** Sends anything at all. */
  raw(text: string): void;
  events: ApiEvent[];
  /** Resolves with the first event that fits, also an earlier one. */
  event(fits: (event: ApiEvent) => boolean): Promise<ApiEvent>;
  close(): void;
}

export async function openBridge(origin: string, cookie: string): Promise<TestBridge> {
  const socket = new WebSocket(`${origin.replace('http:', 'ws:')}/bridge`, { origin, headers: { cookie } });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const waiting = new Map<number, { resolve: (o: never) => void; reject: (e: Error) => void }>();
  const events: ApiEvent[] = [];
  const watchers = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as HostMessage;
    if (message.type === 'event') {
      events.push(message.event);
      for (const watcher of watchers) watcher();
    } else if (message.type === 'answer') waiting.get(message.id)?.resolve(message.output as never);
    else waiting.get(message.id)?.reject(new ApiError(message.error));
  });
  let last = 0;
  return {
    events,
    invoke: (name, input, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const id = (last += 1);
        waiting.set(id, { resolve, reject });
        socket.send(JSON.stringify({ type: 'call', id, name, input }));
        signal?.addEventListener('abort', () => socket.send(JSON.stringify({ type: 'abort', id })));
      }),
    raw: (text) => socket.send(text),
    event: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = events.find(fits);
          if (!found) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        look();
      }),
    close: () => socket.close(),
  };
}
