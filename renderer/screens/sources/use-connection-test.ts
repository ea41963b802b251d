import { useCallback, useState } from 'react';
import type { ConnectionTest } from '../../../electron/api/sources.ts';
import { jobResult } from '../../client/jobs.ts';
import { invoke } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';

/** Where a test of a source stands. */
export type TestState =
  | { at: 'none' }
  | { at: 'running' }
  | { at: 'failed'; error: unknown }
  | { at: 'done'; result: ConnectionTest };

/** Tests a source with real calls. */
export function useConnectionTest(): { test: TestState; run: (id: string) => Promise<void> } {
  const [test, setTest] = useState<TestState>({ at: 'none' });
  const run = useCallback(async (id: string) => {
    setTest({ at: 'running' });
    try {
      const { job } = await invoke('sources.test', { id, operator: await currentOperator() });
      setTest({ at: 'done', result: await jobResult<ConnectionTest>(job) });
    } catch (error) {
      setTest({ at: 'failed', error });
    }
  }, []);
  return { test, run };
}
