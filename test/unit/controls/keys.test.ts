import { describe, expect, it } from 'vitest';
import { approvedAlgorithm } from '../../../electron/controls/approved-algorithm.ts';
import { approvedKeyManagement } from '../../../electron/controls/approved-key-management.ts';
import type { Control } from '../../../electron/controls/control.ts';
import { importedMaterialExpiring } from '../../../electron/controls/imported-material-expiring.ts';
import { keyCreationAuthorised } from '../../../electron/controls/key-creation-authorised.ts';
import { materialJustified } from '../../../electron/controls/material-justified.ts';
import { ownerDocumented } from '../../../electron/controls/owner-documented.ts';
import { pendingDeletion } from '../../../electron/controls/pending-deletion.ts';
import { keyArn, newAwsLedger, type AwsLedger } from '../../support/aws-ledger.ts';
import { answers, change, hole, logs } from '../../support/controls.ts';

async function ledgerWith(metadata: object = {}, parameters = {}): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement(parameters);
  await ledger.lists([1]);
  await ledger.describe(1, metadata);
  return ledger;
}

async function refused(): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement();
  await ledger.lists([1]);
  await ledger.fails('aws.kms.DescribeKey', { KeyId: keyArn(1) }, 'AccessDeniedException');
  return ledger;
}

const outcome = (given: ReturnType<typeof answers>) => [given.collection.result, given.period.result];
const IMPORTED = { Origin: 'EXTERNAL', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };
const at = (date: string): number => Date.parse(date) / 1000;

describe.each<[string, Control]>([
  ['approved-algorithm', approvedAlgorithm],
  ['approved-key-management', approvedKeyManagement],
  ['imported-material-expiring', importedMaterialExpiring],
  ['key-creation-authorised', keyCreationAuthorised],
  ['material-justified', materialJustified],
  ['owner-documented', ownerDocumented],
  ['pending-deletion', pendingDeletion],
])('%s', (_, control) => {
  it('is undetermined with the provider’s code for a key that could not be described', async () => {
    const given = answers(await refused(), control, { logs: logs() });
    expect(outcome(given)).toEqual(['undetermined', 'undetermined']);
    expect(given.collection.code).toBe('AccessDeniedException');
  });

  it('does not apply to a key that the provider manages', async () => {
    const given = answers(await ledgerWith({ KeyManager: 'AWS' }), control, { logs: logs() });
    expect(outcome(given)).toEqual(['not-applicable', 'not-applicable']);
  });
});

describe('approved-algorithm', () => {
  it('passes for an approved spec and is an exception for another, for the key’s whole life', async () => {
    expect(outcome(answers(await ledgerWith(), approvedAlgorithm))).toEqual(['pass', 'pass']);
    const odd = await ledgerWith({ KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY' });
    expect(outcome(answers(odd, approvedAlgorithm))).toEqual(['exception', 'exception']);
  });
});

describe('approved-key-management', () => {
  it('measures against the client’s list', async () => {
    expect(outcome(answers(await ledgerWith(), approvedKeyManagement))).toEqual(['pass', 'pass']);
    const vaultOnly = await ledgerWith({}, { approvedKeyManagement: { value: ['vault'], clause: '2' } });
    const given = answers(vaultOnly, approvedKeyManagement);
    expect(outcome(given)).toEqual(['exception', 'exception']);
    expect(given.collection.reason).toContain('client policy, clause 2');
  });
});

describe('owner-documented', () => {
  it('finds the owner in a tag, and held when no change of tags was logged', async () => {
    const ledger = await ledgerWith();
    const tags = await ledger.tags(1, { Owner: 'Maria Lopez' });
    const given = answers(ledger, ownerDocumented, { logs: logs() });
    expect(outcome(given)).toEqual(['pass', 'pass']);
    expect(given.collection.cites).toContain(tags);
    const changed = logs([change('TagResource', '2026-03-01')]);
    expect(outcome(answers(ledger, ownerDocumented, { logs: changed }))).toEqual([
      'pass',
      'evidence-required',
    ]);
    const dark = logs([], [hole('2026-03-01', '2026-03-02')]);
    expect(outcome(answers(ledger, ownerDocumented, { logs: dark }))).toEqual(['pass', 'undetermined']);
  });

  it('is an exception only when the tags were read and nothing is declared', async () => {
    const ledger = await ledgerWith();
    await ledger.tags(1, { Owner: '  ' });
    expect(outcome(answers(ledger, ownerDocumented, { logs: logs() }))).toEqual(['exception', 'exception']);
    const denied = await ledgerWith();
    await denied.fails('aws.kms.ListResourceTags', { KeyId: keyArn(1) }, 'AccessDeniedException');
    const given = answers(denied, ownerDocumented, { logs: logs() });
    expect(outcome(given)).toEqual(['undetermined', 'undetermined']);
    expect(given.collection.code).toBe('AccessDeniedException');
  });

  it('accepts a declared owner, who does not say since when', async () => {
    const ledger = await ledgerWith();
    await ledger.declare('owner', keyArn(1), { owner: 'Kim', deputy: 'Lee', note: null });
    const given = answers(ledger, ownerDocumented, { logs: logs() });
    expect(outcome(given)).toEqual(['pass', 'evidence-required']);
    expect(given.collection.reason).toContain('Kim, deputy Lee (declared by Ann Analyst');
  });
});

describe('material-justified', () => {
  it('asks only for material from outside', async () => {
    expect(outcome(answers(await ledgerWith(), materialJustified))).toEqual([
      'not-applicable',
      'not-applicable',
    ]);
    const imported = await ledgerWith(IMPORTED);
    await imported.tags(1, {});
    expect(outcome(answers(imported, materialJustified, { logs: logs() }))).toEqual([
      'exception',
      'exception',
    ]);
    await imported.declare('material.justification', keyArn(1), { reason: 'contract', approver: 'CISO' });
    expect(outcome(answers(imported, materialJustified, { logs: logs() }))[0]).toBe('pass');
  });
});

describe('imported-material-expiring', () => {
  it('passes without expiry, and names the date when it is near', async () => {
    expect(outcome(answers(await ledgerWith(IMPORTED), importedMaterialExpiring, { logs: logs() }))).toEqual([
      'pass',
      'pass',
    ]);
    const near = await ledgerWith({ ...IMPORTED, ValidTo: at('2026-07-20T00:00:00Z') });
    const given = answers(near, importedMaterialExpiring, { logs: logs() });
    expect(outcome(given)).toEqual(['exception', 'pass']);
    expect(given.collection.reason).toContain('expires on 2026-07-20, 18 days after collection');
  });

  it('finds the time in which a key had no material', async () => {
    const ledger = await ledgerWith(IMPORTED);
    const expired = logs([
      change('DeleteExpiredKeyMaterial', '2026-02-01'),
      change('ImportKeyMaterial', '2026-02-03'),
    ]);
    const given = answers(ledger, importedMaterialExpiring, { logs: expired });
    expect(outcome(given)).toEqual(['pass', 'exception']);
    expect(given.period.reason).toContain('no material from 2026-02-01 to 2026-02-03');
  });
});

describe('pending-deletion', () => {
  it('finds a key that waits for deletion, and one that did and was saved', async () => {
    const waiting = await ledgerWith({
      KeyState: 'PendingDeletion',
      DeletionDate: at('2026-07-09T00:00:00Z'),
    });
    expect(outcome(answers(waiting, pendingDeletion, { logs: logs() }))).toEqual(['exception', 'exception']);
    const saved = logs([
      change('ScheduleKeyDeletion', '2026-04-01'),
      change('CancelKeyDeletion', '2026-04-04'),
    ]);
    const given = answers(await ledgerWith(), pendingDeletion, { logs: saved });
    expect(outcome(given)).toEqual(['pass', 'exception']);
    expect(given.period.reason).toContain('from 2026-04-01 to 2026-04-04');
  });

  it('passes with complete logs, and cannot say without', async () => {
    const ledger = await ledgerWith();
    expect(outcome(answers(ledger, pendingDeletion, { logs: logs() }))).toEqual(['pass', 'pass']);
    expect(outcome(answers(ledger, pendingDeletion))).toEqual(['pass', 'undetermined']);
  });

  it('asks for the approval of a key deleted in the period', async () => {
    const gone = keyArn(9);
    const given = answers(await ledgerWith(), pendingDeletion, {
      subject: gone,
      logs: logs([change('ScheduleKeyDeletion', '2026-01-20', { subject: gone })], [], {
        loggedKeys: () => [
          {
            ...{
              provider: 'aws',
              arn: gone,
              belongs: 'inventory',
              source: 'aws-1',
              account: '111122223333',
              region: 'eu-west-1',
            },
            ...{ nativeId: 'x', created: null, deleted: '2026-02-19T00:00:00.000Z', seq: 3 },
          },
        ],
      }),
    });
    expect(outcome(given)).toEqual(['not-applicable', 'evidence-required']);
    expect(given.period.reason).toContain('deleted on 2026-02-19 (ScheduleKeyDeletion on 2026-01-20 by arn');
  });
});

describe('key-creation-authorised', () => {
  const created = { CreationDate: at('2026-03-03T10:00:00Z') };

  it('names creator and ticket of a key made in the period', async () => {
    const ledger = await ledgerWith(created);
    await ledger.tags(1, { ChangeTicket: 'CHG-1' });
    const given = answers(ledger, keyCreationAuthorised, { logs: logs([change('CreateKey', '2026-03-03')]) });
    expect(outcome(given)).toEqual(['pass', 'pass']);
    expect(given.period.reason).toContain('user/bob; authorisation CHG-1 (tag ChangeTicket)');
  });

  it('is an exception without a ticket, undetermined without tags or creator, not asked of older keys', async () => {
    const none = await ledgerWith(created);
    await none.tags(1, {});
    expect(
      outcome(answers(none, keyCreationAuthorised, { logs: logs([change('CreateKey', '2026-03-03')]) })),
    ).toEqual(['exception', 'exception']);
    const denied = await ledgerWith(created);
    await denied.fails('aws.kms.ListResourceTags', { KeyId: keyArn(1) }, 'AccessDeniedException');
    expect(outcome(answers(denied, keyCreationAuthorised))).toEqual(['undetermined', 'undetermined']);
    const unseen = await ledgerWith(created);
    await unseen.tags(1, { ChangeTicket: 'CHG-1' });
    expect(outcome(answers(unseen, keyCreationAuthorised))).toEqual(['undetermined', 'undetermined']);
    expect(outcome(answers(await ledgerWith(), keyCreationAuthorised))).toEqual([
      'not-applicable',
      'not-applicable',
    ]);
  });
});
