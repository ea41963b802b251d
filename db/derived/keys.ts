import type { ReadableDb } from '../handle.ts';
import { readBody } from '../ledger/bodies.ts';
import { readEntry } from '../ledger/read.ts';
import { cutPage, pageLimit, type Page, type PageRequest } from './page.ts';
import { statement } from '../statement.ts';

/** One key of a snapshot. Times are ISO 8601 UTC; booleans 0 or 1; null is "not known" or "has none". */
export interface KeyRow {
  snapshot: string;
  /** ARN, key URI or path. */
  id: string;
  provider: string;
  source: string;
  basis: 'observed' | 'logged' | 'client-provided';
  account: string;
  region: string;
  native_id: string;
  /** elsewhere: a key of another account that policies, grants or events name. Not in the population. */
  belongs: 'inventory' | 'elsewhere';
  listed_start: number;
  listed_end: number;
  description: string | null;
  state: string | null;
  algorithm: string | null;
  usage: string | null;
  origin: string | null;
  material_holder: 'platform' | 'imported' | 'hsm' | 'external store' | null;
  manager: 'customer' | 'provider' | null;
  multi_region: 'primary' | 'replica' | null;
  primary_id: string | null;
  custom_store: string | null;
  created: string | null;
  deletion_date: string | null;
  valid_to: string | null;
  material: string | null;
  rotation_support: 'automatic' | 'manual' | 'with-primary' | 'provider' | null;
  rotation_support_why: string | null;
  rotation_enabled: number | null;
  rotation_period_days: number | null;
  next_rotation: string | null;
  last_rotation: string | null;
  rotation_seq: number | null;
  last_used: string | null;
  last_used_operation: string | null;
  last_used_event: string | null;
  usage_tracked_from: string | null;
  seq: number | null;
  rules: number;
}

/** Which keys to list; all that are left out do not filter. */
export interface KeyFilter {
  source?: string;
  account?: string;
  region?: string;
  manager?: 'customer' | 'provider';
  state?: string;
  belongs?: 'inventory' | 'elsewhere';
  /** Part of id, description or an alias. */
  search?: string;
}

/** Keys in id order, one page. */
export function listKeys(
  db: ReadableDb,
  snapshot: string,
  request: PageRequest,
  filter: KeyFilter = {},
): Page<KeyRow> {
  const limit = pageLimit(request);
  const exact = (['source', 'account', 'region', 'manager', 'state', 'belongs'] as const).filter(
    (column) => filter[column] !== undefined,
  );
  const where = ['snapshot = ?', 'id > ?', ...exact.map((column) => `${column} = ?`)];
  const args: (string | number)[] = [snapshot, request.after ?? '', ...exact.map((c) => filter[c]!)];
  if (filter.search) {
    where.push(
      `(instr(lower(id), ?) OR instr(lower(coalesce(description, '')), ?) OR EXISTS (SELECT 1 FROM key_alias a
         WHERE a.snapshot = key.snapshot AND a.key = key.id AND instr(lower(a.name), ?)))`,
    );
    const search = filter.search.toLowerCase();
    args.push(search, search, search);
  }
  const rows = db
    .prepare<(string | number)[], KeyRow>(
      `SELECT * FROM key WHERE ${where.join(' AND ')} ORDER BY id LIMIT ?`,
    )
    .all(...args, limit + 1);
  return cutPage(rows, limit, (row) => row.id);
}

/** All keys of a snapshot in id order, one at a time; do not write to the same handle while iterating. */
export function iterateKeys(db: ReadableDb, snapshot: string): IterableIterator<KeyRow> {
  return db.prepare<[string], KeyRow>('SELECT * FROM key WHERE snapshot = ? ORDER BY id').iterate(snapshot);
}

/** One key, or undefined. */
export function getKey(db: ReadableDb, snapshot: string, id: string): KeyRow | undefined {
  return statement<[string, string], KeyRow>(db, 'SELECT * FROM key WHERE snapshot = ? AND id = ?').get(
    snapshot,
    id,
  );
}

/** What became of one question put to a key, and the ledger entry that says so. */
export interface AnswerRow {
  key: string;
  /** Action, for example `GetKeyPolicy`. */
  op: string;
  status:
    'ok' | 'denied' | 'not-applicable' | 'error' | 'throttled' | 'network' | 'interrupted' | 'not-asked';
  code: string | null;
  message: string | null;
  seq: number | null;
}

/** Every question put to a key with its outcome. */
export function answersOf(db: ReadableDb, snapshot: string, key: string): AnswerRow[] {
  return statement<[string, string], AnswerRow>(
    db,
    'SELECT key, op, status, code, message, seq FROM key_answer WHERE snapshot = ? AND key = ? ORDER BY op',
  ).all(snapshot, key);
}

/**
 * Outcome of one question put to one key. Looked up each time: the answers of a hundred thousand keys would fill the
 * memory, and one costs a few microseconds.
 */
export function answerReader(
  db: ReadableDb,
  snapshot: string,
): (key: string, op: string) => AnswerRow | undefined {
  const find = db.prepare<[string, string, string], AnswerRow>(
    'SELECT key, op, status, code, message, seq FROM key_answer WHERE snapshot = ? AND key = ? AND op = ?',
  );
  return (key, op) => find.get(snapshot, key, op);
}

/** One key material of a key; `at` and `type` are null for the material it was created with. */
export interface RotationRow {
  key: string;
  n: number;
  material: string | null;
  at: string | null;
  type: string | null;
  state: string | null;
  import_state: string | null;
  valid_to: string | null;
  basis: string;
  seq: number;
}

/** Key materials, oldest first. */
export function rotationsOf(db: ReadableDb, snapshot: string, key: string): RotationRow[] {
  return statement<[string, string], RotationRow>(
    db,
    `SELECT key, n, material, at, type, state, import_state, valid_to, basis, seq FROM key_rotation
        WHERE snapshot = ? AND key = ? ORDER BY n`,
  ).all(snapshot, key);
}

/** All rotations of a snapshot by key, for the pack. */
export function iterateRotations(db: ReadableDb, snapshot: string): IterableIterator<RotationRow> {
  return db
    .prepare<[string], RotationRow>(
      `SELECT key, n, material, at, type, state, import_state, valid_to, basis, seq FROM key_rotation
        WHERE snapshot = ? ORDER BY key, n`,
    )
    .iterate(snapshot);
}

/** Names of a key. */
export function aliasesOf(db: ReadableDb, snapshot: string, key: string): { name: string; seq: number }[] {
  return statement<[string, string], { name: string; seq: number }>(
    db,
    'SELECT name, seq FROM key_alias WHERE snapshot = ? AND key = ? ORDER BY name',
  ).all(snapshot, key);
}

/** Tags of a key. */
export function tagsOf(
  db: ReadableDb,
  snapshot: string,
  key: string,
): { name: string; value: string; seq: number }[] {
  return statement<[string, string], { name: string; value: string; seq: number }>(
    db,
    'SELECT name, value, seq FROM key_tag WHERE snapshot = ? AND key = ? ORDER BY name',
  ).all(snapshot, key);
}

/** A key policy's place; its text is read from the ledger with {@link policyOf}. */
export interface PolicyRow {
  key: string;
  name: string;
  /** SHA-256 of the policy text, hex. */
  sha256: string;
  bytes: number;
  seq: number;
}

/** All key policies of a snapshot in key order, without their text. */
export function iteratePolicies(db: ReadableDb, snapshot: string): IterableIterator<PolicyRow> {
  return db
    .prepare<[string], PolicyRow>(
      'SELECT key, name, sha256, bytes, seq FROM key_policy WHERE snapshot = ? ORDER BY key, name',
    )
    .iterate(snapshot);
}

/** The default policy of a key with its text as the provider gave it; undefined when it is not known. */
export function policyOf(
  db: ReadableDb,
  snapshot: string,
  key: string,
): (PolicyRow & { text: string }) | undefined {
  const row = statement<[string, string], PolicyRow>(
    db,
    `SELECT key, name, sha256, bytes, seq FROM key_policy WHERE snapshot = ? AND key = ? ORDER BY name = 'default' DESC, name LIMIT 1`,
  ).get(snapshot, key);
  return row && { ...row, text: policyText(db, row.seq) };
}

/** The policy text inside the body of a GetKeyPolicy answer. */
export function policyText(db: ReadableDb, seq: number): string {
  const body = readEntry(db, seq)?.values.body;
  const bytes = body === undefined ? null : readBody(db, body);
  if (!bytes) return '';
  const answer = JSON.parse(bytes.toString('utf8')) as { Policy?: unknown };
  return typeof answer.Policy === 'string' ? answer.Policy : '';
}

/** A custom key store: a CloudHSM cluster or an external key manager that holds key material. */
export interface KeyStoreRow {
  source: string;
  account: string;
  region: string;
  id: string;
  name: string | null;
  type: string | null;
  connection_state: string | null;
  connection_error: string | null;
  seq: number;
}

/** Custom key stores of a snapshot. */
export function keyStores(db: ReadableDb, snapshot: string): KeyStoreRow[] {
  return db
    .prepare<[string], KeyStoreRow>(
      `SELECT source, account, region, id, name, type, connection_state, connection_error, seq FROM key_store
        WHERE snapshot = ? ORDER BY account, region, id`,
    )
    .all(snapshot);
}
