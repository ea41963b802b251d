import { dimensionId } from '../../../db/derived/events.ts';
import { cutPage } from '../../../db/derived/page.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { grantedAndUsed, principalAccess } from './access-rows.ts';
import { isoOrNull, type Reads } from './read.ts';
import { snapshotOf } from './snapshot.ts';

interface PrincipalCounts {
  principal: string;
  kind: string;
  kindReason: string;
  administer: number;
  use: number;
  grant: number;
  keys: number;
  allowed: number;
  conditional: number;
  unknown: number;
}

export const accessReads: Reads<'access.principals' | 'access.kinds' | 'access.paths' | 'access.used'> = {
  'access.principals'(db, input) {
    const snapshot = snapshotOf(db, input);
    const names = principalNames(db, snapshot, input);
    const cut = cutPage(names, input.limit, (name) => name);
    return { rows: principalRows(db, snapshot, cut.rows), next: cut.next };
  },
  'access.kinds'(db, input) {
    const kinds = db
      .prepare<[string], { kind: string; principals: number }>(
        `SELECT principal_kind AS kind, count(DISTINCT principal) AS principals FROM access_right
          WHERE snapshot = ? GROUP BY 1 ORDER BY principals DESC, kind`,
      )
      .all(snapshotOf(db, input));
    return { kinds };
  },
  'access.paths': (db, input) => principalAccess(db, snapshotOf(db, input), input.principal, input),
  'access.used': (db, input) => grantedAndUsed(db, snapshotOf(db, input), input.principal, input),
};

function principalNames(
  db: ReadableDb,
  snapshot: string,
  input: { search: string; kind: string | null; after: string | null; limit: number },
): string[] {
  const search = input.search.trim().toLowerCase();
  return db
    .prepare<(string | number)[], string>(
      `SELECT DISTINCT principal FROM access_right WHERE snapshot = ? AND principal > ?
          ${search === '' ? '' : 'AND instr(lower(principal), ?)'} ${input.kind === null ? '' : 'AND principal_kind = ?'}
        ORDER BY principal LIMIT ?`,
    )
    .pluck()
    .all(
      snapshot,
      input.after ?? '',
      ...(search === '' ? [] : [search]),
      ...(input.kind === null ? [] : [input.kind]),
      input.limit + 1,
    );
}

/** Each named principal with the number of keys per right: one pass over what keys name, for all of the page. */
function principalRows(db: ReadableDb, snapshot: string, names: readonly string[]) {
  if (names.length === 0) return [];
  const right = (access: string) =>
    `count(DISTINCT CASE WHEN r.access = '${access}' THEN k.key END) AS "${access}"`;
  const certain = (certainty: string) => `sum(r.certainty = '${certainty}') AS ${certainty}`;
  const rows = db
    .prepare<string[], PrincipalCounts>(
      `SELECT r.principal, min(r.principal_kind) AS kind, min(r.kind_reason) AS kindReason,
              ${right('administer')}, ${right('use')}, ${right('grant')}, count(DISTINCT k.key) AS keys,
              ${certain('allowed')}, ${certain('conditional')}, ${certain('unknown')}
         FROM access_right r JOIN access_right_of_key k ON k.snapshot = r.snapshot AND k.path = r.id
        WHERE r.snapshot = ? AND r.principal IN (${names.map(() => '?').join(', ')})
        GROUP BY r.principal ORDER BY r.principal`,
    )
    .all(snapshot, ...names);
  const used = db.prepare<[number], { events: number | null; last: number | null }>(
    'SELECT sum(events) AS events, max(last) AS last FROM usage_day WHERE principal = ?',
  );
  return rows.map((row) => {
    const { events, last } = used.get(dimensionId('usage_principal', row.principal))!;
    return { ...row, events, lastEvent: isoOrNull(last) };
  });
}
