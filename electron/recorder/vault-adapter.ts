import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Agents } from './agents.ts';
import type { Call, Recorded } from './call.ts';
import { replay } from './finals.ts';
import { recordExchange, type AnswerReader, type RawAnswer, type RecorderCore } from './record-exchange.ts';
import { tlsPeerFingerprint } from './tls-peer.ts';

/** A call on its way through the Vault client, and what became of it. Given as the request's option `ticket`. */
export interface VaultTicket {
  call: Call;
  /** Answer from this ledger entry instead of the network. */
  replaySeq: number | null;
  signal: AbortSignal;
  /** Set once the exchange is committed (or replayed). */
  recorded: Recorded | null;
}

/** A request as node-vault hands it to its HTTP library. */
interface ClientRequest {
  method: string;
  uri: string;
  headers: Record<string, string>;
  /** Body to send as JSON. */
  json?: unknown;
  ticket?: VaultTicket;
}

/** An answer as node-vault takes it from its HTTP library. */
interface ClientAnswer {
  statusCode: number;
  body: unknown;
  request: { path: string };
}

/** Time without a byte after which a connection is given up, ms. */
const IDLE_TIMEOUT_MS = 60_000;

/**
 * What node-vault gets in place of its HTTP library (its option `request-promise`): everything that passes is in the
 * ledger before it is used. The library's own would follow redirects with the token, drop headers, and let VAULT_SKIP_VERIFY
 * turn off the check of certificates; here nothing is followed and the run's agents are used.
 *
 * @param origin the one server that requests, and so the token, may go to
 */
export function vaultTransport(core: RecorderCore, agents: Agents, origin: string, reader: AnswerReader) {
  const send = async (options: ClientRequest): Promise<ClientAnswer> => {
    const { ticket } = options;
    if (!ticket) throw new Error('cannot send a request to Vault: it was not asked through the recorder.');
    const url = new URL(options.uri);
    if (url.origin !== origin)
      throw new Error(`cannot send a request to ${url.host}: the source is ${origin}.`);
    const { call, replaySeq, signal } = ticket;
    ticket.recorded =
      replaySeq !== null
        ? replay(core.writer.db, replaySeq)
        : await recordExchange(
            core,
            reader,
            call,
            url.host,
            () => sendOnce(agents, url, options, signal),
            signal,
          );
    return answerOf(ticket.recorded, url.pathname);
  };
  return { defaults: () => send };
}

function sendOnce(agents: Agents, url: URL, options: ClientRequest, signal: AbortSignal): Promise<RawAnswer> {
  const secure = url.protocol === 'https:';
  const body = options.json === undefined || options.json === true ? null : JSON.stringify(options.json);
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? httpsRequest : httpRequest)(
      url,
      {
        method: options.method,
        agent: secure ? agents.https : agents.http,
        signal,
        timeout: IDLE_TIMEOUT_MS,
        headers: {
          accept: 'application/json',
          'user-agent': 'keywitness/1',
          // Marks a request as the API's own, against forgery through a browser; servers may insist on it.
          'x-vault-request': 'true',
          ...options.headers,
          ...(body !== null && {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          }),
        },
      },
      (incoming) => resolve(rawAnswer(incoming)),
    );
    outgoing.on('timeout', () =>
      outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    );
    outgoing.on('error', reject);
    outgoing.end(body ?? undefined);
  });
}

function rawAnswer(incoming: IncomingMessage): RawAnswer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    status: incoming.statusCode ?? 0,
    headers,
    stream: incoming,
    tlsPeer: tlsPeerFingerprint(incoming.socket),
  };
}

/** What the client gets to parse: the committed bytes. Without an answer it is told so by an error. */
function answerOf({ facts, body }: Recorded, path: string): ClientAnswer {
  if (facts.httpStatus === null || (facts.outcome !== 'ok' && facts.httpStatus < 300)) {
    throw new Error(`no usable answer: ${facts.errorCode ?? facts.outcome}`);
  }
  return { statusCode: facts.httpStatus, body: parsed(body), request: { path } };
}

function parsed(body: Buffer | null): unknown {
  if (body === null || body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    // An error page of something before Vault: the exchange has its status and its bytes.
    return {};
  }
}
