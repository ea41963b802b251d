import { cutPage } from '../../../db/derived/page.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { compareSnapshots, type Comparison } from '../../review/compare.ts';
import { chosenSnapshot } from '../snapshot-choice.ts';
import type { Reads } from './read.ts';

/** The last comparison of each open file: pages of one come one after the other. */
const last = new WeakMap<ReadableDb, { of: string; comparison: Comparison }>();

export const compareReads: Reads<'compare.summary' | 'compare.keys'> = {
  'compare.summary'(db, input) {
    const { from, to, keys, unchanged, notComparable } = compared(db, input);
    const count = (change: string) => keys.filter((key) => key.change === change).length;
    return {
      ...{ from, to, unchanged },
      ...{ added: count('added'), removed: count('removed'), changed: count('changed') },
      notComparable: notComparable.slice(0, 500),
    };
  },
  'compare.keys'(db, input) {
    const { keys } = compared(db, input);
    const start = input.after === null ? 0 : keys.findIndex(({ key }) => key === input.after) + 1;
    const rows = keys.slice(start, start + input.limit + 1);
    return cutPage(rows, input.limit, ({ key }) => key);
  },
};

function compared(db: ReadableDb, input: { from: string; to: string }): Comparison {
  const [from, to] = [chosenSnapshot(db, input.from).id, chosenSnapshot(db, input.to).id];
  // Any commit makes another version, and with it another comparison.
  const of = [from, to, db.pragma('data_version', { simple: true })].join('\n');
  const known = last.get(db);
  if (known?.of === of) return known.comparison;
  const comparison = compareSnapshots({ db, snapshot: from }, { db, snapshot: to });
  last.set(db, { of, comparison });
  return comparison;
}
