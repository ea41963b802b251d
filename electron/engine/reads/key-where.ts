import type { KeyFacet, KeyFilter } from '../../api/keys.ts';

/** What each facet is in SQL; values are text or null. */
export const FACET_SQL: Record<Exclude<KeyFacet, 'exception'>, string> = {
  provider: 'provider',
  source: 'source',
  account: 'account',
  region: 'region',
  state: 'state',
  manager: 'manager',
  algorithm: 'algorithm',
  usage: 'usage',
  origin: 'origin',
  materialHolder: 'material_holder',
  multiRegion: 'multi_region',
  basis: 'basis',
  rotation: `CASE WHEN rotation_support IN ('manual', 'with-primary', 'provider') THEN rotation_support
                  WHEN rotation_enabled = 1 THEN 'on' WHEN rotation_enabled = 0 THEN 'off' ELSE 'unknown' END`,
};

/** A condition on rows of `key` with its values. */
export interface Where {
  sql: string;
  values: (string | number)[];
}

/** The filter as a condition; `except` leaves one facet out, for counting its own values. */
export function whereOf(snapshot: string, filter: KeyFilter, except?: KeyFacet): Where {
  const parts = ['key.snapshot = ?', 'key.belongs = ?'];
  const values: (string | number)[] = [snapshot, filter.belongs];
  for (const [facet, wanted] of Object.entries(filter.facets) as [KeyFacet, (string | null)[]][]) {
    if (facet === except) continue;
    const part = facet === 'exception' ? exceptionIn(snapshot, wanted) : facetIn(FACET_SQL[facet], wanted);
    parts.push(part.sql);
    values.push(...part.values);
  }
  const search = filter.search.trim().toLowerCase();
  if (search !== '') {
    parts.push(`(instr(lower(key.id), ?) OR instr(lower(coalesce(key.description, '')), ?) OR EXISTS (
      SELECT 1 FROM key_alias a WHERE a.snapshot = key.snapshot AND a.key = key.id AND instr(lower(a.name), ?)))`);
    values.push(search, search, search);
  }
  return { sql: parts.join(' AND '), values };
}

function facetIn(column: string, wanted: (string | null)[]): Where {
  const named = wanted.filter((value) => value !== null);
  const parts = [
    ...(named.length > 0 ? [`${column} IN (${named.map(() => '?').join(', ')})`] : []),
    ...(wanted.includes(null) ? [`${column} IS NULL`] : []),
  ];
  return { sql: `(${parts.join(' OR ')})`, values: named };
}

/** Keys with an exception in one of these tests; `none`: with no exception in any. */
function exceptionIn(snapshot: string, wanted: (string | null)[]): Where {
  const tests = wanted.filter((value): value is string => value !== null && value !== 'none');
  const parts: string[] = [];
  const values: string[] = [];
  if (tests.length > 0) {
    parts.push(`key.id IN (SELECT subject FROM test_result WHERE snapshot = ? AND result = 'exception'
      AND control IN (${tests.map(() => '?').join(', ')}))`);
    values.push(snapshot, ...tests);
  }
  if (wanted.some((value) => value === null || value === 'none')) {
    parts.push(`key.id NOT IN (SELECT subject FROM test_result WHERE snapshot = ? AND result = 'exception')`);
    values.push(snapshot);
  }
  return { sql: `(${parts.join(' OR ')})`, values };
}
