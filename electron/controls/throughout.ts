import type { SettingChangeRow } from '../../db/derived/logging.ts';
import type { CoverageHole } from '../derive/log-facts.ts';
import { evidenceRequired, exception, pass, undetermined, type Answer } from './control.ts';
import type { ControlContext } from './context.ts';
import { count, day, daysBetween, earlier, later, periodText } from './dates.ts';

/** What "throughout the period" means for one subject. */
export interface Held {
  /** Subject of the logged changes: key id, trail, bucket, account. */
  subject: string;
  account: string;
  region: string;
  /** Settings whose change matters. */
  settings: readonly string[];
  /** Changes of something else that count too, for example of the account's IAM policies. */
  also?: readonly { subject: string; settings: readonly string[]; region: string }[];
  /** When it stopped mattering (the key was disabled); the period ends there at the latest. */
  until?: string;
  /** When the subject came to be; null when not known. The period starts there at the earliest. */
  created: string | null;
  /** The answer at collection: the last state, from which the log is read backwards. */
  now: Answer;
  /** In words, for example `automatic rotation was on`. */
  what: string;
  /**
   * The sentence that makes a change an exception, or null. `until` is when the next change followed.
   */
  bad?: (change: SettingChangeRow, until: string) => string | null;
  /**
   * Whether a change leaves the setting as it should be and says by itself what it is, so that only the time before it
   * is open. Without it a change makes the earlier state unknown.
   */
  good?: (change: SettingChangeRow) => boolean;
  /** Whether evidence other than logs shows the state at the start of the period (UTC). Its sentence, or null. */
  before?: (first: SettingChangeRow) => Answer | null;
}

/**
 * Answers whether a setting held throughout the period: from the state at collection, backwards through the logged
 * changes. An exception that the log shows stands whatever is missing; a pass needs the whole time to be covered.
 */
export function throughout(context: ControlContext, held: Held): Answer {
  const { period } = context.engagement;
  const from = later(period.from, held.created ?? period.from);
  const end = earlier(held.until ?? context.collectedAt, context.collectedAt);
  const to = earlier(period.to, end);
  const text = periodText(period);
  if (held.created !== null && held.created >= period.to) {
    return {
      result: 'not-applicable',
      reason: `It was created on ${day(held.created)}, after the period ${text}.`,
      cites: held.now.cites,
    };
  }
  if (from >= to) {
    return undetermined(`The period ${text} had not begun when the state was read.`, held.now.cites);
  }
  const known = [{ subject: held.subject, settings: held.settings }, ...(held.also ?? [])]
    .flatMap(({ subject, settings }) => context.changes(subject).filter((c) => settings.includes(c.setting)))
    .filter((c) => c.at < end)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const since = known.filter((c) => c.at >= from);
  const prior = known.findLast((c) => c.at < from);
  // An earlier change tells the state the period began with, when nothing can have come between unseen.
  const began = prior && isCovered(context, held, prior.at, from) ? prior : undefined;
  const changes = began && since.length > 0 ? [began, ...since] : since;
  const cites = [...held.now.cites, ...changes.map((c) => c.seq)];

  const shown = exceptions(held, changes, to);
  if (shown.length > 0) return exception(shown.join(' '), cites);
  if (held.now.result === 'undetermined' || held.now.result === 'evidence-required') {
    return { ...held.now, reason: `${held.now.reason} The period cannot be answered without it.`, cites };
  }
  const holes = holesIn(context, held, from, to);
  if (held.now.result === 'exception') {
    // The state at collection is an exception; unless a change brought it about after the period, it held in it.
    const after = changes.filter((c) => c.at >= period.to);
    const late = daysBetween(period.to, context.collectedAt);
    if (holes === null && late >= 1) {
      return undetermined(
        `The state at collection, ${count(late, 'day')} after the period, is an exception; no log was read for ${held.account}/${held.region}, so whether it was so in the period cannot be said.`,
        cites,
      );
    }
    if (after.length === 0) return { ...held.now, cites };
    return undetermined(
      `The state at collection is an exception, but it was changed after the period (${changeText(after.at(-1)!)}).`,
      cites,
    );
  }
  if (holes === null || holes.length > 0) return notCovered(held, holes, from, to, cites);
  if (changes.length === 0) {
    return pass(
      `No change was logged from ${day(from)} to ${day(to)}, and logs cover that time: ${held.what} throughout.`,
      [...cites, ...context.logs.covering(held.account, held.region, from, to)],
    );
  }
  const covering = context.logs.covering(held.account, held.region, from, to);
  return changed(held, changes, from, [...cites, ...covering], began !== undefined);
}

/** Holes in the logs of every place that a change could have been logged in; null when one of them has no log. */
function holesIn(context: ControlContext, held: Held, from: string, to: string): CoverageHole[] | null {
  const regions = new Set([held.region, ...(held.also ?? []).map((a) => a.region)]);
  const found = [...regions].map((region) => context.logs.holes(held.account, region, from, to));
  return found.includes(null) ? null : found.flatMap((holes) => holes ?? []);
}

function isCovered(context: ControlContext, held: Held, from: string, to: string): boolean {
  return holesIn(context, held, from, to)?.length === 0;
}

/** Sentences for every change that took the setting out of order before the period ended. */
function exceptions(held: Held, changes: readonly SettingChangeRow[], to: string): string[] {
  const { bad } = held;
  if (!bad) return [];
  return changes.flatMap((change, i) => {
    if (change.at >= to) return [];
    return bad(change, earlier(changes[i + 1]?.at ?? to, to)) ?? [];
  });
}

function notCovered(
  held: Held,
  holes: ReturnType<ControlContext['logs']['holes']>,
  from: string,
  to: string,
  cites: number[],
): Answer {
  if (holes === null) {
    return undetermined(
      `At collection ${held.what}. No log was read for ${held.account}/${held.region}, so whether that held from ${day(from)} to ${day(to)} cannot be said.`,
      cites,
    );
  }
  const first = holes[0]!;
  const days = holes.reduce((sum, hole) => sum + Math.max(daysBetween(hole.from, hole.to), 0), 0);
  return undetermined(
    `At collection ${held.what}, and no logged change says otherwise, but logs leave out ${count(holes.length, 'part')} of the time (${count(days, 'whole day')}; the first from ${first.from} to ${first.to}: ${first.reason}), in which it could have been changed.`,
    [...cites, ...holes.flatMap((hole) => hole.seqs)],
  );
}

function changed(
  held: Held,
  changes: readonly SettingChangeRow[],
  from: string,
  cites: number[],
  began: boolean,
): Answer {
  const first = changes[0]!;
  const allGood = held.good !== undefined && changes.every(held.good);
  if (allGood && began) {
    return pass(
      `Every logged change since ${changeText(first)}, before ${day(from)}, left it in order: ${held.what} throughout.`,
      cites,
    );
  }
  if (allGood) {
    const before = held.before?.(first) ?? null;
    if (before) return { ...before, cites: [...cites, ...before.cites] };
    return evidenceRequired(
      `Every logged change leaves it in order, but the first (${changeText(first)}) says nothing about the state from ${day(from)} until then; evidence of that is required.`,
      cites,
    );
  }
  return evidenceRequired(
    `It was changed ${count(changes.length, 'time')} since ${day(first.at)}, last ${changeText(changes.at(-1)!)}; what it was before is not in the evidence. The approval of the change and its earlier state are required.`,
    cites,
  );
}

/** "DisableKeyRotation on 2026-05-02 by arn:…" */
export function changeText(change: SettingChangeRow): string {
  return `${change.event} on ${day(change.at)}${change.actor === null ? '' : ` by ${change.actor}`}`;
}
