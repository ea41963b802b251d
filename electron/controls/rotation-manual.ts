import type { KeyRow } from '../../db/derived/keys.ts';
import { scheduleFinder, type Schedule } from '../review/rotation.ts';
import { activity } from './active.ts';
import {
  both,
  evidenceRequired,
  exception,
  notApplicable,
  type Answer,
  type Answers,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { addDays, count, day, earlier } from './dates.ts';
import { ageAtCollection, ageThroughout, freshDates, type FreshDate } from './rotation-dates.ts';
import { livedInPeriod, testKeys } from './test-keys.ts';

const ID = 'rotation-manual';

/** Where automation is impossible, rotation by hand is evidenced. */
export const rotationManual: Control = {
  id: ID,
  title: 'Manual rotation is evidenced where automation is impossible',
  finding: 'rotation',
  criteria: ['CC6.1'],
  question: 'Is a rotation by hand within policy evidenced for every key that cannot rotate automatically?',
  method:
    'For keys that cannot rotate automatically (AWS: asymmetric, HMAC, imported and custom-store keys; Azure: keys that back certificates; Vault: keys whose type or material forbids it), look for rotations recorded by the provider (AWS: on demand, imported material; Azure and Vault: versions of the key) and rotations declared with performer and reason. A key younger than policy allows needs none. An absence is a request for evidence, not an exception: the provider cannot show a rotation by replacement. Where the client keeps a schedule (frequency, reason, next date), a date that passed without a rotation is an exception.',
  permissions: [
    'kms:DescribeKey',
    'kms:ListKeyRotations',
    'Microsoft.KeyVault/vaults/keys/read',
    '<mount>/keys/+ [read]',
  ],
  remediation:
    'Provide the record of the last manual rotation (new key or version, alias change, new imported material), or rotate and record it.',
  standards: [{ name: 'NIST SP 800-57 Part 1', version: 'Rev. 5', ref: '5.3.6' }],
  appliesTo: 'customer managed keys that their provider cannot rotate automatically',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

function test(context: ControlContext, key: KeyRow): Answers {
  const cites = key.seq === null ? [] : [key.seq];
  if (key.rotation_support !== 'manual') {
    return both(
      notApplicable('This key can rotate automatically; see rotation-enabled and rotation-age.', cites),
    );
  }
  const active = activity(context, key);
  const dates = freshDates(context, key);
  const schedule = scheduleOf(context, key.id);
  return {
    collection:
      active.now ??
      required(
        key,
        judged(context, dates, schedule, context.collectedAt) ?? ageAtCollection(context, key, dates),
      ),
    period:
      active.period ??
      livedInPeriod(context, key) ??
      required(
        key,
        judged(context, dates, schedule, earlier(context.engagement.period.to, context.collectedAt)) ??
          ageThroughout(context, key, dates, active.until),
      ),
  };
}

/** What is wrong by the client's own schedule at a moment; null without a schedule, or when policy decides. */
function judged(
  context: ControlContext,
  dates: readonly FreshDate[],
  schedule: Schedule | null,
  at: string,
): Overdue | null {
  if (!schedule) return null;
  const { everyDays, next, performer, reason } = schedule.value;
  const last = dates.filter((date) => date.at <= at).at(-1);
  const due = last ? earlier(`${next}T00:00:00.000Z`, addDays(last.at, everyDays)) : `${next}T00:00:00.000Z`;
  // A rotation after the day it was planned for fulfils the plan.
  const done = last !== undefined && last.how !== 'created' && last.at >= `${next}T00:00:00.000Z`;
  const overdue = done ? addDays(last.at, everyDays) < at : due < at;
  const plan = `The schedule (${reason}) asks ${performer} to rotate every ${count(everyDays, 'day')}, next on ${next}`;
  const when = last ? `last ${last.how} on ${day(last.at)}` : 'no rotation is on record';
  const cites = [schedule.seq, ...dates.map((date) => date.seq)];
  if (!overdue) return null;
  return {
    ...exception(
      `${plan}; ${when}: overdue since ${day(done ? addDays(last.at, everyDays) : due)} on ${day(at)}.`,
      cites,
    ),
    overdue: true,
  };
}

/** An exception by the client's own schedule, which needs no evidence from the provider. */
type Overdue = Answer & { overdue: true };

/** Too old by what is known is a question to the client, with the numbers. */
function required(key: KeyRow, answer: Answer | Overdue): Answer {
  if ('overdue' in answer) {
    const { overdue: _, ...found } = answer;
    return found;
  }
  if (answer.result !== 'exception') return answer;
  return evidenceRequired(
    `Automatic rotation is impossible (${key.rotation_support_why ?? ''}). ${answer.reason} Evidence of a manual rotation is required.`,
    answer.cites,
  );
}

const finders = new WeakMap<ControlContext, (key: string) => Schedule | null>();

function scheduleOf(context: ControlContext, key: string): Schedule | null {
  let find = finders.get(context);
  if (!find) {
    find = scheduleFinder(context.db, context.snapshot);
    finders.set(context, find);
  }
  return find(key);
}
