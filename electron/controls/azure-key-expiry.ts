import type { KeyRow } from '../../db/derived/keys.ts';
import { activity } from './active.ts';
import { both, exception, notApplicable, pass, type Answer, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';
import { testKeys } from './test-keys.ts';
import { throughout } from './throughout.ts';

const ID = 'azure-key-expiry';

/** A key says until when it may be used. */
export const azureKeyExpiry: Control = {
  id: ID,
  title: 'Keys in Azure have an expiry date that has not passed',
  finding: 'rotation',
  criteria: ['CC6.1'],
  question: 'Does every enabled key have an expiry date, and is it still to come?',
  method:
    'Read the attribute exp of the newest version of each key, from the vault or, where its network refuses us, from the control plane. For the period, read logged KeyUpdate requests: they may have changed it.',
  permissions: ['Microsoft.KeyVault/vaults/keys/read'],
  remediation:
    'Set an expiry date (az keyvault key set-attributes --expires), and a rotation policy that renews it.',
  standards: [
    { name: 'CIS Microsoft Azure Foundations Benchmark', version: '2.0', ref: '8.1, 8.2' },
    { name: 'Azure Policy', version: 'built-in', ref: '152b15f7-8e1f-4c1f-ab71-8c010ba5dbc0' },
  ],
  appliesTo: 'keys in Azure vaults and managed HSMs',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

function test(context: ControlContext, key: KeyRow): Answers {
  const cites = key.seq === null ? [] : [key.seq];
  if (key.provider !== 'azure')
    return both(notApplicable('Keys of this provider have no expiry date.', cites));
  const active = activity(context, key);
  const now = expiryNow(context, key, cites);
  return {
    collection: active.now ?? now,
    period:
      active.period ??
      throughout(context, {
        subject: key.id,
        account: key.account,
        region: key.region,
        settings: ['attributes', 'material'],
        // A new version comes with the lifetime that the rotation policy gives it.
        good: (change) => change.setting === 'material' && now.result === 'pass',
        created: key.created,
        now,
        what: 'the key had an expiry date',
        ...(active.until === undefined ? {} : { until: active.until }),
      }),
  };
}

function expiryNow(context: ControlContext, key: KeyRow, cites: number[]): Answer {
  if (key.valid_to === null) return exception('The key has no expiry date.', cites);
  if (key.valid_to <= context.collectedAt) {
    return exception(`The key expired on ${day(key.valid_to)} and is still enabled.`, cites);
  }
  return pass(`The key expires on ${day(key.valid_to)}.`, cites);
}
