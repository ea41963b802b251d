import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from '../server/failures.ts';
import type { LoopbackTls } from './tls.ts';

export interface Request {
  method: string;
  /** Decoded, with single slashes, no slash at the end. */
  path: string;
  /** Names decoded and lower case. */
  query: ReadonlyMap<string, string>;
  headers: IncomingMessage['headers'];
  body: string;
  /** The server's own address, e.g. https://127.0.0.1:40213 */
  origin: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Text goes out as it is, anything else as JSON. */
  body?: unknown;
}

/** An answer other than success, as Azure would give it. */
export class AzureFault extends Error {
  readonly answer: Answer;
  constructor(
    status: number,
    code: string,
    message: string,
    inner?: string,
    headers?: Record<string, string>,
  ) {
    super(message);
    this.name = 'AzureFault';
    this.answer = {
      status,
      ...(headers ? { headers } : {}),
      body: { error: { code, message, ...(inner ? { innererror: { code: inner } } : {}) } },
    };
  }
}

export interface Handled {
  answer: Answer;
  failure: Failure | undefined;
}

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Serves a handler over HTTPS on a free loopback port.
 *
 * @param virtual true when clients name Azure's own hosts: then the host they name is the server's address
 */
export async function listenTls(
  tls: LoopbackTls,
  handle: (request: Request) => Handled,
  latencyMs: number,
  virtual = false,
): Promise<{ endpoint: string; close(): Promise<void> }> {
  let origin = '';
  const server = createServer(
    { key: tls.key.export({ type: 'pkcs8', format: 'pem' }), cert: tls.certificate },
    (incoming, outgoing) => {
      answer(incoming, outgoing).catch(() => outgoing.destroy());
    },
  );
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { answer: made, failure } = handle(
      await read(incoming, virtual ? `https://${incoming.headers.host ?? 'localhost'}` : origin),
    );
    const delay = latencyMs + (failure?.how === 'slow' ? (failure.delayMs ?? 1000) : 0);
    if (delay > 0) await sleep(delay);
    if (failure?.how === 'drop') {
      incoming.socket.destroy();
      return;
    }
    const text = typeof made.body === 'string';
    const whole = Buffer.from(
      text ? (made.body as string) : made.body === undefined ? '' : JSON.stringify(made.body),
    );
    const body = failure?.how === 'malformed' ? whole.subarray(0, whole.length >> 1) : whole;
    outgoing.writeHead(made.status, {
      ...(text || made.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      'content-length': body.length,
      ...made.headers,
    });
    if (failure?.how === 'cut') {
      outgoing.write(body.subarray(0, body.length >> 1), () => incoming.socket.destroy());
      return;
    }
    outgoing.end(incoming.method === 'HEAD' ? undefined : body);
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: origin,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function read(incoming: IncomingMessage, origin: string): Promise<Request> {
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
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)))
    query.set(name.toLowerCase(), value);
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(path)
      .replace(/\/{2,}/g, '/')
      .replace(/(.)\/$/, '$1'),
    query,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    origin,
  };
}

/** A page of a list with the link to the next one, absolute, as Azure writes it. */
export function page<T>(
  request: Request,
  items: readonly T[],
  size: number,
): { value: T[]; nextLink?: string } {
  const token = request.query.get('$skiptoken');
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0)
    throw new AzureFault(400, 'BadParameter', 'The $skiptoken is not valid.');
  const value = items.slice(from, from + size);
  if (from + size >= items.length) return { value };
  const query = new URLSearchParams([...request.query].filter(([name]) => name !== '$skiptoken'));
  query.set('$skiptoken', String(from + size));
  return { value, nextLink: `${request.origin}${encodeURI(request.path)}?${query.toString()}` };
}
