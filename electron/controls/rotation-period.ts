import type { KeyRow } from '../../db/derived/keys.ts';
import type { SettingChangeRow } from '../../db/derived/logging.ts';
import { activity } from './active.ts';
import { both, exception, notApplicable, pass, type Answer, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { count, day } from './dates.ts';
import { policyText } from './policy-text.ts';
import { notRead, testKeys } from './test-keys.ts';
import { throughout } from './throughout.ts';

const ID = 'rotation-period-within-policy';
/** What EnableKeyRotation sets when no period is given (KMS API reference). */
const DEFAULT_DAYS = 365;

/** The period of automatic rotation is at most what policy allows. */
export const rotationPeriod: Control = {
  id: ID,
  title: 'Rotation period is within policy',
  finding: 'rotation',
  criteria: ['CC6.1'],
  question: 'Is the period of automatic rotation at most the longest that policy allows?',
  method:
    'For each key with automatic rotation on, compare its period (AWS: RotationPeriodInDays; Azure: the time of the Rotate action in the rotation policy; Vault: auto_rotate_period) with the policy parameter. For the period, read the periods that logged changes set (AWS: EnableKeyRotation).',
  permissions: [
    'kms:GetKeyRotationStatus',
    'Microsoft.KeyVault/vaults/keyrotationpolicies/read',
    '<mount>/keys/+ [read]',
  ],
  remediation:
    'Set a shorter period (AWS: aws kms enable-key-rotation --rotation-period-in-days N; Azure: az keyvault key rotation-policy update; Vault: auto_rotate_period in <mount>/keys/<name>/config).',
  standards: [{ name: 'NIST SP 800-57 Part 1', version: 'Rev. 5', ref: '5.3.6' }],
  appliesTo: 'customer managed keys with automatic rotation on',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

function test(context: ControlContext, key: KeyRow): Answers {
  const { rotationDays } = context.engagement.parameters;
  if (key.rotation_support !== 'automatic' && key.rotation_support !== 'with-primary') {
    return both(
      notApplicable(`Automatic rotation does not exist here: ${key.rotation_support_why ?? ''}.`, cite(key)),
    );
  }
  const primary = key.primary_id === null ? undefined : context.key(key.primary_id);
  const setting = key.rotation_enabled === null && primary ? primary : key;
  if (setting.rotation_enabled === null) {
    return both(
      notRead(context.asked(setting.id, 'GetKeyRotationStatus'), 'The rotation period could not be read'),
    );
  }
  const cites = [...cite(key), setting.rotation_seq!];
  const active = activity(context, key);
  const limit = `policy allows ${count(rotationDays.value, 'day')} (${policyText(rotationDays)})`;
  const now = periodNow(setting, rotationDays.value, limit, cites);
  if (active.period) return { collection: active.now!, period: active.period };
  const daysOf = (change: SettingChangeRow): number => Number(change.value ?? DEFAULT_DAYS);
  return {
    collection: active.now ?? now,
    period: throughout(context, {
      subject: setting.id,
      account: setting.account,
      region: setting.region,
      settings: ['rotation-period'],
      created: key.created,
      now,
      ...(active.until === undefined ? {} : { until: active.until }),
      what:
        setting.rotation_enabled === 0
          ? 'automatic rotation was off, and so had no period'
          : `the rotation period was ${count(setting.rotation_period_days ?? DEFAULT_DAYS, 'day')}`,
      bad: (change, until) =>
        daysOf(change) > rotationDays.value
          ? `From ${day(change.at)} to ${day(until)} the period was ${count(daysOf(change), 'day')}; ${limit}.`
          : null,
      good: (change) => daysOf(change) <= rotationDays.value,
    }),
  };
}

function periodNow(setting: KeyRow, limit: number, policy: string, cites: number[]): Answer {
  if (setting.rotation_enabled === 0) {
    return notApplicable('Automatic rotation is off, so it has no period; see rotation-enabled.', cites);
  }
  const days = setting.rotation_period_days ?? DEFAULT_DAYS;
  const sentence = `The rotation period is ${count(days, 'day')}; ${policy}.`;
  return days > limit ? exception(sentence, cites) : pass(sentence, cites);
}

const cite = (key: KeyRow): number[] => (key.seq === null ? [] : [key.seq]);
