import { createHash } from 'node:crypto';
import type { ReadableDb } from '../../db/handle.ts';
import { readBody } from '../../db/ledger/bodies.ts';
import type { ExchangeFacts } from '../../db/ledger/entry.ts';
import { askedBy, readEntry } from '../../db/ledger/read.ts';
import type { Call, Recorded } from './call.ts';

/** What makes two calls of one snapshot the same call. */
export type CallIdentity = Pick<Call, 'source' | 'op' | 'scope' | 'label' | 'params'>;

/** A short key for a call: 120 bits of SHA-256, so that a map of a million calls stays small. */
export function callKey(call: CallIdentity): string {
  const text = [call.source, call.op, call.scope, call.label, call.params].join('\n');
  return createHash('sha256').update(text).digest('base64').slice(0, 20);
}

/**
 * The calls of one snapshot that have their answer, by {@link callKey}. A collector that runs again gets these answers
 * from the ledger: that is all that resuming is.
 */
export class Finals {
  readonly #final = new Map<string, number>();
  readonly #attempts = new Map<string, number>();

  /** Ledger entry that answers the call, or undefined. */
  get(key: string): number | undefined {
    return this.#final.get(key);
  }

  /** Attempts recorded so far for a call without an answer. */
  attempts(key: string): number {
    return this.#attempts.get(key) ?? 0;
  }

  note(key: string, seq: number, attempt: number, isFinal: boolean): void {
    if (isFinal) {
      this.#final.set(key, seq);
      this.#attempts.delete(key);
    } else if (!this.#final.has(key)) {
      this.#attempts.set(key, Math.max(attempt, this.attempts(key)));
    }
  }

  get size(): number {
    return this.#final.size;
  }
}

/** Reads which calls of a snapshot have their answer. `isFinal` says whether an exchange ends its call for good. */
export function loadFinals(
  db: ReadableDb,
  snapshot: string,
  isFinal: (facts: ExchangeFacts) => boolean,
): Finals {
  const finals = new Finals();
  for (const { seq, facts, params } of askedBy(db, snapshot)) {
    const key = callKey({ ...facts, params });
    finals.note(key, seq, facts.attempt, isFinal(facts));
  }
  return finals;
}

/** An exchange as recorded, with its body when one was kept. */
export function replay(db: ReadableDb, seq: number): Recorded {
  const entry = readEntry(db, seq);
  if (entry?.kind !== 'exchange') throw new Error(`cannot replay entry ${seq}: it is not an exchange.`);
  const { body, headers } = entry.values;
  return {
    seq,
    facts: entry.facts,
    headers: headers ? (JSON.parse(headers) as Record<string, string>) : {},
    body: body && entry.facts.bodyClass === 'full' ? readBody(db, body) : null,
    replayed: true,
  };
}
