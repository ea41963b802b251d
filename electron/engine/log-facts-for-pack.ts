import type { ReadableDb } from '../../db/handle.ts';
import type { PackOptions } from '../pack/build-pack.ts';

/** What the logs of a snapshot contribute to its pack. */
export function logFactsForPack(_db: ReadableDb, _snapshot: string): PackOptions['logs'] {
  return {
    coverage: [],
    coveragePercent: null,
    changes: { events: [], total: 0, file: 'data/3-usage-logs/changes.csv' },
    unlisted: [],
    usageOf: () => ({ bins: [], total: 0, statement: 'No log of key use was analysed.', operations: [] }),
    files: [],
    tables: [],
  };
}
