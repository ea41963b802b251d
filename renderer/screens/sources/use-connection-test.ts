import { useCallback, useState } from 'react';
import type { ConnectionTest } from '../../../electron/api/sources.ts';
import { jobResult } from '../../client/jobs.ts';
import { invoke } from '../../client/query.ts';
import { currentOperator, openEngagement } from '../../client/session.ts';
import { askSecrets } from './secrets.ts';

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
    const open = openEngagement.get();
    const source = open?.sources.find((candidate) => candidate.id === id);
    const secrets = await askSecrets(source ? [source] : [], open?.engagement.sample ?? false);
    if (secrets === null) return;
    setTest({ at: 'running' });
    try {
      const { job } = await invoke('sources.test', { id, operator: await currentOperator(), secrets });
      setTest({ at: 'done', result: await jobResult<ConnectionTest>(job) });
    } catch (error) {
      setTest({ at: 'failed', error });
    }
  }, []);
  return { test, run };
}
