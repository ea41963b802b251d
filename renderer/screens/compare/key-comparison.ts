import type { OutputOf } from '../../../electron/api/contract.ts';

/** What became of one key between two snapshots. */
export type KeyComparison = OutputOf<'compare.snapshots'>['rows'][number];
