import { setMaxListeners } from 'node:events';
import type { ExchangeFacts } from '../../db/ledger/entry.ts';
import { entries } from '../../db/ledger/read.ts';
import { runs, type Snapshot } from '../engagement/current.ts';
import { declare, declared } from '../engagement/declarations.ts';
import type { SnapshotOpen, Source } from '../engagement/engagement.ts';
import { loadFinals } from '../recorder/finals.ts';
import { canBeAsked, providerOf, providerOfOperation } from '../providers/index.ts';
import type { AskedSource } from '../providers/provider.ts';
import { createAccounts } from './accounts.ts';
import { createRunControl, type RunControl } from './control.ts';
import { isFinal } from './ending.ts';
import { CollectError, type CollectErrorCode } from './error.ts';
import { gapsOf, type Gap } from './gaps.ts';
import { createTracker, type OnProgress } from './progress.ts';
import type { RunOptions } from './run-options.ts';
import { createShared, refuseSampleEndpoint, settingsOf, sourceRun, type Shared } from './set-up-source.ts';

export interface CollectOptions extends RunOptions {
  /** Sources to collect; those without a collector (imported files) are passed over. */
  sources: readonly Source[];
  /** This program, as the snapshot names it. */
  tool: { name: string; version: string };
  /** Most events of key use looked up in each region (see the plan); 0 for none. Default 2,000. */
  usageEventBudget?: number;
  /** Snapshot to go on with, or absent for a new one. */
  resume?: string;
  /** Pauses, resumes and cancels; see also `signal`. */
  control?: RunControl;
  /** Cancels when it aborts. */
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** A source that stopped before its end: the snapshot stays open for it. */
export interface StoppedSource {
  source: string;
  code: CollectErrorCode;
  message: string;
}

export interface CollectResult {
  snapshotId: string;
  /**
   * complete, complete-with-gaps, failed: the snapshot is closed. cancelled, stopped: it is open and can be resumed.
   */
  state: 'complete' | 'complete-with-gaps' | 'failed' | 'cancelled' | 'stopped';
  gaps: Gap[];
  stopped: StoppedSource[];
}

const DEFAULT_USAGE_EVENTS = 2000;

/**
 * Collects all sources side by side into one snapshot of the ledger. Every call ends as an exchange; what is missing at
 * the end is a gap of the result. No other call may be in flight on the same ledger.
 *
 * @throws CollectError NO_SOURCE, SAMPLE_ENDPOINT, NOT_RESUMABLE before anything is asked. An error that is neither the
 * provider's nor the operator's (a full disk) is passed on and leaves the snapshot open.
 */
export async function collectSnapshot(options: CollectOptions): Promise<CollectResult> {
  const { writer, operator } = options;
  const control = options.control ?? createRunControl(options.signal);
  const report = options.onProgress ?? (() => {});
  for (const source of options.sources) refuseSampleEndpoint(options.engagement, source);

  const resumed = options.resume === undefined ? null : resumable(options, options.resume);
  const sources = options.sources.filter(
    (source): source is AskedSource => canBeAsked(source) && (resumed?.sources.includes(source.id) ?? true),
  );
  if (sources.length === 0) {
    throw new CollectError(
      'NO_SOURCE',
      'cannot collect: the engagement has no source that can be asked. Add one with `keywitness source add`.',
    );
  }
  await writer.recoverInterrupted();
  const snapshot = resumed ?? (await openSnapshot(options, sources));
  const settings = settingsOf(options, steering(options, snapshot.id));
  await declare(writer, operator, 'collect.settings', snapshot.id, settings);
  report({ kind: 'snapshot', snapshot: snapshot.id, state: 'open' });

  const shared = createShared(options, settings, {
    snapshot: snapshot.id,
    startedAt: new Date(snapshot.startedAt),
    finals: loadFinals(writer.db, snapshot.id, endsForGood),
    control,
    accounts: createAccounts(sources.map((source) => source.id)),
  });
  try {
    const stopped = await runSources(shared, sources, report);
    return await endSnapshot(options, shared, stopped, report);
  } finally {
    shared.agents.destroy();
  }
}

/** Whether an exchange ends its call, by the rules of its provider. */
function endsForGood(facts: ExchangeFacts): boolean {
  const provider = providerOfOperation(facts.op);
  return provider !== undefined && isFinal(provider.endingOf(facts));
}

function resumable({ writer }: CollectOptions, id: string): Snapshot {
  const found = runs(writer.db).find((snapshot) => snapshot.id === id);
  if (found && !found.close) return found;
  const why = found ? 'it is closed' : 'there is none of that name';
  throw new CollectError('NOT_RESUMABLE', `cannot resume snapshot ${id}: ${why}. Collect a new snapshot.`);
}

async function openSnapshot(
  { writer, operator, tool }: CollectOptions,
  sources: readonly Source[],
): Promise<SnapshotOpen & { id: string }> {
  const id = `s${runs(writer.db).length + 1}`;
  const open: SnapshotOpen = {
    sources: sources.map((source) => source.id),
    startedAt: new Date().toISOString(),
    tool: { ...tool, node: process.version, platform: `${process.platform} ${process.arch}` },
  };
  await declare(writer, operator, 'snapshot.open', id, open);
  return { ...open, id };
}

/** What the snapshot's first run fixed, or what this first run is given. */
function steering(options: CollectOptions, snapshot: string) {
  const first = declared(options.writer.db, 'collect.settings').find((d) => d.subject === snapshot);
  return {
    quotas: first?.value.quotas ?? options.quotas ?? 'provider',
    usageEventBudget: first?.value.usageEventBudget ?? options.usageEventBudget ?? DEFAULT_USAGE_EVENTS,
  };
}

async function runSources(
  shared: Shared,
  sources: readonly AskedSource[],
  report: OnProgress,
): Promise<StoppedSource[]> {
  const ended = await Promise.all(sources.map((source) => runSource(shared, source, report)));
  const broken = ended.find((end) => end.broken !== undefined);
  if (broken) throw broken.broken;
  return ended.flatMap((end) => end.stopped ?? []);
}

/** Runs one source to its end, whatever that is; an error that concerns all of them cancels the run. */
async function runSource(
  shared: Shared,
  source: AskedSource,
  report: OnProgress,
): Promise<{ stopped?: StoppedSource; broken?: unknown }> {
  const own = new AbortController();
  const signal = AbortSignal.any([shared.control.signal, own.signal]);
  setMaxListeners(0, signal);
  signal.addEventListener('abort', () => {
    for (const waiting of [shared.budgets, shared.slots, shared.fileSlots]) waiting.dropAborted();
  });
  const tracker = createTracker(source.id, report);
  report({ kind: 'source', source: source.id, state: 'running', message: null });
  try {
    const run = sourceRun(shared, source, own, signal, tracker);
    await providerOf(source).collect(run, shared.options.credentialsFor?.(source) ?? null);
    tracker.flush();
    report({ kind: 'source', source: source.id, state: 'done', message: null });
    return {};
  } catch (error) {
    const cause: unknown = own.signal.aborted ? own.signal.reason : error;
    tracker.flush();
    const message = cause instanceof Error ? cause.message : String(cause);
    report({ kind: 'source', source: source.id, state: 'stopped', message });
    if (cause instanceof CollectError) {
      return { stopped: { source: source.id, code: cause.code, message } };
    }
    shared.control.cancel();
    return { broken: cause };
  } finally {
    // Nobody shall wait for the account of a source that has ended.
    shared.accounts.tell(source.id, null);
  }
}

async function endSnapshot(
  options: CollectOptions,
  shared: Shared,
  stopped: StoppedSource[],
  report: OnProgress,
): Promise<CollectResult> {
  const { writer, operator } = options;
  const { snapshot } = shared;
  const gaps = gapsOf(writer.db, snapshot);
  const result = { snapshotId: snapshot, gaps, stopped };
  if (shared.control.signal.aborted) return { ...result, stopped: [], state: 'cancelled' };
  if (stopped.length > 0) return { ...result, state: 'stopped' };

  const nothing = !collectedAnything(shared);
  const state = nothing ? 'failed' : gaps.length > 0 ? 'complete-with-gaps' : 'complete';
  const why = nothing
    ? 'no source answered anything but who asks'
    : gaps.length > 0
      ? notAnswered(gaps)
      : null;
  await declare(writer, operator, 'snapshot.close', snapshot, {
    state,
    endedAt: new Date().toISOString(),
    why,
  });
  report({ kind: 'snapshot', snapshot, state: 'closed' });
  return { ...result, state };
}

/** What the snapshot's end can say before analysis, which groups calls into gaps and names what was never asked. */
function notAnswered(gaps: readonly Gap[]): string {
  const calls = gaps.length === 1 ? '1 call was' : `${gaps.length} calls were`;
  return `${calls} not answered`;
}

function collectedAnything({ options, snapshot }: Shared): boolean {
  for (const { facts } of entries(options.writer.db, 'exchange', { snapshot })) {
    if (facts.outcome === 'ok' && !(providerOfOperation(facts.op)?.isSignIn(facts.op) ?? false)) return true;
  }
  return false;
}
