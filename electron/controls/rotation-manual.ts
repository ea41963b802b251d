import type { KeyRow } from '../../db/derived/keys.ts';
import { activity } from './active.ts';
import { both, evidenceRequired, notApplicable, type Answer, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { ageAtCollection, ageThroughout, freshDates } from './rotation-dates.ts';
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
    'For asymmetric, HMAC, imported and custom-store keys, look for rotations recorded by AWS KMS (on demand, imported material) and rotations declared with performer and reason. A key younger than policy allows needs none. An absence is a request for evidence, not an exception: the provider cannot show a rotation by replacement.',
  permissions: ['kms:DescribeKey', 'kms:ListKeyRotations'],
  remediation:
    'Provide the record of the last manual rotation (new key and alias change, new imported material), or rotate and record it.',
  standards: [{ name: 'NIST SP 800-57 Part 1', version: 'Rev. 5', ref: '5.3.6' }],
  appliesTo: 'customer managed keys that AWS KMS cannot rotate automatically',
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
  return {
    collection: active.now ?? required(key, ageAtCollection(context, dates)),
    period:
      active.period ??
      livedInPeriod(context, key) ??
      required(key, ageThroughout(context, dates, active.until)),
  };
}

/** Too old by what is known is a question to the client, with the numbers. */
function required(key: KeyRow, answer: Answer): Answer {
  if (answer.result !== 'exception') return answer;
  return evidenceRequired(
    `Automatic rotation is impossible (${key.rotation_support_why ?? ''}). ${answer.reason} Evidence of a manual rotation is required.`,
    answer.cites,
  );
}
