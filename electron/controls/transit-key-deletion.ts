import type { KeyRow } from '../../db/derived/keys.ts';
import {
  both,
  exception,
  notApplicable,
  pass,
  undetermined,
  type Answer,
  type Answers,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';
import { keySettings } from './key-settings.ts';
import { testKeys } from './test-keys.ts';
import { changeText, throughout } from './throughout.ts';

const ID = 'transit-key-deletion';

/** A transit key cannot be deleted by one request. */
export const transitKeyDeletion: Control = {
  id: ID,
  title: 'Transit keys are protected from deletion',
  finding: 'protection',
  criteria: ['CC6.1', 'A1.2'],
  question: 'Is deletion of the key switched off?',
  method:
    'Read deletion_allowed of each transit key. For the period, read logged requests to its configuration: audit logs write the value in the clear.',
  permissions: ['transit/keys/+ [read]'],
  remediation: 'Set deletion_allowed to false (vault write transit/keys/NAME/config deletion_allowed=false).',
  standards: [],
  appliesTo: 'transit keys of Vault and OpenBao',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

function test(context: ControlContext, key: KeyRow): Answers {
  const cites = key.seq === null ? [] : [key.seq];
  if (key.provider !== 'vault')
    return both(notApplicable('Only transit keys of Vault have this setting.', cites));
  const now = answerNow(keySettings(context, key.id).get('deletion_allowed'), cites);
  return {
    collection: now,
    period: throughout(context, {
      ...{ subject: key.id, account: key.account, region: key.region, created: key.created, now },
      settings: ['deletion_allowed'],
      what: 'deletion was switched off',
      bad: (change, until) =>
        change.value === 'true'
          ? `Deletion was allowed from ${day(change.at)} to ${day(until)} (${changeText(change)}).`
          : null,
      good: (change) => change.value === 'false',
    }),
  };
}

function answerNow(value: unknown, cites: number[]): Answer {
  if (typeof value !== 'boolean')
    return undetermined('The answer does not say whether the key may be deleted.', cites);
  return value
    ? exception('Deletion is allowed: one request destroys the key and all it protects.', cites)
    : pass('Deletion is switched off.', cites);
}
