import { grantsOf } from '../../../db/derived/access.ts';
import { sumUsage } from '../../../db/derived/event-queries.ts';
import { dimensionId } from '../../../db/derived/events.ts';
import { gapsOfKey } from '../../../db/derived/gaps.ts';
import {
  aliasesOf,
  answersOf,
  getKey,
  policyOf,
  rotationsOf,
  tagsOf,
  type KeyRow,
} from '../../../db/derived/keys.ts';
import { changesOf } from '../../../db/derived/logging.ts';
import { resultsOf } from '../../../db/derived/results.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import type { KeyDetail, KeyFacet } from '../../api/keys.ts';
import { cardBlob } from '../service/blobs.ts';
import { Refusal } from '../service/refusal.ts';
import { openExchange } from './exchange.ts';
import { keyAccess } from './access-rows.ts';
import { factsOf } from './key-facts.ts';
import { queryKeys } from './key-query.ts';
import { keyListRows, ownersOf } from './key-rows.ts';
import { FACET_SQL, whereOf, type Where } from './key-where.ts';
import { iso, type Reads } from './read.ts';
import { resultOf } from './result-rows.ts';
import { snapshotOf } from './snapshot.ts';

/** Values of a facet that are listed. */
const MOST_VALUES = 100;
/** Days since 1970 far beyond any event. */
const LAST_DAY = 1_000_000;
const DAY_MS = 86_400_000;

export const keyReads: Reads<
  | 'keys.query'
  | 'keys.count'
  | 'keys.facets'
  | 'keys.detail'
  | 'keys.exchange'
  | 'keys.usage'
  | 'keys.access'
  | 'keys.exceptions'
  | 'keys.card'
> = {
  'keys.query'(db, input) {
    const snapshot = snapshotOf(db, input);
    const { rows, next } = queryKeys(db, snapshot, input);
    return { rows: keyListRows(db, snapshot, rows), next };
  },
  'keys.count'(db, input) {
    const snapshot = snapshotOf(db, input);
    const count = countKeys(db, whereOf(snapshot, input.filter));
    const all = whereOf(snapshot, { facets: {}, search: '', belongs: input.filter.belongs });
    return { count, of: countKeys(db, all) };
  },
  'keys.facets'(db, input) {
    const snapshot = snapshotOf(db, input);
    return {
      facets: input.facets.map((facet) => ({
        facet,
        values: facetValues(db, snapshot, facet, whereOf(snapshot, input.filter, facet)),
      })),
    };
  },
  'keys.detail'(db, input) {
    const snapshot = snapshotOf(db, input);
    return detail(db, snapshot, keyOf(db, snapshot, input.id));
  },
  'keys.exchange': (db, { seq }) => openExchange(db, seq),
  'keys.usage'(db, { id }) {
    const number = dimensionId('usage_key', id);
    const days = db
      .prepare<[number], { day: number; service: string; name: string; events: number }>(
        `SELECT t.day, o.service, o.name, sum(t.events) AS events FROM usage_day t
           JOIN usage_operation o ON o.id = t.operation
          WHERE t.key = ? GROUP BY t.day, t.operation ORDER BY t.day, o.service, o.name`,
      )
      .all(number);
    const sums = sumUsage(db, 0, LAST_DAY, id);
    const first = sums.reduce<number | null>((least, s) => Math.min(least ?? s.first, s.first), null);
    const last = sums.reduce<number | null>((most, s) => Math.max(most ?? s.last, s.last), null);
    return {
      days: days.map(({ day, ...row }) => ({ day: iso(day * DAY_MS).slice(0, 10), ...row })),
      sums: sums.map(({ key: _key, ...sum }) => ({ ...sum, first: iso(sum.first), last: iso(sum.last) })),
      events: sums.reduce((total, sum) => total + sum.events, 0),
      first: first === null ? null : iso(first),
      last: last === null ? null : iso(last),
    };
  },
  'keys.access': (db, input) => keyAccess(db, snapshotOf(db, input), input.id, input),
  'keys.card'(db, input) {
    const snapshot = snapshotOf(db, input);
    return { card: cardBlob(db, snapshot, keyOf(db, snapshot, input.id)) };
  },
  'keys.exceptions'(db, input) {
    const results = resultsOf(db, snapshotOf(db, input), input.id);
    return { results: results.filter((row) => row.result === 'exception').map(resultOf) };
  },
};

function countKeys(db: ReadableDb, where: Where): number {
  return (
    db
      .prepare<(string | number)[], number>(`SELECT count(*) FROM key WHERE ${where.sql}`)
      .pluck()
      .get(...where.values) ?? 0
  );
}

function facetValues(db: ReadableDb, snapshot: string, facet: KeyFacet, where: Where) {
  type Value = { value: string | null; keys: number };
  if (facet !== 'exception') {
    return db
      .prepare<(string | number)[], Value>(
        `SELECT ${FACET_SQL[facet]} AS value, count(*) AS keys FROM key WHERE ${where.sql}
          GROUP BY 1 ORDER BY keys DESC, value LIMIT ${MOST_VALUES}`,
      )
      .all(...where.values);
  }
  const tests = db
    .prepare<(string | number)[], Value>(
      `SELECT t.control AS value, count(DISTINCT t.subject) AS keys FROM test_result t
         JOIN key ON key.snapshot = t.snapshot AND key.id = t.subject
        WHERE t.snapshot = ? AND t.result = 'exception' AND ${where.sql}
        GROUP BY t.control ORDER BY keys DESC, value`,
    )
    .all(snapshot, ...where.values);
  const none = db
    .prepare<(string | number)[], number>(
      `SELECT count(*) FROM key WHERE ${where.sql}
          AND key.id NOT IN (SELECT subject FROM test_result WHERE snapshot = ? AND result = 'exception')`,
    )
    .pluck()
    .get(...where.values, snapshot);
  return [...tests, { value: 'none', keys: none ?? 0 }];
}

function keyOf(db: ReadableDb, snapshot: string, id: string): KeyRow {
  const row = getKey(db, snapshot, id);
  if (row) return row;
  throw new Refusal(
    'refused',
    'NOT_FOUND',
    `cannot show key ${id}: snapshot ${snapshot} has none of that id.`,
  );
}

function detail(db: ReadableDb, snapshot: string, row: KeyRow): KeyDetail {
  const policy = policyOf(db, snapshot, row.id);
  const answers = answersOf(db, snapshot, row.id);
  return {
    key: keyListRows(db, snapshot, [row])[0]!,
    facts: factsOf(row, answers),
    owner: ownersOf(db, snapshot, [row.id]).get(row.id) ?? null,
    aliases: aliasesOf(db, snapshot, row.id),
    tags: tagsOf(db, snapshot, row.id),
    answers: answers.map(({ key: _key, ...answer }) => answer),
    rotations: rotationsOf(db, snapshot, row.id).map(
      ({ key: _key, import_state, valid_to, ...rotation }) => ({
        ...rotation,
        importState: import_state,
        validTo: valid_to,
      }),
    ),
    policy: policy ? { name: policy.name, sha256: policy.sha256, text: policy.text, seq: policy.seq } : null,
    grants: grantsOf(db, snapshot, row.id).map((grant) => ({
      id: grant.grant_id,
      name: grant.name,
      grantee: grant.grantee,
      granteeService: grant.grantee_service,
      retiring: grant.retiring ?? grant.retiring_service,
      issuingAccount: grant.issuing_account,
      created: grant.created,
      operations: grant.operations,
      constraints: grant.constraints as KeyDetail['grants'][number]['constraints'],
      seq: grant.seq,
    })),
    changes: changesOf(db, snapshot, row.id).map(({ at, setting, value, event, actor, seq }) => ({
      ...{ at, setting, value, event, actor, seq },
    })),
    results: resultsOf(db, snapshot, row.id).map(resultOf),
    gaps: gapsOfKey(db, snapshot, row.id),
  };
}
