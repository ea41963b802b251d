import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { logRecords } from '../../../db/ledger/log-records.ts';
import { storedLines } from '../../../db/ledger/read.ts';
import { RedactionError } from './error.ts';
import { logFiles } from './find-values.ts';
import type { Redactor } from './redactor.ts';

/** What of the raw evidence stays out of a redacted pack. Its commitments and leaf hashes stay in. */
export interface Withheld {
  /** Sealed values, as `seq field`. */
  values: ReadonlySet<string>;
  /** SHA-256 of bodies, hex. */
  bodies: ReadonlySet<string>;
  /** Indexes of log records, by the entry of their log file. */
  records: ReadonlyMap<number, ReadonlySet<number>>;
}

/**
 * Finds everything in entries 1..upTo that holds a value to be redacted. What cannot be read as text stays out too.
 *
 * @throws RedactionError NOT_REDACTABLE when a value stands in the ledger's plain facts, which cannot be withheld.
 */
export function findWithheld(db: ReadableDb, upTo: number, redactor: Redactor): Withheld {
  for (const { seq, line } of storedLines(db)) {
    if (seq > upTo) break;
    if (redactor.finds(line))
      throw new RedactionError(
        'NOT_REDACTABLE',
        `cannot redact: a value stands in the plain facts of ledger entry ${seq} (its place, operation or subject), which every pack shows. Choose narrower rules.`,
      );
  }
  const values = new Set<string>();
  const bodies = new Set<string>();
  const rows = db
    .prepare<[number], { seq: number; field: string; value: string }>(
      'SELECT seq, field, value FROM disclosure WHERE seq <= ? ORDER BY seq, field',
    )
    .iterate(upTo);
  for (const { seq, field, value } of rows) {
    const holds = field === 'body' ? bodyHolds(db, value, redactor) : redactor.finds(value);
    if (!holds) continue;
    values.add(`${seq} ${field}`);
    if (field === 'body') bodies.add(value);
  }
  const records = new Map<number, Set<number>>();
  for (const seq of logFiles(db, upTo)) {
    const found = new Set<number>();
    for (const { index, raw } of logRecords(db, seq))
      if (redactor.finds(raw.toString('utf8'))) found.add(index);
    if (found.size > 0) records.set(seq, found);
  }
  return { values, bodies, records };
}

function bodyHolds(db: ReadableDb, sha256: string, redactor: Redactor): boolean {
  const body = readBody(db, sha256);
  return body !== null && (isPacked(body) || redactor.finds(body.toString('utf8')));
}

/** gzip, zip and PDF: what they hold cannot be seen from their bytes. */
export function isPacked(body: Buffer): boolean {
  return ['1f8b', '504b0304', '25504446'].some((magic) => body.toString('hex', 0, 4).startsWith(magic));
}
