import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Agents } from './agents.ts';
import type { RawAnswer } from './record-exchange.ts';
import { tlsPeerFingerprint } from './tls-peer.ts';

/** One request as a client library hands it over. */
export interface Outgoing {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | Buffer | null;
}

/** Sends requests of client libraries that let their HTTP part be replaced. */
export interface Sender {
  send(outgoing: Outgoing, signal: AbortSignal): Promise<RawAnswer>;
  /** How the ledger names where a request went. */
  hostOf(url: URL): string;
  destroy(): void;
}

/** Where the sample environment listens for every host, and the authority that it is known by (PEM). */
export interface SampleServer {
  endpoint: string;
  ca: string;
}

/** Time without a byte after which a connection is given up, ms. */
const IDLE_TIMEOUT_MS = 60_000;

/**
 * Sends over the run's agents, or, for the sample environment, everything to its one server under the real host names:
 * the same code then runs as against the provider. The ledger names that server.
 */
export function httpsSender(agents: Agents, sample: SampleServer | null): Sender {
  const sampleAgent =
    sample && new Agent({ keepAlive: true, maxSockets: 128, maxCachedSessions: 0, ca: sample.ca });
  const at = sample && new URL(sample.endpoint);
  return {
    send: (outgoing, signal) =>
      new Promise((resolve, reject) => {
        const { url, method, body } = outgoing;
        const headers = { ...withoutEncoding(outgoing.headers), 'accept-encoding': 'gzip' };
        const options: RequestOptions = { method, headers, signal, timeout: IDLE_TIMEOUT_MS };
        const made =
          at && sampleAgent
            ? httpsRequest({
                ...options,
                agent: sampleAgent,
                host: at.hostname,
                port: at.port,
                path: `${url.pathname}${url.search}`,
                servername: url.hostname,
                headers: { ...headers, host: url.host },
              })
            : url.protocol === 'http:'
              ? httpRequest(url, { ...options, agent: agents.http })
              : httpsRequest(url, { ...options, agent: agents.https });
        made.on('timeout', () => made.destroy(idle()));
        made.on('error', reject);
        made.on('response', (response) => resolve(answerOf(response)));
        made.end(body ?? undefined);
      }),
    hostOf: (url) => (at ? `${url.host} at ${at.host}` : url.host),
    destroy: () => sampleAgent?.destroy(),
  };
}

function idle(): Error {
  return Object.assign(new Error('no byte came in time'), { code: 'ETIMEDOUT' });
}

/** What this sender sets itself. */
function withoutEncoding(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(accept-encoding|host|connection)$/i.test(name)),
  );
}

function answerOf(response: IncomingMessage): RawAnswer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const coded = headers['content-encoding']?.toLowerCase() === 'gzip';
  if (coded) delete headers['content-encoding'];
  return {
    status: response.statusCode ?? 0,
    headers,
    stream: coded ? inflated(response) : response,
    tlsPeer: tlsPeerFingerprint(response.socket),
  };
}

function inflated(response: IncomingMessage): Readable {
  const gunzip = createGunzip();
  // pipe() carries no failure: a cut connection must end the reading, not leave it waiting.
  response.on('error', (error) => gunzip.destroy(error));
  response.on('aborted', () => gunzip.destroy(Object.assign(new Error('cut'), { code: 'ECONNRESET' })));
  gunzip.on('close', () => response.destroy());
  return response.pipe(gunzip);
}
