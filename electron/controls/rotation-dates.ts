import { rotationsOf, type KeyRow } from '../../db/derived/keys.ts';
import { declared } from '../engagement/declarations.ts';
import { exception, pass, undetermined, type Answer } from './control.ts';
import type { ControlContext } from './context.ts';
import { addDays, count, day, daysBetween, earlier, later, periodText } from './dates.ts';
import { policyText } from './policy-text.ts';

/** A moment from which a key's material was new, and how that is known. */
export interface FreshDate {
  at: string;
  /** "created", "rotated automatically", "rotated on demand", "rotated by hand (declared by …)". */
  how: string;
  seq: number;
}

/** Every date at which a key's material was new, oldest first: creation, recorded rotations, declared rotations. */
export function freshDates(context: ControlContext, key: KeyRow, rotationsFrom: KeyRow = key): FreshDate[] {
  const dates: FreshDate[] = [];
  // A replica is made with the material its primary already has: its own creation renews nothing.
  const made =
    key.rotation_support === 'with-primary'
      ? key.primary_id === null
        ? undefined
        : context.key(key.primary_id)
      : key;
  if (made?.created && made.seq !== null) dates.push({ at: made.created, how: 'created', seq: made.seq });
  for (const rotation of rotationsOf(context.db, context.snapshot, rotationsFrom.id)) {
    if (rotation.at === null || rotation.state?.startsWith('PENDING')) continue;
    const how = ROTATED[rotation.type ?? ''] ?? 'rotated automatically';
    dates.push({ at: rotation.at, how, seq: rotation.seq });
  }
  dates.push(...(manualRotations(context).get(key.id) ?? []));
  return dates.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq));
}

/** How a rotation came about, by its type. A version tells that there was one, not whether by itself. */
const ROTATED: Record<string, string> = {
  ON_DEMAND: 'rotated on demand',
  VERSION: 'rotated (new version)',
};

const manual = new WeakMap<ControlContext, Map<string, FreshDate[]>>();

/** Rotations by hand that an operator declared, by key. */
export function manualRotations(context: ControlContext): Map<string, FreshDate[]> {
  let byKey = manual.get(context);
  if (!byKey) {
    byKey = new Map();
    for (const { seq, subject, value } of declared(context.db, 'rotation.manual')) {
      const at = new Date(value.rotatedAt).toISOString();
      const how = `rotated by hand by ${value.performer} (declared, ${value.evidenceSha256 === null ? 'without a file as evidence' : 'with a file as evidence'})`;
      byKey.set(subject, [...(byKey.get(subject) ?? []), { at, how, seq }]);
    }
    manual.set(context, byKey);
  }
  return byKey;
}

/** Age at collection against the policy: pass or exception, with the numbers. */
export function ageAtCollection(context: ControlContext, key: KeyRow, dates: readonly FreshDate[]): Answer {
  const { rotationDays } = context.engagement.parameters;
  const last = dates.filter((d) => d.at <= context.collectedAt).at(-1);
  if (!last) return noDates(key);
  const age = daysBetween(last.at, context.collectedAt);
  const since = last.how === 'created' ? 'Never rotated; created' : `Last ${last.how}`;
  const sentence = `${since} on ${day(last.at)}, ${count(age, 'day')} before collection on ${day(context.collectedAt)}; policy allows ${count(rotationDays.value, 'day')} (${policyText(rotationDays)}).`;
  const cites = [...new Set([last.seq, ...dates.map((d) => d.seq)])];
  return age > rotationDays.value ? exception(sentence, cites) : pass(sentence, cites);
}

function noDates(key: KeyRow): Answer {
  const why =
    key.rotation_support === 'with-primary'
      ? '; its primary may lie in a Region that was not collected'
      : key.provider === 'vault'
        ? '; OpenBao gives no dates of the versions of hmac keys'
        : '';
  return undetermined(
    `Neither a creation date nor a rotation of this key is in the evidence${why}.`,
    key.seq === null ? [] : [key.seq],
  );
}

/**
 * Whether at any moment of the period the age exceeded policy. Dates before the period count, because age does not
 * begin with it.
 *
 * @param until end of the time that matters, when the key stopped being usable before the period ended.
 */
export function ageThroughout(
  context: ControlContext,
  key: KeyRow,
  dates: readonly FreshDate[],
  until?: string,
): Answer {
  const { parameters, period } = context.engagement;
  const limit = parameters.rotationDays.value;
  const to = earlier(earlier(period.to, context.collectedAt), until ?? period.to);
  const cites = [...new Set(dates.map((d) => d.seq))];
  const lived = dates.filter((d) => d.at < to);
  if (lived.length === 0) return noDates(key);
  let worst: { from: FreshDate; to: string; age: number } | null = null;
  let longest = 0;
  for (const [i, date] of lived.entries()) {
    const end = earlier(lived[i + 1]?.at ?? to, to);
    // Only the part of this span inside the period is judged; its age there is greatest at its end.
    if (end <= period.from && i < lived.length - 1) continue;
    const age = daysBetween(date.at, end);
    longest = Math.max(longest, age);
    if (age > limit && (worst === null || age > worst.age)) worst = { from: date, to: end, age };
  }
  const policy = `policy allows ${count(limit, 'day')} (${policyText(parameters.rotationDays)})`;
  if (worst) {
    const since = later(addDays(worst.from.at, limit), period.from);
    return exception(
      `From ${day(since)} to ${day(worst.to)} the key was older than policy: ${worst.from.how} on ${day(worst.from.at)}, ${count(worst.age, 'day')} without rotation; ${policy}.`,
      cites,
    );
  }
  return pass(
    `At no moment of the period (${periodText(period)}) did the age since the last rotation or creation exceed policy: at most ${count(longest, 'day')}; ${policy}.`,
    cites,
  );
}
