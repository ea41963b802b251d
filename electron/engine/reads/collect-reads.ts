import { completeness, regions } from '../../../db/derived/completeness.ts';
import { callCounts, countGaps, hosts, identities, listGaps } from '../../../db/derived/gaps.ts';
import { cutPage } from '../../../db/derived/page.ts';
import { statistics } from '../../pack/report/statistics.ts';
import type { Reads } from './read.ts';
import { snapshotOf } from './snapshot.ts';

export const collectReads: Reads<
  'collect.result' | 'collect.completeness' | 'collect.gaps' | 'collect.calls'
> = {
  'collect.result'(db, input) {
    const snapshot = snapshotOf(db, input);
    return {
      snapshot,
      ...statistics(db, snapshot),
      gapReasons: countGaps(db, snapshot),
      identities: identities(db, snapshot),
      hosts: hosts(db, snapshot),
    };
  },
  'collect.completeness'(db, input) {
    const snapshot = snapshotOf(db, input);
    return {
      places: completeness(db, snapshot),
      regions: regions(db, snapshot).map((region) => ({ ...region, collected: region.collected === 1 })),
    };
  },
  'collect.gaps': (db, input) => listGaps(db, snapshotOf(db, input), input),
  'collect.calls'(db, input) {
    // Operations times places: some thousands at most, so the page is cut from the whole.
    const all = callCounts(db, snapshotOf(db, input));
    const from = input.after === null ? 0 : Number(input.after);
    const { rows, next } = cutPage(all.slice(from, from + input.limit + 1), input.limit, () =>
      String(from + input.limit),
    );
    return { rows, next };
  },
};
