import type { BodyClass } from '../../db/ledger/entry.ts';
import type { Call, Recorded } from '../recorder/call.ts';
import { callKey, type Finals } from '../recorder/finals.ts';
import { backOffMs, retryAfterMs, type RetryLimits } from './back-off.ts';
import type { Budgets } from './budgets.ts';
import type { Clock } from './clock.ts';
import type { RunControl } from './control.ts';
import { isFinal, type Ending, type EndingOf } from './ending.ts';
import { CollectError } from './error.ts';
import type { NoteTaker } from './notes.ts';
import { meaningOf, type Operation } from './operation.ts';
import type { ProgressTracker } from './progress.ts';
import type { Leave } from './rate-budget.ts';
import type { Slots } from './slots.ts';

/** What a provider's adapter does with a call: sends it (or replays entry `replaySeq`) and parses the answer. */
export type Perform<T> = (
  call: Call,
  replaySeq: number | null,
  signal: AbortSignal,
) => Promise<{ recorded: Recorded; output: T | null; message: string | null }>;

/** One question to a provider. */
export interface Question<T> {
  op: Operation;
  scope: string;
  label: string;
  /** Canonical JSON of the input. */
  params: string;
  perform: Perform<T>;
}

/** What became of a question. Nothing that concerns one item is thrown. */
export type Answer<T> =
  | { ok: true; output: T; seq: number }
  | {
      ok: false;
      code: string;
      message: string | null;
      /** Set when the code is an answer ("not applicable"), with what it means; null for a gap. */
      notApplicable: string | null;
      seq: number;
    };

/** Everything the questions of one source share. */
export interface AskContext {
  snapshot: string;
  source: string;
  /** Canonical JSON of the caller, once known. */
  caller: () => string | null;
  finals: Finals;
  budgets: Budgets;
  /** Calls in flight together, and of them those that bring a log file. */
  slots: Slots;
  fileSlots: Slots;
  control: RunControl;
  /** Aborts when this source stops or the run is cancelled. */
  signal: AbortSignal;
  /** Stops the source: its first refused credentials, or a ledger that cannot be written, end all it still does. */
  stop: (reason: unknown) => void;
  clock: Clock;
  retries: RetryLimits;
  endingOf: EndingOf;
  tracker: ProgressTracker;
  note: NoteTaker;
  random?: () => number;
}

export interface Asker {
  /**
   * Asks once, however often it is called: from the ledger when the snapshot has the answer, else over the network
   * within budget, trying again as the retry limits say. Each try is an exchange.
   *
   * @throws CollectError CREDENTIALS when the provider refuses who asks, CANCELLED when the run was cancelled.
   */
  ask<T>(question: Question<T>): Promise<Answer<T>>;
}

export function createAsker(context: AskContext): Asker {
  const inFlight = new Map<string, Promise<Answer<unknown>>>();
  return {
    ask<T>(question: Question<T>): Promise<Answer<T>> {
      const key = callKey({ ...question, op: question.op.id, source: context.source });
      const running = inFlight.get(key);
      if (running) return running as Promise<Answer<T>>;
      const answer = askOnce(context, question, key)
        .catch((error: unknown) => {
          if (!context.signal.aborted) context.stop(error);
          throw error;
        })
        .finally(() => inFlight.delete(key));
      inFlight.set(key, answer);
      return answer;
    },
  };
}

async function askOnce<T>(context: AskContext, question: Question<T>, key: string): Promise<Answer<T>> {
  context.signal.throwIfAborted();
  const replaySeq = context.finals.get(key);
  const { recorded, output, message } =
    replaySeq === undefined
      ? await askUntilFinal(context, question, key)
      : await question.perform(callOf(context, question, 1), replaySeq, context.signal);

  const { op, scope } = question;
  const { facts, seq } = recorded;
  const code = facts.errorCode ?? (facts.outcome === 'ok' ? 'UnreadableAnswer' : facts.outcome);
  const notApplicable = meaningOf(op, facts.errorCode);
  const ok = facts.outcome === 'ok' && output !== null;
  if (facts.outcome === 'ok' && !ok) {
    // The answer looks whole but cannot be read: no exchange says so, a note must.
    const reason = `the answer in entry ${seq} cannot be read`;
    await context.note({ scope, op: op.id, what: 'unreadable-answer', from: null, to: null, reason });
  }
  context.tracker.done(op, scope, { replayed: recorded.replayed, gap: !ok && notApplicable === null });
  return ok ? { ok, output, seq } : { ok: false, code, message, notApplicable, seq };
}

async function askUntilFinal<T>(context: AskContext, question: Question<T>, key: string) {
  const { op, scope } = question;
  const { finals, tracker, retries, signal } = context;
  const budget = context.budgets.of(op, scope);
  const failures: Record<'throttled' | 'transient', number> = { throttled: 0, transient: 0 };
  for (;;) {
    const leave = await inTurn(context, question);
    const call = callOf(context, question, finals.attempts(key) + 1);
    let performed;
    try {
      // A pause that came while waiting counts too.
      await context.control.whenRunning();
      performed = await question.perform(call, null, signal);
    } finally {
      leave();
    }
    const { facts, seq } = performed.recorded;
    const ending = context.endingOf(facts);
    finals.note(key, seq, call.attempt, isFinal(ending));
    signal.throwIfAborted();

    if (ending === 'throttled') budget.throttled();
    else if (isFinal(ending)) budget.succeeded();
    tracker.rate(op, scope, budget.rate, budget.perSecond);

    if (isFinal(ending)) return performed;
    if (ending === 'credentials') throw refused(context.source, op, facts.errorCode);
    const kind = ending as Extract<Ending, 'throttled' | 'transient'>;
    failures[kind] += 1;
    if (failures[kind] >= retries[kind]) return performed;
    const asked = retryAfterMs(performed.recorded.headers, Date.now());
    await context.clock.sleep(Math.max(asked, backOffMs(kind, failures[kind], context.random)), signal);
  }
}

/** Waits while paused, for the rate budget, and for a place among the calls in flight. */
async function inTurn(context: AskContext, { op, scope, label }: Question<unknown>): Promise<Leave> {
  const { control, tracker, budgets, signal } = context;
  const slots = bodyClassOf(op, label) === 'lines' ? context.fileSlots : context.slots;
  await control.whenRunning();
  tracker.waiting(op, scope, 1);
  try {
    return await budgets.of(op, scope).take(signal, () => slots.enter(signal));
  } finally {
    tracker.waiting(op, scope, -1);
  }
}

function bodyClassOf(op: Operation, label: string): BodyClass {
  return op.bodyClassByLabel?.[label] ?? op.bodyClass;
}

function callOf(context: AskContext, { op, scope, label, params }: Question<unknown>, attempt: number): Call {
  return {
    snapshot: context.snapshot,
    source: context.source,
    op: op.id,
    scope,
    label,
    params,
    caller: context.caller(),
    attempt,
    bodyClass: bodyClassOf(op, label),
    keepHeaders: op.keepHeaders,
    answer: op.answer,
  };
}

function refused(source: string, op: Operation, code: string | null): CollectError {
  return new CollectError(
    'CREDENTIALS',
    `cannot go on with source ${source}: ${op.service} refused the credentials (${code ?? 'no reason given'}). ` +
      'Sign in again, then resume the snapshot.',
  );
}
