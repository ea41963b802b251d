import { describe, expect, it } from 'vitest';
import { completeness, regions } from '../../../db/derived/completeness.ts';
import { callCounts, hosts, identities, listGaps } from '../../../db/derived/gaps.ts';
import { answersOf, getKey, listKeys, policyOf, rotationsOf } from '../../../db/derived/keys.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { derivedDigest } from '../../../electron/derive/digest.ts';
import { ACCOUNT, keyArn, keyId, newAwsLedger, SNAPSHOT } from '../../support/aws-ledger.ts';

const gaps = (db: Parameters<typeof listGaps>[0]) => listGaps(db, SNAPSHOT, { after: null }).rows;
const statuses = (db: Parameters<typeof answersOf>[0], n: number) =>
  Object.fromEntries(answersOf(db, SNAPSHOT, keyArn(n)).map((a) => [a.op, a.status]));

describe('derived keys', () => {
  it('hold what the provider said, each value citing its entry', async () => {
    const ledger = newAwsLedger();
    await ledger.lists([1]);
    const described = await ledger.describe(1);
    const status = await ledger.rotation(1, true, 90);
    await ledger.rotations(1, ['2025-01-02T00:00:00Z', '2026-01-02T00:00:00Z']);
    const policy = await ledger.policy(1, { Statement: [] });
    derive(ledger.db);
    expect(getKey(ledger.db, SNAPSHOT, keyArn(1))).toMatchObject({
      ...{
        account: ACCOUNT,
        region: 'eu-west-1',
        native_id: keyId(1),
        state: 'Enabled',
        manager: 'customer',
      },
      ...{ material_holder: 'platform', rotation_support: 'automatic', rotation_enabled: 1 },
      ...{ rotation_period_days: 90, last_rotation: '2026-01-02T00:00:00.000Z', rotation_seq: status },
      ...{
        listed_start: 1,
        listed_end: 1,
        basis: 'observed',
        seq: described,
        created: '2024-03-01T00:00:00.000Z',
      },
    });
    expect(rotationsOf(ledger.db, SNAPSHOT, keyArn(1)).map((r) => r.at)).toEqual([
      null,
      '2025-01-02T00:00:00.000Z',
      '2026-01-02T00:00:00.000Z',
    ]);
    expect(policyOf(ledger.db, SNAPSHOT, keyArn(1))).toMatchObject({ text: '{"Statement":[]}', seq: policy });
  });

  it('are made again with identical rows', async () => {
    const ledger = newAwsLedger();
    await ledger.lists([1, 2]);
    await ledger.describe(1);
    await ledger.fails('aws.kms.DescribeKey', { KeyId: keyArn(2) }, 'AccessDeniedException');
    await ledger.rotation(1, true);
    derive(ledger.db);
    const before = derivedDigest(ledger.db);
    ledger.db.exec(
      "UPDATE key SET rotation_enabled = 0; DELETE FROM gap; INSERT INTO key_tag VALUES ('s1', 'x', 'n', 'v', 1, 1)",
    );
    expect(derivedDigest(ledger.db)).not.toBe(before);
    derive(ledger.db);
    expect(derivedDigest(ledger.db)).toBe(before);
  });

  it('come from imported AWS CLI files too, marked as the client’s', async () => {
    const ledger = newAwsLedger();
    await ledger.file('aws.kms.DescribeKey', 'describe.json', {
      KeyMetadata: {
        Arn: keyArn(7),
        KeyId: keyId(7),
        KeyManager: 'CUSTOMER',
        KeySpec: 'SYMMETRIC_DEFAULT',
        KeyUsage: 'ENCRYPT_DECRYPT',
        Origin: 'AWS_KMS',
        KeyState: 'Enabled',
        CreationDate: '2024-01-01T00:00:00+00:00',
      },
    });
    await ledger.file('aws.kms.GetKeyPolicy', `policy-${keyId(7)}.json`, {
      Policy: '{}',
      PolicyName: 'default',
    });
    await ledger.file('aws.kms.GetKeyRotationStatus', `rotation.json`, {
      KeyId: keyArn(7),
      KeyRotationEnabled: true,
    });
    derive(ledger.db);
    expect(getKey(ledger.db, SNAPSHOT, keyArn(7))).toMatchObject({
      ...{
        basis: 'client-provided',
        source: 'files-1',
        account: ACCOUNT,
        created: '2024-01-01T00:00:00.000Z',
      },
      ...{ rotation_enabled: 1, rotation_period_days: 365, belongs: 'inventory' },
    });
    expect(policyOf(ledger.db, SNAPSHOT, keyArn(7))?.text).toBe('{}');
  });

  it('page by key without skipping or repeating', async () => {
    const ledger = newAwsLedger();
    await ledger.lists([1, 2, 3, 4, 5]);
    derive(ledger.db);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = listKeys(ledger.db, SNAPSHOT, { after, limit: 2 });
      seen.push(...page.rows.map((k) => k.id));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual([1, 2, 3, 4, 5].map((n) => keyArn(n)));
    expect(() => listKeys(ledger.db, SNAPSHOT, { after: null, limit: 501 })).toThrow('ask for 1 to 500');
  });
});

describe('questions and gaps', () => {
  it('count every key exactly once per question', async () => {
    const ledger = newAwsLedger();
    await ledger.lists([1, 2, 3], [2, 3, 4]);
    for (const n of [1, 2, 3])
      await ledger.describe(n, n === 3 ? { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' } : {});
    await ledger.rotation(1, true);
    await ledger.fails('aws.kms.GetKeyRotationStatus', { KeyId: keyArn(2) }, 'AccessDeniedException');
    await ledger.fails('aws.kms.GetKeyRotationStatus', { KeyId: keyArn(3) }, 'UnsupportedOperationException');
    derive(ledger.db);
    const [place] = completeness(ledger.db, SNAPSHOT);
    expect(place).toMatchObject({ keys: 4, customer: 3, managerUnknown: 1, appeared: 1, vanished: 1 });
    expect(place!.start).toMatchObject({ items: 3, complete: true });
    for (const q of place!.questions) {
      expect(
        q.ok + q.denied + q.notApplicable + q.throttled + q.error + q.network + q.interrupted + q.notAsked,
      ).toBe(4);
    }
    expect(place!.questions.find((q) => q.op === 'GetKeyRotationStatus')).toMatchObject({
      ...{ ok: 1, denied: 1, notApplicable: 1, notAsked: 1 },
    });
  });

  it('a retried call counts as calls; only its last answer decides', async () => {
    const ledger = newAwsLedger();
    await ledger.lists([1]);
    await ledger.fails('aws.kms.DescribeKey', { KeyId: keyArn(1) }, 'ThrottlingException');
    await ledger.describe(1, {}, { attempt: 2 });
    derive(ledger.db);
    expect(statuses(ledger.db, 1).DescribeKey).toBe('ok');
    expect(gaps(ledger.db).filter((g) => g.op === 'aws.kms.DescribeKey')).toEqual([]);
    expect(callCounts(ledger.db, SNAPSHOT).filter((c) => c.op === 'aws.kms.DescribeKey')).toMatchObject([
      { outcome: 'error', code: 'ThrottlingException', calls: 1 },
      { outcome: 'ok', calls: 1, retries: 1 },
    ]);
  });

  it('a refused call is a gap with the provider’s code, its effect and a remedy', async () => {
    const ledger = newAwsLedger();
    await ledger.lists([1]);
    await ledger.describe(1);
    const seq = await ledger.fails(
      'aws.kms.GetKeyPolicy',
      { KeyId: keyArn(1), PolicyName: 'default' },
      'AccessDeniedException',
    );
    derive(ledger.db);
    expect(gaps(ledger.db).find((g) => g.op === 'aws.kms.GetKeyPolicy')).toMatchObject({
      ...{ subject: keyArn(1), reason: 'denied', code: 'AccessDeniedException', seq },
      message: 'AccessDeniedException said so',
      effect: expect.stringContaining('tests of access are undetermined') as string,
      remedy: expect.stringContaining('kms:GetKeyPolicy') as string,
    });
  });

  it('a provider’s own key that refuses its rotation status is no gap', async () => {
    const ledger = newAwsLedger();
    await ledger.lists([1]);
    await ledger.describe(1, { KeyManager: 'AWS' });
    await ledger.fails('aws.kms.GetKeyRotationStatus', { KeyId: keyArn(1) }, 'AccessDeniedException');
    derive(ledger.db);
    expect(statuses(ledger.db, 1).GetKeyRotationStatus).toBe('not-applicable');
    expect(gaps(ledger.db)).toEqual([]);
  });

  it('a list that ends before its last page is incomplete, and a page no token reaches is not counted', async () => {
    const ledger = newAwsLedger();
    const page = (ids: number[], next?: string) => ({
      Keys: ids.map((n) => ({ KeyId: keyId(n), KeyArn: keyArn(n) })),
      Truncated: next !== undefined,
      ...(next ? { NextMarker: next } : {}),
    });
    await ledger.ok('aws.kms.ListKeys', { Limit: 1000 }, page([1], 'old'));
    await ledger.ok('aws.kms.ListKeys', { Limit: 1000, Marker: 'old' }, page([9]));
    await ledger.ok('aws.kms.ListKeys', { Limit: 1000 }, page([1], 'new'));
    await ledger.ok('aws.kms.ListKeys', { Limit: 1000, Marker: 'new' }, page([2], 'more'));
    derive(ledger.db);
    expect(listKeys(ledger.db, SNAPSHOT, { after: null }).rows.map((k) => k.id)).toEqual([
      keyArn(1),
      keyArn(2),
    ]);
    expect(completeness(ledger.db, SNAPSHOT)[0]!.start).toMatchObject({
      pages: 2,
      complete: false,
      status: 'interrupted',
    });
    expect(gaps(ledger.db).some((g) => g.op === 'aws.kms.ListKeys' && g.reason === 'interrupted')).toBe(true);
  });

  it('every enabled Region is collected or a gap', async () => {
    const ledger = newAwsLedger();
    await ledger.ok(
      'aws.account.ListRegions',
      {},
      {
        Regions: [
          { RegionName: 'eu-west-1', RegionOptStatus: 'ENABLED_BY_DEFAULT' },
          { RegionName: 'eu-west-2', RegionOptStatus: 'ENABLED_BY_DEFAULT' },
          { RegionName: 'eu-west-3', RegionOptStatus: 'ENABLED_BY_DEFAULT' },
          { RegionName: 'me-south-1', RegionOptStatus: 'DISABLED' },
        ],
      },
      { scope: `${ACCOUNT}/global` },
    );
    await ledger.lists([1]);
    await ledger.fails('aws.kms.ListKeys', { Limit: 1000 }, 'AccessDeniedException', {
      scope: `${ACCOUNT}/eu-west-2`,
    });
    derive(ledger.db);
    expect(regions(ledger.db, SNAPSHOT).map((r) => [r.name, r.collected])).toEqual([
      ['eu-west-1', 1],
      ['eu-west-2', 0],
      ['eu-west-3', 0],
      ['me-south-1', 0],
    ]);
    expect(
      gaps(ledger.db)
        .filter((g) => g.reason.startsWith('region'))
        .map((g) => [g.subject, g.reason]),
    ).toEqual([['eu-west-3', 'region-not-collected']]);
  });

  it('an answer that is not what it should be is an error, never an empty result', async () => {
    const ledger = newAwsLedger();
    await ledger.lists([1]);
    await ledger.describe(1);
    await ledger.ok('aws.kms.ListGrants', { KeyId: keyArn(1), Limit: 100 }, '{"Grants": [');
    await ledger.ok('aws.kms.GetKeyRotationStatus', { KeyId: keyArn(1) }, 'oops');
    derive(ledger.db);
    expect(statuses(ledger.db, 1)).toMatchObject({ ListGrants: 'error', GetKeyRotationStatus: 'error' });
    expect(getKey(ledger.db, SNAPSHOT, keyArn(1))!.rotation_enabled).toBeNull();
  });
});

describe('calls', () => {
  it('tell who asked, which hosts answered and how far their clocks are off', async () => {
    const ledger = newAwsLedger();
    await ledger.lists([1]);
    await ledger.describe(1, {}, { serverDate: 'Wed, 01 Jul 2026 10:00:02 GMT', tlsPeer: 'ab'.repeat(32) });
    derive(ledger.db);
    expect(identities(ledger.db, SNAPSHOT)).toMatchObject([
      { source: 'aws-1', arn: `arn:aws:iam::${ACCOUNT}:user/ann`, calls: 3 },
    ]);
    expect(hosts(ledger.db, SNAPSHOT)).toMatchObject([
      { tls_peer: '', calls: 2, offset_median: 400 },
      { tls_peer: 'ab'.repeat(32), calls: 1, offset_min: 2400, offset_max: 2400 },
    ]);
  });
});
