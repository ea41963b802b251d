import { setMaxListeners } from 'node:events';
import { providerOf } from '../providers/index.ts';
import type { AskedSource, ConnectionTest } from '../providers/provider.ts';
import { Finals } from '../recorder/finals.ts';
import { createAccounts } from './accounts.ts';
import { createRunControl } from './control.ts';
import { createTracker } from './progress.ts';
import type { RunOptions } from './run-options.ts';
import { createShared, refuseSampleEndpoint, settingsOf, sourceRun } from './set-up-source.ts';

/**
 * Tries a source: who asks, and which permissions are there. Its calls are exchanges of no snapshot, under the label
 * `connection-test`.
 *
 * @throws CollectError SAMPLE_ENDPOINT, CREDENTIALS, CANCELLED
 */
export async function testSource(
  options: RunOptions & { source: AskedSource; signal?: AbortSignal },
): Promise<ConnectionTest> {
  const { source, engagement } = options;
  refuseSampleEndpoint(engagement, source);
  const control = createRunControl(options.signal);
  const own = new AbortController();
  const signal = AbortSignal.any([control.signal, own.signal]);
  setMaxListeners(0, signal);
  const settings = settingsOf(options, { quotas: options.quotas ?? 'provider', usageEventBudget: 0 });
  const shared = createShared(options, settings, {
    snapshot: '',
    startedAt: new Date(),
    finals: new Finals(),
    control,
    accounts: createAccounts([source.id]),
  });
  try {
    const tracker = createTracker(source.id, () => {});
    const run = sourceRun(shared, source, own, signal, tracker);
    return await providerOf(source).test(run, options.credentialsFor?.(source) ?? null);
  } finally {
    shared.agents.destroy();
  }
}
