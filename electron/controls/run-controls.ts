import { withLargeCache } from '../../db/derived/large-cache.ts';
import { inserter } from '../../db/derived/write.ts';
import type { WritableDb } from '../../db/handle.ts';
import type { LogFacts } from '../derive/log-facts.ts';
import { readLogFacts } from '../derive/read-log-facts.ts';
import { readAccessFacts, type AccessFacts } from './access-facts.ts';
import { controlContext } from './context.ts';
import type { Control, Result } from './control.ts';
import { CONTROLS } from './index.ts';

/** What the tests of one snapshot are put to. */
export interface RunControls {
  snapshot: string;
  /** What logs and access say; read from the derived tables when left out. */
  logs?: LogFacts;
  access?: AccessFacts;
  /** All controls when left out. */
  controls?: readonly Control[];
}

/**
 * Runs tests of controls on derived rows and writes their results, replacing earlier ones of the snapshot.
 * Deterministic: same rows, same results.
 *
 * @returns number of answers written.
 */
export function runControls(db: WritableDb, options: RunControls): number {
  const { snapshot, controls = CONTROLS } = options;
  const logs = options.logs ?? readLogFacts(db, snapshot);
  const access = options.access ?? readAccessFacts(db, snapshot);
  const run = db.transaction(() => {
    db.prepare('DELETE FROM test_result WHERE snapshot = ?').run(snapshot);
    const context = controlContext(db, snapshot, logs, access);
    const insert = inserter(db, 'test_result', [
      ...([
        'snapshot',
        'control',
        'subject',
        'at',
        'subject_kind',
        'result',
        'reason',
        'code',
        'cites',
      ] as const),
    ]);
    let written = 0;
    for (const control of controls) {
      for (const result of control.test(context)) {
        const { subject, subjectKind, at, result: outcome, reason, code, cites } = timed(result, context);
        insert({
          ...{ snapshot, control: control.id, subject, at, subject_kind: subjectKind, result: outcome },
          ...{
            reason,
            code: code ?? null,
            cites: JSON.stringify([...new Set(cites)].sort((a, b) => a - b)),
          },
        });
        written += 1;
      }
    }
    return written;
  });
  return withLargeCache(db, () => run.immediate());
}

/** An engagement as of a date (Type 1) has no period to answer for. */
function timed(result: Result, context: { engagement: { type: 1 | 2 } }): Result {
  if (result.at === 'collection' || context.engagement.type === 2) return result;
  return {
    ...result,
    result: 'not-applicable',
    reason: 'The engagement is as of a date (Type 1): there is no period to answer for.',
    code: null,
    cites: [],
  };
}
