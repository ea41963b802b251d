import { dimensionId } from '../../../db/derived/events.ts';
import { cutPage, type Page } from '../../../db/derived/page.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import type { AccessPath } from '../../api/access.ts';
import { Refusal } from '../service/refusal.ts';
import { sentenceOf } from './access-sentence.ts';

interface PathRow {
  key: string;
  n: number;
  principal: string;
  principal_kind: string;
  kind_reason: string;
  access: AccessPath['access'];
  use_kind: string | null;
  via: string;
  actions: string;
  conditions: string | null;
  certainty: AccessPath['certainty'];
  detail: string | null;
  cites: string;
}

const COLUMNS = `p.key, p.n, p.principal, p.principal_kind, p.kind_reason, p.access, p.use_kind, p.via, p.actions,
  p.conditions, p.certainty, p.detail, p.cites`;

interface PageInput {
  after: string | null;
  limit: number;
}

/** Paths of one key in order. */
export function keyAccess(db: ReadableDb, snapshot: string, key: string, page: PageInput): Page<AccessPath> {
  const rows = db
    .prepare<[string, string, number, number], PathRow>(
      `SELECT ${COLUMNS} FROM access_path p WHERE p.snapshot = ? AND p.key = ? AND p.n > ? ORDER BY p.n LIMIT ?`,
    )
    .all(snapshot, key, page.after === null ? -1 : numberOf(page.after), page.limit + 1);
  const cut = cutPage(rows, page.limit, (row) => String(row.n));
  return { rows: cut.rows.map(openPath), next: cut.next };
}

/** Paths of one principal by key. The rights are few and shared by keys: they are found first. */
export function principalAccess(
  db: ReadableDb,
  snapshot: string,
  principal: string,
  page: PageInput,
): Page<AccessPath> {
  const [key, n] = (page.after ?? '\n-1').split('\n');
  const rows = db
    .prepare<(string | number)[], PathRow>(
      `SELECT k.key, k.n, r.principal, r.principal_kind, r.kind_reason, r.access, r.use_kind, r.via, r.actions,
              r.conditions, r.certainty, r.detail, e.cites
         FROM access_right_of_key k
         JOIN access_right r ON r.snapshot = k.snapshot AND r.id = k.path
         JOIN access_evidence e ON e.snapshot = k.snapshot AND e.key = k.key
        WHERE k.snapshot = ? AND (k.key, k.n) > (?, ?) AND k.path IN (
          SELECT id FROM access_right WHERE snapshot = ? AND principal = ?)
        ORDER BY k.key, k.n LIMIT ?`,
    )
    .all(snapshot, key!, numberOf(n ?? ''), snapshot, principal, page.limit + 1);
  const cut = cutPage(rows, page.limit, (row) => `${row.key}\n${row.n}`);
  return { rows: cut.rows.map(openPath), next: cut.next };
}

interface Granted {
  key: string;
  administer: number;
  use: number;
  grant: number;
  allowed: number;
  conditional: number;
}

/** What one principal may do on each key, beside what the logs say it did there. */
export function grantedAndUsed(db: ReadableDb, snapshot: string, principal: string, page: PageInput) {
  const granted = db
    .prepare<(string | number)[], Granted>(
      `SELECT k.key, max(r.access = 'administer') AS administer, max(r.access = 'use') AS use,
              max(r.access = 'grant') AS "grant", max(r.certainty = 'allowed') AS allowed,
              max(r.certainty = 'conditional') AS conditional
         FROM access_right_of_key k JOIN access_right r ON r.snapshot = k.snapshot AND r.id = k.path
        WHERE k.snapshot = ? AND k.key > ? AND k.path IN (
          SELECT id FROM access_right WHERE snapshot = ? AND principal = ?)
        GROUP BY k.key ORDER BY k.key LIMIT ?`,
    )
    .all(snapshot, page.after ?? '', snapshot, principal, page.limit + 1);
  const cut = cutPage(granted, page.limit, (row) => row.key);
  const used = db.prepare<[number, number], { service: string; name: string; events: number; last: number }>(
    `SELECT o.service, o.name, sum(t.events) AS events, max(t.last) AS last FROM usage_day t
       JOIN usage_operation o ON o.id = t.operation
      WHERE t.key = ? AND t.principal = ? GROUP BY t.operation ORDER BY o.name`,
  );
  const who = dimensionId('usage_principal', principal);
  return {
    rows: cut.rows.map((row) => {
      const uses = used.all(dimensionId('usage_key', row.key), who);
      const last = uses.reduce((most, use) => Math.max(most, use.last), 0);
      return {
        key: row.key,
        rights: (['administer', 'use', 'grant'] as const).filter((right) => row[right] === 1),
        certainty: row.allowed
          ? ('allowed' as const)
          : row.conditional
            ? ('conditional' as const)
            : ('unknown' as const),
        events: uses.reduce((sum, use) => sum + use.events, 0),
        operations: uses.map((use) => use.name),
        last: last === 0 ? null : new Date(last).toISOString(),
      };
    }),
    next: cut.next,
  };
}

function openPath(row: PathRow): AccessPath {
  const path = {
    key: row.key,
    n: row.n,
    principal: row.principal,
    principalKind: row.principal_kind,
    kindReason: row.kind_reason,
    access: row.access,
    useKind: row.use_kind,
    via: row.via,
    actions: JSON.parse(row.actions) as string[],
    conditions: row.conditions,
    certainty: row.certainty,
    detail: row.detail,
    cites: JSON.parse(row.cites) as number[],
  };
  return { ...path, sentence: sentenceOf(path) };
}

function numberOf(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value)) return value;
  throw new Refusal(
    'input',
    'BAD_INPUT',
    'cannot go on after this row: give what the page before gave as next.',
  );
}
