import type { ReadableDb } from '../../db/handle.ts';
import { membersJson } from '../engagement/view.ts';
import { currentEngagement } from '../engagement/current.ts';
import type { PackOptions } from '../pack/build-pack.ts';
import { DERIVATIONS, placeOfKey } from '../derive/derivations.ts';
import { usageTables } from '../pack/exhibits/usage.ts';
import { coverageOf, coverageParts, coveragePercent } from '../pack/report/coverage-part.ts';
import { changesPart, keyUsage } from '../pack/report/usage-part.ts';

/** What the logs of a snapshot contribute to its pack. */
export function logFactsForPack(db: ReadableDb, snapshot: string): PackOptions['logs'] {
  const { period } = currentEngagement(db);
  const coverage = coverageParts(db, snapshot, period);
  const keys = db
    .prepare<[string], { id: string; account: string; region: string }>(
      'SELECT id, account, region FROM key WHERE snapshot = ?',
    )
    .all(snapshot);
  const places = new Map(keys.map((key) => [key.id, key]));
  const perPlace = new Map<string, ReturnType<typeof coverageOf>>();
  const coveredIn = (account: string, region: string) => {
    const place = `${account} ${region}`;
    let covered = perPlace.get(place);
    if (!covered) perPlace.set(place, (covered = coverageOf(db, snapshot, account, region)));
    return covered;
  };
  return {
    coverage,
    coveragePercent: coveragePercent(coverage),
    changes: changesPart(db, snapshot, period, new Set(places.keys())),
    unlisted: unlistedKeys(db, snapshot),
    usageOf: (id) => {
      const { account = '', region = '' } = places.get(id) ?? {};
      return keyUsage(db, period, { id }, coveredIn(account, region));
    },
    files: usageTables(db, snapshot, period),
    tables: [],
  };
}

/** Keys that logs name and no list has, with the explanation. */
function unlistedKeys(db: ReadableDb, snapshot: string): PackOptions['logs']['unlisted'] {
  const rows = db
    .prepare<[string, string], { key: string; events: number }>(
      `SELECT u.key, (SELECT sum(t.events) FROM usage_day t WHERE t.key = u.id) AS events
         FROM usage_key u WHERE EXISTS (SELECT 1 FROM usage_day t WHERE t.key = u.id)
          AND NOT EXISTS (SELECT 1 FROM key k WHERE k.snapshot = ? AND k.id = u.key AND (k.listed_start = 1 OR k.listed_end = 1))
          AND EXISTS (SELECT 1 FROM usage_source s WHERE s.snapshot IN (SELECT value FROM json_each(?)))
        ORDER BY u.key`,
    )
    .all(snapshot, membersJson(db, snapshot));
  const own = new Set(
    db
      .prepare<[string], string>('SELECT DISTINCT account FROM key WHERE snapshot = ? AND listed_start = 1')
      .pluck()
      .all(snapshot),
  );
  const deletion = JSON.stringify(DERIVATIONS.flatMap((derivation) => derivation.keyEvents.deleted));
  const deleted = new Map(
    db
      .prepare<[string], { key: string; at: number }>(
        `SELECT key, max(time) AS at FROM usage_event
          WHERE name IN (SELECT value FROM json_each(?)) AND error_code IS NULL AND key IS NOT NULL GROUP BY key`,
      )
      .all(deletion)
      .map(({ key, at }) => [key, at]),
  );
  return rows.flatMap(({ key, events }) => {
    const place = placeOfKey(key);
    if (!place) return [];
    const { account, region } = place;
    const gone = deleted.get(key);
    const explanation = !own.has(account)
      ? `belongs to account ${account}, which was not collected`
      : gone
        ? `deleted on ${new Date(gone).toISOString().slice(0, 10)}`
        : 'not explained by what was collected';
    return [{ key, source: `${account} ${region}`, events, explanation }];
  });
}
