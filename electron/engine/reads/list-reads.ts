import type { ReadableDb } from '../../../db/handle.ts';
import { cutPage } from '../../../db/derived/page.ts';
import { getKey } from '../../../db/derived/keys.ts';
import { accessRows, coverageCaveat } from '../../review/access-rows.ts';
import { compareSnapshots, type Comparison } from '../../review/compare.ts';
import { chosenSnapshot } from '../snapshot-choice.ts';
import { keySets } from '../../review/key-sets.ts';
import { reconcile } from '../../review/reconcile.ts';
import type { Reads } from './read.ts';
import { snapshotOf } from './snapshot.ts';

export const listReads: Reads<
  'systems.reconcile' | 'keySets.list' | 'access.reviewed' | 'compare.snapshots'
> = {
  'systems.reconcile': (db, input) => ({ reconciliation: reconcile(db, snapshotOf(db, input)) }),
  'keySets.list': (db) => ({ sets: [...keySets(db).values()].map(({ id, value }) => ({ id, ...value })) }),
  'access.reviewed'(db, { key, after, limit, ...input }) {
    const snapshot = snapshotOf(db, input);
    const all = [...accessRows(db, snapshot, key)];
    const idOf = (row: (typeof all)[number]) => `${row.principal}\n${row.right}`;
    const start = after === null ? 0 : all.findIndex((row) => idOf(row) === after) + 1;
    const { account = '', region = '' } = getKey(db, snapshot, key) ?? {};
    return {
      ...cutPage(all.slice(start, start + limit + 1), limit, idOf),
      coverage: coverageCaveat(db, snapshot)(account, region),
    };
  },
  'compare.snapshots'(db, { from, to, after, limit }) {
    const { keys, ...comparison } = compared(db, from, to);
    const counted = (change: string) => keys.filter((key) => key.change === change).length;
    const start = after === null ? 0 : keys.findIndex((key) => key.key === after) + 1;
    return {
      ...comparison,
      ...{ added: counted('added'), removed: counted('removed'), changed: counted('changed') },
      ...cutPage(keys.slice(start, start + limit + 1), limit, (key) => key.key),
    };
  },
};

/** The last comparison of each open file: pages of one come one after the other. */
const last = new WeakMap<ReadableDb, { of: string; comparison: Comparison }>();

function compared(db: ReadableDb, earlier: string, later: string): Comparison {
  const [from, to] = [chosenSnapshot(db, earlier).id, chosenSnapshot(db, later).id];
  // Any commit makes another version, and with it another comparison.
  const of = [from, to, db.pragma('data_version', { simple: true })].join('\n');
  const known = last.get(db);
  if (known?.of === of) return known.comparison;
  const comparison = compareSnapshots({ db, snapshot: from }, { db, snapshot: to });
  last.set(db, { of, comparison });
  return comparison;
}
