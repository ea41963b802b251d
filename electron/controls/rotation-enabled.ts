import { rotationsOf, type KeyRow } from '../../db/derived/keys.ts';
import type { SettingChangeRow } from '../../db/derived/logging.ts';
import { activity } from './active.ts';
import { both, exception, notApplicable, pass, type Answer, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { count, day, daysBetween, later } from './dates.ts';
import { notRead, testKeys } from './test-keys.ts';
import { throughout } from './throughout.ts';

const ID = 'rotation-enabled';

/** Automatic rotation is on, for every key for which it exists. */
export const rotationEnabled: Control = {
  id: ID,
  title: 'Automatic rotation is enabled',
  finding: 'rotation',
  criteria: ['CC6.1'],
  question: 'Is automatic rotation on for every customer managed key that can be rotated automatically?',
  method:
    'For each key that its provider can rotate automatically, read the setting (AWS: GetKeyRotationStatus; Azure: a Rotate action in the rotation policy of the key; Vault: auto_rotate_period of the Transit key). For the period, read its logged changes (AWS: EnableKeyRotation, DisableKeyRotation) backwards from that state; a pass needs logs for the whole period. In AWS a replica follows its multi-Region primary. Keys that cannot rotate automatically are tested by rotation-manual.',
  permissions: [
    'kms:DescribeKey',
    'kms:GetKeyRotationStatus',
    'Microsoft.KeyVault/vaults/keyrotationpolicies/read',
    '<mount>/keys/+ [read]',
  ],
  remediation:
    'Turn automatic rotation on (AWS: aws kms enable-key-rotation, at the primary for multi-Region keys; Azure: az keyvault key rotation-policy update; Vault: auto_rotate_period in <mount>/keys/<name>/config).',
  standards: [
    { name: 'CIS AWS Foundations Benchmark', version: '6.0', ref: '4.6' },
    { name: 'CIS AWS Foundations Benchmark', version: '3.0', ref: '3.6' },
    { name: 'AWS Security Hub CSPM', version: 'KMS controls', ref: 'KMS.4' },
  ],
  appliesTo: 'customer managed keys that their provider can rotate automatically',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

function test(context: ControlContext, key: KeyRow): Answers {
  const cites = key.seq === null ? [] : [key.seq];
  if (key.rotation_support !== 'automatic' && key.rotation_support !== 'with-primary') {
    return both(
      notApplicable(`Automatic rotation does not exist here: ${key.rotation_support_why ?? ''}.`, cites),
    );
  }
  const setting = rotationSetting(context, key);
  const now = settingNow(context, key, setting);
  const active = activity(context, key);
  if (active.period) return { collection: active.now!, period: active.period };
  // A key that waits for deletion answers "off" whatever it was before.
  const readable = key.state !== 'PendingDeletion';
  const state: Answer = readable
    ? now
    : {
        ...now,
        result: 'evidence-required',
        reason:
          'While a key waits for deletion its earlier rotation setting cannot be read; evidence of the setting before that is required.',
      };
  const rotations = rotationsOf(context.db, context.snapshot, setting.id);
  return {
    collection: active.now ?? now,
    period: throughout(context, {
      subject: setting.id,
      account: setting.account,
      region: setting.region,
      settings: ['rotation'],
      created: key.created,
      now: state,
      ...(active.until === undefined ? {} : { until: active.until }),
      what: 'automatic rotation was on',
      bad: (change, until) =>
        change.value === 'off' ? offFor(change, until, context.engagement.period.from) : null,
      good: (change) => change.value === 'on',
      before: (first) => stateBefore(context, key, first, rotations),
    }),
  };
}

/** The key whose setting decides: the key itself, or for a replica without an answer of its own its primary. */
function rotationSetting(context: ControlContext, key: KeyRow): KeyRow {
  if (key.rotation_support !== 'with-primary' || key.rotation_enabled !== null) return key;
  return (key.primary_id === null ? undefined : context.key(key.primary_id)) ?? key;
}

function settingNow(context: ControlContext, key: KeyRow, setting: KeyRow): Answer {
  const replica =
    key.multi_region === 'replica'
      ? ` It is a multi-Region replica and rotates with its primary ${key.primary_id ?? ''}.`
      : '';
  if (setting.rotation_enabled === null || setting.rotation_seq === null) {
    return notRead(
      context.asked(setting.id, 'GetKeyRotationStatus'),
      'Whether automatic rotation is on could not be read',
    );
  }
  const cites = [...new Set([...(key.seq === null ? [] : [key.seq]), setting.rotation_seq])];
  if (setting.rotation_enabled === 0)
    return exception(`Automatic rotation is off at collection.${replica}`, cites);
  const next = setting.next_rotation === null ? '' : `, next on ${day(setting.next_rotation)}`;
  return pass(
    `Automatic rotation is on at collection, every ${count(setting.rotation_period_days ?? 365, 'day')}${next}.${replica}`,
    cites,
  );
}

function offFor(change: SettingChangeRow, until: string, from: string): string {
  const began = later(change.at, from);
  return `Automatic rotation was off from ${day(began)} to ${day(until)} (${count(daysBetween(began, until), 'day')}): ${change.event} on ${day(change.at)}${change.actor === null ? '' : ` by ${change.actor}`}.`;
}

/**
 * Before the first logged EnableKeyRotation: an automatic rotation inside the period shows that rotation was on then,
 * and no change was logged in between. A key that got rotation within a day of its creation had it from the start.
 */
function stateBefore(
  context: ControlContext,
  key: KeyRow,
  first: SettingChangeRow,
  rotations: ReturnType<typeof rotationsOf>,
): Answer | null {
  const { period } = context.engagement;
  if (key.created !== null && key.created >= period.from && daysBetween(key.created, first.at) < 1) {
    return pass(
      `Automatic rotation was switched on on ${day(first.at)}, within a day of the key's creation, and not off since.`,
    );
  }
  const shown = rotations.find(
    (r) => r.type === 'AUTOMATIC' && r.at !== null && r.at >= period.from && r.at < first.at,
  );
  return shown
    ? pass(
        `Automatic rotation was on all through the period: the key rotated automatically on ${day(shown.at!)}, and the logged changes (${first.event} on ${day(first.at)}) left it on.`,
        [shown.seq],
      )
    : null;
}
