import type { CollectSettings } from '../engagement/collection.ts';
import type { Engagement, Source } from '../engagement/engagement.ts';
import { createAgents, defaultNetwork, describeNetwork, type Agents } from '../recorder/agents.ts';
import type { Finals } from '../recorder/finals.ts';
import { canBeAsked, providerOf, providers } from '../providers/index.ts';
import type { Accounts } from './accounts.ts';
import { defaultRetryLimits } from './back-off.ts';
import { createBudgets, type Budgets } from './budgets.ts';
import { systemClock } from './clock.ts';
import type { RunControl } from './control.ts';
import { CollectError } from './error.ts';
import { createNoteTaker } from './notes.ts';
import type { ProgressTracker } from './progress.ts';
import { defaultConcurrency, type RunOptions } from './run-options.ts';
import { createSlots, type Slots } from './slots.ts';
import type { SourceRun } from './source-run.ts';

/** What the sources of one run share: rate budgets, connections, calls in flight. */
export interface Shared {
  options: RunOptions;
  settings: CollectSettings;
  snapshot: string;
  startedAt: Date;
  finals: Finals;
  control: RunControl;
  budgets: Budgets;
  slots: Slots;
  fileSlots: Slots;
  agents: Agents;
  accounts: Accounts;
}

export function createShared(
  options: RunOptions,
  settings: CollectSettings,
  run: Pick<Shared, 'snapshot' | 'startedAt' | 'finals' | 'control' | 'accounts'>,
): Shared {
  const concurrency = options.concurrency ?? defaultConcurrency;
  return {
    ...run,
    options,
    settings,
    budgets: createBudgets(settings.quotas, options.clock ?? systemClock),
    slots: createSlots(concurrency.calls),
    fileSlots: createSlots(concurrency.files),
    agents: createAgents(options.network),
  };
}

/** How this run is set up, for the ledger. What steers the questions comes from the snapshot's first run. */
export function settingsOf(
  options: RunOptions,
  first: Pick<CollectSettings, 'quotas' | 'usageEventBudget'>,
): CollectSettings {
  const { quotas, usageEventBudget } = first;
  return {
    quotas,
    usageEventBudget,
    network: describeNetwork(options.network ?? defaultNetwork),
    ignoredEnvironment: ignoredEnvironment(),
  };
}

/** What was set for any provider: it could have reached a library all the same. */
function ignoredEnvironment(): string[] {
  return [...new Set(providers().flatMap((provider) => provider.ignoredEnvironment()))].sort();
}

/** @param own aborts this source alone; `signal` is that or the end of the whole run */
export function sourceRun<S extends Source>(
  shared: Shared,
  source: S,
  own: AbortController,
  signal: AbortSignal,
  tracker: ProgressTracker,
): SourceRun<S> {
  const { options, settings, snapshot, startedAt, agents } = shared;
  const { writer, operator, engagement } = options;
  const { finals, control, budgets, slots, fileSlots } = shared;
  return {
    source,
    period: engagement.period,
    startedAt,
    settings,
    writer,
    accounts: shared.accounts,
    recorder: { writer, ingestLines: options.ingestLines ?? null, now: () => new Date() },
    network: options.network ?? defaultNetwork,
    agents,
    asking: {
      snapshot,
      source: source.id,
      finals,
      budgets,
      slots,
      fileSlots,
      control,
      signal,
      stop: (reason) => own.abort(reason),
      clock: options.clock ?? systemClock,
      retries: options.retries ?? defaultRetryLimits,
      tracker,
      note: createNoteTaker(writer, operator, snapshot, source.id),
    },
  };
}

/** Evidence must not silently come from somewhere else. @throws CollectError SAMPLE_ENDPOINT */
export function refuseSampleEndpoint(engagement: Engagement, source: Source): void {
  if (!canBeAsked(source)) return;
  if (providerOf(source).sampleEndpoint(source) !== null && !engagement.sample) {
    throw new CollectError(
      'SAMPLE_ENDPOINT',
      `cannot collect source ${source.id}: it points to the sample environment, and the engagement is not a sample. ` +
        'Remove the source, or use a sample engagement.',
    );
  }
}
