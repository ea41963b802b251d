import type { ReadableDb } from '../handle.ts';
import { cutPage, pageLimit, type Page, type PageRequest } from './page.ts';
import { statement } from '../statement.ts';

/** Something that should be there and is not, with what that means and what would close it. */
export interface GapRow {
  /** Number in the snapshot, from 0, in ledger order. */
  n: number;
  source: string;
  scope: string;
  op: string;
  /** Key id, trail, bucket, Region; empty for the scope as a whole. */
  subject: string;
  reason: string;
  code: string | null;
  /** The provider's own words, or ours where nothing was asked. */
  message: string | null;
  effect: string;
  remedy: string;
  seq: number | null;
}

const COLUMNS = 'n, source, scope, op, subject, reason, code, message, effect, remedy, seq';

/** Gaps of a snapshot, one page. */
export function listGaps(db: ReadableDb, snapshot: string, request: PageRequest): Page<GapRow> {
  const limit = pageLimit(request);
  const rows = db
    .prepare<[string, number, number], GapRow>(
      `SELECT ${COLUMNS} FROM gap WHERE snapshot = ? AND n > ? ORDER BY n LIMIT ?`,
    )
    .all(snapshot, request.after === null ? -1 : Number(request.after), limit + 1);
  return cutPage(rows, limit, (row) => String(row.n));
}

/** All gaps of a snapshot in ledger order; do not write to the same handle while iterating. */
export function iterateGaps(db: ReadableDb, snapshot: string): IterableIterator<GapRow> {
  return db
    .prepare<[string], GapRow>(`SELECT ${COLUMNS} FROM gap WHERE snapshot = ? ORDER BY n`)
    .iterate(snapshot);
}

/** Gaps about one key. */
export function gapsOfKey(db: ReadableDb, snapshot: string, key: string): GapRow[] {
  return statement<[string, string], GapRow>(
    db,
    `SELECT ${COLUMNS} FROM gap WHERE snapshot = ? AND subject = ? ORDER BY n`,
  ).all(snapshot, key);
}

/** Number of gaps by reason. */
export function countGaps(db: ReadableDb, snapshot: string): { reason: string; gaps: number }[] {
  return db
    .prepare<[string], { reason: string; gaps: number }>(
      'SELECT reason, count(*) AS gaps FROM gap WHERE snapshot = ? GROUP BY reason ORDER BY reason',
    )
    .all(snapshot);
}

/** Calls of one operation in one scope with one outcome. Times UTC. */
export interface CallCountRow {
  source: string;
  op: string;
  scope: string;
  outcome: 'ok' | 'error' | 'network' | 'interrupted';
  code: string;
  calls: number;
  retries: number;
  first: string;
  last: string;
  first_seq: number;
  last_seq: number;
}

/** Every call made, counted by operation, scope and outcome. */
export function callCounts(db: ReadableDb, snapshot: string): CallCountRow[] {
  return db
    .prepare<[string], CallCountRow>(
      `SELECT source, op, scope, outcome, code, calls, retries, first, last, first_seq, last_seq FROM call_count
        WHERE snapshot = ? ORDER BY source, op, scope, outcome, code`,
    )
    .all(snapshot);
}

/** Who collected, per source. */
export interface IdentityRow {
  source: string;
  arn: string;
  account: string | null;
  user_id: string | null;
  calls: number;
  seq: number;
}

export function identities(db: ReadableDb, snapshot: string): IdentityRow[] {
  return db
    .prepare<[string], IdentityRow>(
      'SELECT source, arn, account, user_id, calls, seq FROM identity WHERE snapshot = ? ORDER BY source, arn',
    )
    .all(snapshot);
}

/** A host that answered: its certificate's SHA-256 ('' without TLS) and its clock minus ours, ms, to about 100 ms. */
export interface HostRow {
  source: string;
  host: string;
  tls_peer: string;
  calls: number;
  offset_min: number | null;
  offset_median: number | null;
  offset_max: number | null;
  first_seq: number;
}

export function hosts(db: ReadableDb, snapshot: string): HostRow[] {
  return db
    .prepare<[string], HostRow>(
      `SELECT source, host, tls_peer, calls, offset_min, offset_median, offset_max, first_seq FROM host
        WHERE snapshot = ? ORDER BY source, host, tls_peer`,
    )
    .all(snapshot);
}
