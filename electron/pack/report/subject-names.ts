import type { ReadableDb } from '../../../db/handle.ts';
import type { Subject } from '../pdf/report-model.ts';
import { pageId } from './key-part.ts';

/** Short names for what results are about. */
export interface SubjectNames {
  of: (subject: string, kind: string) => Subject;
}

/**
 * A key with a page of its own is called by its first name, with region or account where that name is used twice; its
 * page has the full id. Every other subject is called by its full id.
 */
export function subjectNames(db: ReadableDb, snapshot: string, keyPages: ReadonlySet<string>): SubjectNames {
  const rows = db
    .prepare<
      [string],
      { id: string; native_id: string; account: string; region: string; alias: string | null }
    >(
      `SELECT id, native_id, account, region,
              (SELECT min(name) FROM key_alias a WHERE a.snapshot = k.snapshot AND a.key = k.id) AS alias
         FROM key k WHERE snapshot = ? AND belongs = 'inventory'`,
    )
    .all(snapshot);
  const shortName = (row: (typeof rows)[number]) => row.alias?.replace(/^alias\//, '') ?? row.native_id;
  const uses = new Map<string, typeof rows>();
  for (const row of rows) uses.set(shortName(row), [...(uses.get(shortName(row)) ?? []), row]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    of: (subject, kind) => {
      const row = byId.get(subject);
      if (!row || !keyPages.has(subject)) return { label: subject, detail: kind };
      const name = shortName(row);
      const others = uses.get(name)!.filter((other) => other.id !== row.id);
      const sameAccount = others.some((other) => other.account === row.account);
      const sameRegion = others.some((other) => other.region === row.region);
      const where = [...(sameRegion ? [row.account] : []), ...(sameAccount ? [row.region] : [])];
      const label = others.length === 0 ? name : `${name} (${where.join(', ') || row.account})`;
      return { label, detail: kind, keyPage: pageId(subject) };
    },
  };
}
