import type { KeyRow } from '../../db/derived/keys.ts';
import { both, exception, notApplicable, pass, type Answer, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { addDays, count, day, daysBetween } from './dates.ts';
import { testKeys } from './test-keys.ts';
import { changeText, throughout } from './throughout.ts';

const ID = 'imported-material-expiring';
/** Short enough that somebody must act now, long enough that they can. */
const SOON_DAYS = 30;

/** Imported key material does not run out unnoticed. */
export const importedMaterialExpiring: Control = {
  id: ID,
  title: 'Imported key material is not about to expire',
  finding: 'protection',
  criteria: ['CC6.1', 'A1.2'],
  question: 'Has imported key material expired, or will it within 30 days?',
  method:
    'For keys whose material is imported (AWS: origin EXTERNAL) read until when it is valid and whether the key has material (AWS: ValidTo and KeyState of DescribeKey). For the period, read logged losses of material (AWS: DeleteExpiredKeyMaterial, DeleteImportedKeyMaterial).',
  permissions: ['kms:DescribeKey', 'Microsoft.KeyVault/vaults/keys/read', '<mount>/keys/+ [read]'],
  remediation: 'Import the material again with a later date, or without one.',
  standards: [],
  appliesTo: 'customer managed keys with imported key material',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

function test(context: ControlContext, key: KeyRow): Answers {
  const cites = key.seq === null ? [] : [key.seq];
  if (key.material_holder !== 'imported') {
    return both(notApplicable('The key material is not imported.', cites));
  }
  const now = materialNow(context, key, cites);
  return {
    collection: now,
    period: throughout(context, {
      subject: key.id,
      account: key.account,
      region: key.region,
      settings: ['material'],
      created: key.created,
      now: inPeriod(context, key, now, cites),
      what: 'the imported material was in place',
      bad: (change, until) =>
        change.value === 'EXPIRED' || change.value === 'DELETED'
          ? `The key had no material from ${day(change.at)} to ${day(until)} (${changeText(change)}).`
          : null,
      good: (change) => change.value === 'IMPORTED' || change.value === 'ON_DEMAND',
    }),
  };
}

/** Material that runs out soon was in place all the same until then. */
function inPeriod(context: ControlContext, key: KeyRow, now: Answer, cites: number[]): Answer {
  const { period } = context.engagement;
  if (key.state === 'PendingImport' || key.valid_to === null || key.valid_to < period.to) return now;
  return pass(`The imported material was valid until ${day(key.valid_to)}.`, cites);
}

function materialNow(context: ControlContext, key: KeyRow, cites: number[]): Answer {
  if (key.state === 'PendingImport') {
    return exception('The key has no material: it was never imported, was deleted, or expired.', cites);
  }
  if (key.valid_to === null) return pass('The imported material does not expire.', cites);
  const days = daysBetween(context.collectedAt, key.valid_to);
  if (key.valid_to <= context.collectedAt) {
    return exception(`The imported material expired on ${day(key.valid_to)}.`, cites);
  }
  const sentence = `The imported material expires on ${day(key.valid_to)}, ${count(days, 'day')} after collection.`;
  return key.valid_to <= addDays(context.collectedAt, SOON_DAYS)
    ? exception(sentence, cites)
    : pass(sentence, cites);
}
