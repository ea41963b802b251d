import type { ReadableDb } from '../../../db/handle.ts';
import { currentEngagement, currentSources, snapshots } from '../../engagement/current.ts';
import { declared } from '../../engagement/declarations.ts';
import type { PackFile } from '../files/pack-file.ts';

/** data/0-scope/: what was to be audited, from where, measured against what. */
export function scopeFiles(db: ReadableDb): PackFile[] {
  return [
    {
      path: 'data/0-scope/engagement.json',
      content: () => {
        const engagement = currentEngagement(db);
        const history = declared(db, 'engagement').map(({ seq, at, by }) => ({ ledgerEntry: seq, at, by }));
        const document = {
          engagement,
          declaredAt: history,
          sources: currentSources(db),
          snapshots: snapshots(db),
        };
        return `${JSON.stringify(document, null, 2)}\n`;
      },
    },
  ];
}
