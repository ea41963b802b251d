import type { ReadableDb } from '../handle.ts';
import { statement } from '../statement.ts';
import type { EntryKind, EntryLine, ExchangeFacts } from './entry.ts';

/** A stored line with its hash (hex). */
export interface StoredLine {
  seq: number;
  line: string;
  hash: string;
}

/** An entry with its sealed values opened, as analysis reads it. */
export type OpenedEntry<K extends EntryKind = EntryKind> = Extract<EntryLine, { kind: K }> & {
  hash: string;
  /** Sealed values by field name: `params`, `caller` and `value` are canonical JSON, `body` is a SHA-256 (hex). */
  values: Record<string, string>;
};

interface Row {
  seq: number;
  line: string;
  hash: Buffer;
}

/** The ledger's lines in order, as stored. */
export function* storedLines(db: ReadableDb, from = 1): Generator<StoredLine> {
  const rows = db
    .prepare<[number], Row>('SELECT seq, line, hash FROM entry WHERE seq >= ? ORDER BY seq')
    .iterate(from);
  for (const row of rows) yield { seq: row.seq, line: row.line, hash: row.hash.toString('hex') };
}

/** Snapshots are bound as a JSON array: an index serves it as it serves one. */
const OF_SNAPSHOTS = 'snapshot IN (SELECT value FROM json_each(?))';

/** One entry, or undefined. */
export function readEntry(db: ReadableDb, seq: number): OpenedEntry | undefined {
  const row = statement<[number], Row>(db, 'SELECT seq, line, hash FROM entry WHERE seq = ?').get(seq);
  return row && open(db, row);
}

/**
 * Entries of one kind in ledger order, optionally of one operation (exchange `op`, declaration `what`) or of some snapshots.
 * Holds one row at a time; do not write to the same handle while iterating.
 */
export function* entries<K extends EntryKind>(
  db: ReadableDb,
  kind: K,
  filter: { op?: string; snapshot?: string | readonly string[] } = {},
): Generator<OpenedEntry<K>> {
  const of = filter.snapshot === undefined ? [] : [JSON.stringify([filter.snapshot].flat())];
  const where = ['kind = ?', ...(filter.op ? ['op = ?'] : []), ...of.map(() => OF_SNAPSHOTS)];
  const args = [kind, ...(filter.op ? [filter.op] : []), ...of];
  // Only numbers are sorted where the index of snapshots is used: sorting lines would hold all of them in memory.
  const rows = db
    .prepare<string[], Row>(
      `SELECT seq, line, hash FROM entry
        WHERE seq IN (SELECT seq FROM entry WHERE ${where.join(' AND ')}) ORDER BY seq`,
    )
    .iterate(...args);
  for (const row of rows) yield open(db, row) as OpenedEntry<K>;
}

/** An exchange as bookkeeping reads it: without caller and body. */
export interface Asked {
  seq: number;
  facts: ExchangeFacts;
  /** Canonical JSON. */
  params: string;
}

/**
 * The exchanges of a snapshot, operation by operation, each in ledger order: the order of the index, so that nothing is
 * sorted and one row is held at a time. Do not write to the same handle while iterating.
 *
 * @param op only this operation
 */
export function* askedBy(db: ReadableDb, snapshot: string, op?: string): Generator<Asked> {
  const rows = db
    .prepare<string[], { seq: number; line: string; params: string | null }>(
      `SELECT e.seq, e.line, p.value AS params FROM entry e INDEXED BY entry_by_snapshot
         LEFT JOIN disclosure p ON p.seq = e.seq AND p.field = 'params'
        WHERE e.snapshot = ? ${op === undefined ? '' : 'AND e.op = ?'} ORDER BY e.op, e.seq`,
    )
    .iterate(...(op === undefined ? [snapshot] : [snapshot, op]));
  for (const { seq, line, params } of rows) {
    const entry = JSON.parse(line) as EntryLine;
    if (entry.kind === 'exchange') yield { seq, facts: entry.facts, params: params ?? '' };
  }
}

function open(db: ReadableDb, row: Row): OpenedEntry {
  const values: Record<string, string> = {};
  const disclosures = statement<[number], { field: string; value: string }>(
    db,
    'SELECT field, value FROM disclosure WHERE seq = ?',
  ).all(row.seq);
  for (const { field, value } of disclosures) values[field] = value;
  // The writer made this line from typed facts; verification, not every read, checks it against the schema.
  const line = JSON.parse(row.line) as EntryLine;
  return { ...line, hash: row.hash.toString('hex'), values };
}
