import type { KeyRow } from '../../db/derived/keys.ts';
import { activity } from './active.ts';
import { both, notApplicable, type Answer, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { daysBetween, earlier } from './dates.ts';
import { ageAtCollection, ageThroughout, freshDates } from './rotation-dates.ts';
import { livedInPeriod, notRead, testKeys } from './test-keys.ts';

const ID = 'rotation-age';

/** At no moment was a key older since its last rotation, or creation, than policy allows. */
export const rotationAge: Control = {
  id: ID,
  title: 'Keys were rotated as often as policy asks',
  finding: 'rotation',
  criteria: ['CC6.1'],
  question: 'Did the age of the key since its last rotation or creation ever exceed policy?',
  method:
    'List every recorded rotation (AWS: ListKeyRotations, automatic and on demand; Azure and Vault: the versions of the key), the creation date and declared manual rotations; compute the longest time between two of them that reaches into the period. Dates before the period count. This looks at rotations that happened, not at the setting.',
  permissions: [
    'kms:DescribeKey',
    'kms:ListKeyRotations',
    'Microsoft.KeyVault/vaults/keys/read',
    '<mount>/keys/+ [read]',
  ],
  remediation:
    'Rotate the key now (AWS: aws kms rotate-key-on-demand; Azure: az keyvault key rotate; Vault: <mount>/keys/<name>/rotate) and turn automatic rotation on.',
  standards: [{ name: 'NIST SP 800-57 Part 1', version: 'Rev. 5', ref: '5.3.6' }],
  appliesTo: 'customer managed keys that their provider can rotate automatically',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

function test(context: ControlContext, key: KeyRow): Answers {
  if (key.rotation_support !== 'automatic' && key.rotation_support !== 'with-primary') {
    return both(
      notApplicable(
        `The provider does not rotate this key: ${key.rotation_support_why ?? ''}. See rotation-manual.`,
        cite(key),
      ),
    );
  }
  const active = activity(context, key);
  const source = rotationsSource(context, key);
  const dates = freshDates(context, key, source);
  const unread = unreadable(context, key, source, active.until);
  return {
    collection: active.now ?? unread.collection ?? ageAtCollection(context, key, dates),
    period:
      active.period ??
      livedInPeriod(context, key) ??
      unread.period ??
      ageThroughout(context, key, dates, active.until),
  };
}

/** The key whose recorded rotations count: a replica shares those of its primary. */
function rotationsSource(context: ControlContext, key: KeyRow): KeyRow {
  const own = context.asked(key.id, 'ListKeyRotations').status === 'ok';
  if (own || key.primary_id === null) return key;
  return context.key(key.primary_id) ?? key;
}

/** Without the list of rotations the creation date alone decides, as long as the key is younger than policy allows. */
function unreadable(
  context: ControlContext,
  key: KeyRow,
  source: KeyRow,
  until: string | undefined,
): { collection: Answer | null; period: Answer | null } {
  const asked = context.asked(source.id, 'ListKeyRotations');
  if (asked.status === 'ok') return { collection: null, period: null };
  const limit = context.engagement.parameters.rotationDays.value;
  const answer = notRead(asked, 'Past rotations could not be read, and the key is older than policy allows');
  const older = (at: string): boolean => key.created === null || daysBetween(key.created, at) > limit;
  const end = earlier(
    until ?? context.collectedAt,
    earlier(context.engagement.period.to, context.collectedAt),
  );
  return { collection: older(context.collectedAt) ? answer : null, period: older(end) ? answer : null };
}

const cite = (key: KeyRow): number[] => (key.seq === null ? [] : [key.seq]);
