import { inserter } from '../../db/derived/write.ts';
import type { WritableDb } from '../../db/handle.ts';
import { membersOf } from '../engagement/view.ts';

/**
 * Adds to a view's population the keys that a member lists and the newest collection of the source does not: they
 * existed in the period or before it. What they are at collection is not known, so they stand like keys that only logs
 * name. Members must have been derived before.
 */
export function deriveFormerKeys(db: WritableDb, snapshot: string): void {
  const members = membersOf(db, snapshot);
  if (members.length === 1) return;
  const former = db.prepare<[string, string], Former>(
    `SELECT id, provider, source, account, region, native_id, manager, created, seq FROM key
      WHERE snapshot = ? AND belongs = 'inventory' AND basis <> 'logged'
        AND id NOT IN (SELECT id FROM key WHERE snapshot = ?) ORDER BY id`,
  );
  const insert = inserter(db, 'key', [
    ...(['snapshot', 'id', 'provider', 'source', 'basis', 'account', 'region', 'native_id'] as const),
    ...(['belongs', 'listed_start', 'listed_end', 'description', 'manager', 'created', 'seq'] as const),
  ]);
  // The latest member that knows a key tells of it.
  for (const run of [...members].reverse()) {
    for (const key of former.all(run, snapshot)) {
      insert({
        ...{ ...key, snapshot, basis: 'logged', belongs: 'inventory', listed_start: 0, listed_end: 0 },
        description: `Known from snapshot ${run}; the newest collection of its source does not list it.`,
      });
    }
  }
}

interface Former {
  id: string;
  provider: string;
  source: string;
  account: string;
  region: string;
  native_id: string;
  manager: string | null;
  created: string | null;
  seq: number | null;
}
