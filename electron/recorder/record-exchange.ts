import type { Readable } from 'node:stream';
import { canonicalJson } from '../../db/ledger/canonical-json.ts';
import type { ExchangeFacts, LinesFacts } from '../../db/ledger/entry.ts';
import { sha256Hex } from '../../db/ledger/hash.ts';
import type { Attachment, LedgerWriter } from '../../db/ledger/writer.ts';
import { shapeFault } from './answer-shape.ts';
import type { Call, Recorded } from './call.ts';
import type { IngestLines, LinesResult } from './lines-sink.ts';
import { BodyTooLarge, MAX_BODY_BYTES, MAX_ERROR_BYTES, readBody } from './read-body.ts';

/** What every recorder needs, whatever the provider. */
export interface RecorderCore {
  writer: LedgerWriter;
  /** Takes log files; absent when log files are not collected. */
  ingestLines: IngestLines | null;
  now: () => Date;
}

/** A response as it comes off the wire: transfer decoding undone, nothing parsed. */
export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  stream: Readable;
  tlsPeer: string | null;
}

/** What only a provider's adapter can read in an answer. */
export interface AnswerReader {
  /** @param body what was received, null when there is none (a log file, a call that failed). */
  requestId(headers: Record<string, string>, body: Buffer | null): string | null;
  /** The provider's error code in an answer that is not a success. */
  errorCode(status: number, headers: Record<string, string>, body: Buffer): string;
}

type Ending = Pick<ExchangeFacts, 'outcome' | 'errorCode' | 'bodyClass' | 'bodyBytes'> & {
  lines?: LinesFacts;
};
interface Taken {
  ending: Ending;
  attachment: Attachment;
  bodySha256?: string;
  body: Buffer | null;
  /** Frees what a log file put aside until its commit. */
  release?: () => void;
}

/**
 * Makes one call and records it: the intent is committed before anything is sent, the answer's bytes before anybody
 * parses them. Resolves for every ending of the call, also without an answer; rejects only when the ledger cannot be
 * written.
 */
export async function recordExchange(
  core: RecorderCore,
  reader: AnswerReader,
  call: Call,
  host: string,
  send: () => Promise<RawAnswer>,
  signal: AbortSignal,
): Promise<Recorded> {
  const { snapshot, source, op, scope, label, attempt, bodyClass } = call;
  const start = core.now().toISOString();
  const intentFacts = { snapshot, source, op, scope, label, attempt, start, host, bodyClass };
  const sealed: Record<string, string> = { params: call.params };
  if (call.caller !== null) sealed.caller = call.caller;
  const intent = await core.writer.begin({ facts: intentFacts, sealed });

  let answer: RawAnswer | null = null;
  let headers: Record<string, string> = {};
  let taken: Taken;
  try {
    answer = await send();
    headers = keptHeaders(answer.headers, call.keepHeaders);
    taken = await take(core, reader, call, answer, headers, signal);
  } catch (error) {
    answer?.stream.destroy();
    taken = nothing(endingOfFailure(error, signal, bodyClass));
  }

  if (Object.keys(headers).length > 0) sealed.headers = canonicalJson(headers);
  if (taken.bodySha256 !== undefined) sealed.body = taken.bodySha256;
  const facts: ExchangeFacts = {
    ...intentFacts,
    end: core.now().toISOString(),
    httpStatus: answer?.status ?? null,
    requestId: answer && reader.requestId(answer.headers, taken.body),
    serverDate: answer?.headers.date ?? null,
    tlsPeer: answer?.tlsPeer ?? null,
    ...taken.ending,
  };
  try {
    const draft = { kind: 'exchange' as const, facts, sealed };
    const entry = await core.writer.finish(intent, draft, taken.attachment);
    return { seq: entry.seq, facts, headers, body: taken.body, replayed: false };
  } finally {
    taken.release?.();
  }
}

async function take(
  core: RecorderCore,
  reader: AnswerReader,
  call: Call,
  answer: RawAnswer,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Taken> {
  if (answer.status < 200 || answer.status >= 300) return takeError(reader, call, answer);
  if (call.bodyClass === 'lines') return takeLines(core, call, answer, headers, signal);
  const body = await readBody(answer.stream, MAX_BODY_BYTES);
  const fault = shapeFault(call.answer, body);
  return keep(call, body, fault ? 'error' : 'ok', fault ? 'MalformedAnswer' : null);
}

/** An error answer of a log file is a small document and kept whole; that of a sign-in call is not kept either. */
async function takeError(reader: AnswerReader, call: Call, answer: RawAnswer): Promise<Taken> {
  const body = await readBody(answer.stream, MAX_ERROR_BYTES);
  const code = reader.errorCode(answer.status, answer.headers, body);
  const bodyClass = call.bodyClass === 'lines' ? 'full' : call.bodyClass;
  return keep({ ...call, bodyClass }, body, 'error', code);
}

function keep(call: Call, body: Buffer, outcome: 'ok' | 'error', errorCode: string | null): Taken {
  const ending: Ending = { outcome, errorCode, bodyClass: call.bodyClass, bodyBytes: body.length };
  switch (call.bodyClass) {
    case 'none':
      // Not even its length: it is a credential.
      return { ending: { ...ending, bodyBytes: null }, attachment: {}, body };
    case 'hash-only':
      return { ending, attachment: {}, bodySha256: sha256Hex(body), body };
    case 'lines':
    case 'full':
      return { ending, attachment: { body }, body };
  }
}

async function takeLines(
  core: RecorderCore,
  call: Call,
  answer: RawAnswer,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Taken> {
  if (!core.ingestLines) throw new Error(`cannot take ${call.op}: no log ingest was given.`);
  const { source, op, scope, params } = call;
  const ingest = core.ingestLines(answer.stream, { source, op, scope, params, headers, signal });
  const { facts, records, land, release } = await unlessAborted(ingest, signal);
  return {
    ending: { outcome: 'ok', errorCode: null, bodyClass: 'lines', bodyBytes: facts.bytes, lines: facts },
    attachment: { records, ...(land && { land }) },
    body: null,
    ...(release && { release }),
  };
}

/** Cancelling must not wait for an ingest that is slow to notice; what it then still brings is let go. */
function unlessAborted(ingest: Promise<LinesResult>, signal: AbortSignal): Promise<LinesResult> {
  return new Promise((resolve, reject) => {
    let late = false;
    const onAbort = () => {
      late = true;
      reject(signal.reason as Error);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    ingest
      .then((result) => (late ? result.release?.() : resolve(result)), reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function endingOfFailure(error: unknown, signal: AbortSignal, bodyClass: Ending['bodyClass']): Ending {
  if (error instanceof BodyTooLarge) {
    return { outcome: 'error', errorCode: 'AnswerTooLarge', bodyClass, bodyBytes: null };
  }
  // Sent, perhaps answered, and nobody waited: the client's log may have it.
  if (signal.aborted) return { outcome: 'interrupted', errorCode: 'Cancelled', bodyClass, bodyBytes: null };
  return { outcome: 'network', errorCode: failureCode(error), bodyClass, bodyBytes: null };
}

/** Node's or OpenSSL's code; never the message, which may quote a URL. */
function failureCode(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{2,64}$/.test(code)) return code;
  return typeof name === 'string' && /^[A-Za-z0-9]{2,64}$/.test(name) ? name : 'Error';
}

function nothing(ending: Ending): Taken {
  return { ending, attachment: {}, body: null };
}

function keptHeaders(headers: Record<string, string>, keep: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of keep) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
