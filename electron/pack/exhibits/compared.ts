import type { ReadableDb } from '../../../db/handle.ts';
import { snapshotBefore } from '../../engagement/view.ts';
import { compareSnapshots, type Comparison } from '../../review/compare.ts';
import { csvFile, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';

const HEADER = [
  'key',
  'key_change',
  'what',
  'name',
  'change',
  'before',
  'after',
  'explained_by',
  'ledger_entries',
];

/** What changed since the snapshot before; nothing for the first one, or when it asked other sources. */
export function comparedFiles(db: ReadableDb, snapshot: string): PackFile[] {
  const before = snapshotBefore(db, snapshot);
  if (!before) return [];
  return [
    {
      path: `data/1-key-configuration/changes-since-${before.id}.csv`,
      content: () => csvFile(HEADER, rows(compareSnapshots({ db, snapshot: before.id }, { db, snapshot }))),
    },
  ];
}

function* rows({ keys, notComparable }: Comparison): Generator<Cell[]> {
  for (const { key, change, fields, policy, access, explainedBy } of keys) {
    const why = explainedBy
      .map(({ at, event, actor }) => `${at} ${event} by ${actor ?? 'somebody not named'}`)
      .join('; ');
    const cites = explainedBy.map(({ seq }) => seq).join(' ');
    const line = (
      what: string,
      name: string,
      how: string,
      before: string | null,
      after: string | null,
    ): Cell[] => [...[key, change, what, name, how, before, after, why, cites]];
    if (change !== 'changed') yield line('key', '', change, null, null);
    for (const f of fields) yield line('field', f.field, 'changed', f.before, f.after);
    for (const s of policy) yield line('policy statement', s.statement, s.change, s.before, s.after);
    for (const a of access) yield line('access', `${a.principal} ${a.right}`, a.change, null, a.how);
  }
  for (const { key, what } of notComparable)
    yield [key, 'not comparable', what, '', '', null, null, null, null];
}
