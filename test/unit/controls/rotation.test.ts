import { describe, expect, it } from 'vitest';
import { rotationAge } from '../../../electron/controls/rotation-age.ts';
import { rotationEnabled } from '../../../electron/controls/rotation-enabled.ts';
import { rotationManual } from '../../../electron/controls/rotation-manual.ts';
import { rotationPeriod } from '../../../electron/controls/rotation-period.ts';
import { rotationPolicyAnnual } from '../../../electron/controls/rotation-policy-annual.ts';
import { keyArn, newAwsLedger, type AwsLedger } from '../../support/aws-ledger.ts';
import { answers, change, hole, logs } from '../../support/controls.ts';

const RSA = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' };

async function ledgerWith(metadata: object = {}, parameters = {}): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement(parameters);
  await ledger.lists([1]);
  await ledger.describe(1, metadata);
  return ledger;
}

const outcome = (given: ReturnType<typeof answers>) => [given.collection.result, given.period.result];

describe('rotation-enabled', () => {
  it('passes both times when rotation is on and complete logs show no change', async () => {
    const ledger = await ledgerWith();
    const status = await ledger.rotation(1, true);
    const given = answers(ledger, rotationEnabled, { logs: logs() });
    expect(outcome(given)).toEqual(['pass', 'pass']);
    expect(given.collection.cites).toContain(status);
    expect(given.period.reason).toContain('automatic rotation was on throughout');
  });

  it('is an exception both times when rotation is off', async () => {
    const ledger = await ledgerWith();
    await ledger.rotation(1, false);
    expect(outcome(answers(ledger, rotationEnabled, { logs: logs() }))).toEqual(['exception', 'exception']);
  });

  it('is undetermined with the provider’s code when the call was refused, never an exception', async () => {
    const ledger = await ledgerWith();
    await ledger.fails('aws.kms.GetKeyRotationStatus', { KeyId: keyArn(1) }, 'AccessDeniedException');
    const given = answers(ledger, rotationEnabled, { logs: logs() });
    expect(outcome(given)).toEqual(['undetermined', 'undetermined']);
    expect(given.collection.code).toBe('AccessDeniedException');
  });

  it('cannot say what held in the period without logs, or with a hole in them', async () => {
    const ledger = await ledgerWith();
    await ledger.rotation(1, true);
    expect(outcome(answers(ledger, rotationEnabled))).toEqual(['pass', 'undetermined']);
    const given = answers(ledger, rotationEnabled, { logs: logs([], [hole('2026-03-01', '2026-03-05')]) });
    expect(outcome(given)).toEqual(['pass', 'undetermined']);
    expect(given.period.reason).toContain('4 whole days');
  });

  it('finds the weeks in which rotation was off, though it is on at collection', async () => {
    const ledger = await ledgerWith();
    await ledger.rotation(1, true);
    const given = answers(ledger, rotationEnabled, {
      logs: logs(
        [change('DisableKeyRotation', '2026-05-02'), change('EnableKeyRotation', '2026-05-23')],
        [hole('2026-03-01', '2026-03-05')],
      ),
    });
    expect(outcome(given)).toEqual(['pass', 'exception']);
    expect(given.period.reason).toContain('off from 2026-05-02 to 2026-05-23 (21 days)');
  });

  it('asks for evidence of the time before the first logged change, unless a rotation shows it', async () => {
    const ledger = await ledgerWith();
    await ledger.rotation(1, true);
    const enabled = logs([change('EnableKeyRotation', '2026-05-23')]);
    expect(outcome(answers(ledger, rotationEnabled, { logs: enabled }))).toEqual([
      'pass',
      'evidence-required',
    ]);
    await ledger.rotations(1, ['2026-02-03T00:00:00Z']);
    expect(outcome(answers(ledger, rotationEnabled, { logs: enabled }))).toEqual(['pass', 'pass']);
  });

  it('takes the state the period began with from a change before it, when logs reach that far', async () => {
    const ledger = await ledgerWith();
    await ledger.rotation(1, true);
    const off = logs([change('DisableKeyRotation', '2025-12-20'), change('EnableKeyRotation', '2026-01-11')]);
    const given = answers(ledger, rotationEnabled, { logs: off });
    expect(outcome(given)).toEqual(['pass', 'exception']);
    expect(given.period.reason).toContain('off from 2026-01-01 to 2026-01-11 (10 days)');
    const on = logs([change('EnableKeyRotation', '2025-12-20'), change('EnableKeyRotation', '2026-01-11')]);
    expect(outcome(answers(ledger, rotationEnabled, { logs: on }))).toEqual(['pass', 'pass']);
  });

  it('says nothing of the period from a state read long after it without logs', async () => {
    const ledger = await ledgerWith();
    await ledger.rotation(1, false);
    await ledger.tags(1, {});
    await ledger.ok('aws.kms.ListAliases', {}, { Aliases: [] }, { start: '2026-08-01T10:00:00.000Z' });
    expect(outcome(answers(ledger, rotationEnabled))).toEqual(['exception', 'undetermined']);
    expect(outcome(answers(ledger, rotationEnabled, { logs: logs() }))).toEqual(['exception', 'exception']);
  });

  it('a refused change changed nothing', async () => {
    const ledger = await ledgerWith();
    await ledger.rotation(1, true);
    const refused = logs([change('DisableKeyRotation', '2026-05-02', { error: 'AccessDenied' })]);
    expect(outcome(answers(ledger, rotationEnabled, { logs: refused }))).toEqual(['pass', 'pass']);
  });

  it.each([
    ['asymmetric', RSA],
    ['HMAC', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }],
    ['imported', { Origin: 'EXTERNAL' }],
    ['CloudHSM', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: 'cks-1' }],
    ['external store', { Origin: 'EXTERNAL_KEY_STORE' }],
    ['AWS managed', { KeyManager: 'AWS' }],
  ])('does not apply to a key that is %s', async (_, metadata) => {
    const ledger = await ledgerWith(metadata);
    await ledger.fails('aws.kms.GetKeyRotationStatus', { KeyId: keyArn(1) }, 'UnsupportedOperationException');
    expect(outcome(answers(ledger, rotationEnabled, { logs: logs() }))).toEqual([
      'not-applicable',
      'not-applicable',
    ]);
  });

  it('for a key disabled in the period, the time before counts', async () => {
    const ledger = await ledgerWith({ KeyState: 'Disabled' });
    await ledger.rotation(1, false);
    const disabled = change('DisableKey', '2026-04-01');
    expect(outcome(answers(ledger, rotationEnabled, { logs: logs([disabled]) }))).toEqual([
      'not-applicable',
      'exception',
    ]);
    expect(outcome(answers(ledger, rotationEnabled, { logs: logs() }))).toEqual([
      'not-applicable',
      'not-applicable',
    ]);
    expect(outcome(answers(ledger, rotationEnabled))).toEqual(['not-applicable', 'undetermined']);
  });

  it('a key created after the period is outside it', async () => {
    const ledger = await ledgerWith({ CreationDate: Date.parse('2026-07-01T09:00:00Z') / 1000 });
    await ledger.rotation(1, true);
    expect(outcome(answers(ledger, rotationEnabled, { logs: logs() }))).toEqual(['pass', 'not-applicable']);
  });

  it('a replica follows its primary', async () => {
    const primary = keyArn(2, 'us-east-1');
    const ledger = await ledgerWith({
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'REPLICA',
        PrimaryKey: { Arn: primary, Region: 'us-east-1' },
      },
    });
    expect(outcome(answers(ledger, rotationEnabled, { logs: logs() }))[0]).toBe('undetermined');
    await ledger.describe(2, {}, { scope: '111122223333/us-east-1' });
    await ledger.ok(
      'aws.kms.GetKeyRotationStatus',
      { KeyId: primary },
      { KeyRotationEnabled: true, RotationPeriodInDays: 365 },
      { scope: '111122223333/us-east-1' },
    );
    const given = answers(ledger, rotationEnabled, { logs: logs() });
    expect(outcome(given)).toEqual(['pass', 'pass']);
    expect(given.collection.reason).toContain(primary);
  });

  it('keeps a key that was deleted in the period in the population', async () => {
    const ledger = await ledgerWith();
    const gone = keyArn(8);
    const given = answers(ledger, rotationEnabled, {
      subject: gone,
      logs: logs([], [], {
        loggedKeys: () => [
          {
            provider: 'aws',
            arn: gone,
            belongs: 'inventory',
            source: 'aws-1',
            account: '111122223333',
            region: 'eu-west-1',
            nativeId: 'x',
            created: null,
            deleted: '2026-02-01T00:00:00.000Z',
            seq: 3,
          },
        ],
      }),
    });
    expect(outcome(given)).toEqual(['not-applicable', 'not-applicable']);
    expect(given.period.reason).toContain('deleted on 2026-02-01');
  });

  it('has no period answer in an engagement as of a date', async () => {
    const ledger = newAwsLedger();
    await ledger.engagement({}, 1);
    await ledger.lists([1]);
    await ledger.describe(1);
    await ledger.rotation(1, false);
    expect(outcome(answers(ledger, rotationEnabled))).toEqual(['exception', 'not-applicable']);
  });
});

describe('rotation-period-within-policy', () => {
  it('compares the period with the client’s clause', async () => {
    const ledger = await ledgerWith({}, { rotationDays: { value: 365, clause: '4.2' } });
    await ledger.rotation(1, true, 730);
    const given = answers(ledger, rotationPeriod, { logs: logs() });
    expect(outcome(given)).toEqual(['exception', 'exception']);
    expect(given.collection.reason).toContain('730 days; policy allows 365 days (client policy, clause 4.2)');
  });

  it('passes within policy, and finds a longer period set for a while', async () => {
    const ledger = await ledgerWith();
    await ledger.rotation(1, true, 90);
    expect(outcome(answers(ledger, rotationPeriod, { logs: logs() }))).toEqual(['pass', 'pass']);
    const longer = logs([
      change('EnableKeyRotation', '2026-02-01', { params: { rotationPeriodInDays: 900 } }),
      change('EnableKeyRotation', '2026-03-01', { params: { rotationPeriodInDays: 90 } }),
    ]);
    expect(outcome(answers(ledger, rotationPeriod, { logs: longer }))).toEqual(['pass', 'exception']);
  });

  it('is undetermined without the status, and has nothing to compare when rotation is off', async () => {
    const ledger = await ledgerWith();
    expect(outcome(answers(ledger, rotationPeriod, { logs: logs() }))).toEqual([
      'undetermined',
      'undetermined',
    ]);
    await ledger.rotation(1, false);
    expect(answers(ledger, rotationPeriod, { logs: logs() }).collection.result).toBe('not-applicable');
  });
});

describe('rotation-age', () => {
  it('passes when rotations, also before the period, were never further apart than policy', async () => {
    const ledger = await ledgerWith();
    await ledger.rotations(1, ['2025-02-01T00:00:00Z', '2026-01-15T00:00:00Z']);
    const given = answers(ledger, rotationAge);
    expect(outcome(given)).toEqual(['pass', 'pass']);
    expect(given.collection.reason).toContain('Last rotated automatically on 2026-01-15');
  });

  it('finds a stretch in the period that was too long, though the key has been rotated since', async () => {
    const ledger = await ledgerWith();
    await ledger.rotations(1, ['2026-05-01T00:00:00Z'], 'ON_DEMAND');
    const given = answers(ledger, rotationAge);
    expect(outcome(given)).toEqual(['pass', 'exception']);
    expect(given.period.reason).toContain('From 2026-01-01 to 2026-05-01');
    expect(given.period.reason).toContain('791 days without rotation');
  });

  it('a stretch that ended before the period does not count', async () => {
    const ledger = await ledgerWith({ CreationDate: Date.parse('2022-01-01T00:00:00Z') / 1000 });
    await ledger.rotations(1, ['2025-12-01T00:00:00Z']);
    expect(outcome(answers(ledger, rotationAge))).toEqual(['pass', 'pass']);
  });

  it('is undetermined when an old key’s rotations could not be read; a young key needs none', async () => {
    const ledger = await ledgerWith();
    await ledger.fails('aws.kms.ListKeyRotations', { KeyId: keyArn(1) }, 'AccessDeniedException');
    const given = answers(ledger, rotationAge);
    expect(outcome(given)).toEqual(['undetermined', 'undetermined']);
    expect(given.period.code).toBe('AccessDeniedException');
    await ledger.describe(1, { CreationDate: Date.parse('2026-02-01T00:00:00Z') / 1000 });
    expect(outcome(answers(ledger, rotationAge))).toEqual(['pass', 'pass']);
  });

  it('is an exception at collection when the last rotation is too old', async () => {
    const ledger = await ledgerWith();
    await ledger.rotations(1, []);
    const given = answers(ledger, rotationAge);
    expect(outcome(given)).toEqual(['exception', 'exception']);
    expect(given.collection.reason).toContain(
      'Never rotated; created on 2024-03-01, 852 days before collection',
    );
  });
});

describe('rotation-manual', () => {
  it('asks for evidence of a rotation by hand, never calls its absence an exception', async () => {
    const ledger = await ledgerWith(RSA);
    const given = answers(ledger, rotationManual);
    expect(outcome(given)).toEqual(['evidence-required', 'evidence-required']);
    expect(given.collection.reason).toContain('only symmetric encryption keys');
  });

  it('accepts a declared rotation within policy', async () => {
    const ledger = await ledgerWith(RSA);
    for (const rotatedAt of ['2025-02-20T00:00:00Z', '2026-02-10T00:00:00Z']) {
      await ledger.declare('rotation.manual', keyArn(1), {
        rotatedAt,
        performer: 'Kim',
        reason: 'yearly',
        evidenceSha256: null,
      });
    }
    const given = answers(ledger, rotationManual);
    expect(outcome(given)).toEqual(['pass', 'pass']);
    expect(given.collection.reason).toContain('by hand by Kim (declared');
  });

  it('does not apply to keys that rotate automatically, and is undetermined for keys not described', async () => {
    const ledger = await ledgerWith();
    expect(outcome(answers(ledger, rotationManual))).toEqual(['not-applicable', 'not-applicable']);
    const other = newAwsLedger();
    await other.engagement();
    await other.lists([1]);
    await other.fails('aws.kms.DescribeKey', { KeyId: keyArn(1) }, 'AccessDeniedException');
    expect(outcome(answers(other, rotationManual))).toEqual(['undetermined', 'undetermined']);
  });
});

describe('rotation-policy-annual', () => {
  it('flags a client policy weaker than annual, apart from the keys that follow it', async () => {
    const weak = await ledgerWith({}, { rotationDays: { value: 730, clause: '4.2' } });
    expect(answers(weak, rotationPolicyAnnual, { subject: 'policy' }).collection.result).toBe('exception');
    const annual = await ledgerWith({}, { rotationDays: { value: 365, clause: '4.2' } });
    expect(answers(annual, rotationPolicyAnnual, { subject: 'policy' }).collection.result).toBe('pass');
    const none = await ledgerWith();
    expect(answers(none, rotationPolicyAnnual, { subject: 'policy' }).collection.result).toBe(
      'not-applicable',
    );
  });
});
