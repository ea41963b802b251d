import { describe, expect, it } from 'vitest';
import { completeness } from '../../../db/derived/completeness.ts';
import { countGaps } from '../../../db/derived/gaps.ts';
import { getKey } from '../../../db/derived/keys.ts';
import { resultsOf } from '../../../db/derived/results.ts';
import { CONTROLS } from '../../../electron/controls/index.ts';
import { runControls } from '../../../electron/controls/run-controls.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { ACCOUNT, keyArn, newAwsLedger, SNAPSHOT } from '../../support/aws-ledger.ts';

/*
 * The ten keys on which tools of the field were compared: none of them accounted for all ten, and one refused call made
 * one of them report "rotation disabled" for a key whose rotation was on.
 */
describe('the ten keys', () => {
  it('are all accounted for, with no false finding and no silent drop', async () => {
    const ledger = newAwsLedger();
    await ledger.engagement();
    const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    await ledger.lists(ten);
    const unsupported = (n: number) =>
      ledger.fails('aws.kms.GetKeyRotationStatus', { KeyId: keyArn(n) }, 'UnsupportedOperationException');
    const recently = ['2026-01-15T00:00:00Z'];
    const plain = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    };
    for (const n of ten) {
      await ledger.policy(n, plain);
      await ledger.tags(n, { Owner: 'Maria Lopez' });
      await ledger.grants(
        n,
        n === 10
          ? [
              {
                GrantId: 'g',
                GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/etl`,
                Operations: ['Decrypt', 'Encrypt', 'CreateGrant'],
              },
            ]
          : [],
      );
      await ledger.ok(
        'aws.kms.GetKeyLastUsage',
        { KeyId: keyArn(n) },
        n === 9
          ? { TrackingStartDate: 1700000000, KeyCreationDate: 1710000000 }
          : { KeyLastUsage: { Operation: 'Decrypt', Timestamp: 1782800000, CloudTrailEventId: `e${n}` } },
      );
    }
    await ledger.describe(1);
    await ledger.rotation(1, true);
    await ledger.rotations(1, recently);
    await ledger.describe(2);
    await ledger.rotation(2, false);
    await ledger.rotations(2, []);
    await ledger.describe(3, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    await unsupported(3);
    await ledger.describe(4, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    await unsupported(4);
    await ledger.describe(5, { Origin: 'EXTERNAL', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
    await unsupported(5);
    await ledger.rotations(5, []);
    await ledger.describe(6, { KeyState: 'Disabled', Enabled: false });
    await ledger.rotation(6, false);
    await ledger.rotations(6, []);
    await ledger.describe(7, { KeyState: 'PendingDeletion', Enabled: false, DeletionDate: 1785000000 });
    await ledger.rotation(7, false);
    await ledger.rotations(7, []);
    await ledger.describe(8);
    await ledger.fails('aws.kms.GetKeyRotationStatus', { KeyId: keyArn(8) }, 'AccessDeniedException');
    await ledger.rotations(8, recently);
    for (const n of [9, 10]) {
      await ledger.describe(n);
      await ledger.rotation(n, true);
      await ledger.rotations(n, recently);
    }
    derive(ledger.db);
    runControls(ledger.db, { snapshot: SNAPSHOT });

    const answer = (n: number, control: string) =>
      resultsOf(ledger.db, SNAPSHOT, keyArn(n)).find((r) => r.control === control && r.at === 'collection')!;
    expect(ten.map((n) => answer(n, 'rotation-enabled').result)).toEqual([
      'pass',
      'exception',
      'not-applicable',
      'not-applicable',
      'not-applicable',
      'not-applicable',
      'not-applicable',
      'undetermined',
      'pass',
      'pass',
    ]);
    expect(answer(8, 'rotation-enabled').code).toBe('AccessDeniedException');
    // What cannot rotate by itself is a question to the client, not a finding.
    expect([3, 4, 5].map((n) => answer(n, 'rotation-manual').result)).toEqual(
      Array(3).fill('evidence-required'),
    );
    expect(ten.map((n) => answer(n, 'grants-unconstrained').result)).toEqual([
      ...Array<string>(9).fill('pass'),
      'exception',
    ]);
    expect(ten.filter((n) => getKey(ledger.db, SNAPSHOT, keyArn(n))!.last_used === null)).toEqual([9]);

    // Nothing dropped: every key has both answers of every control about keys, and every question one outcome.
    const aboutKeys = new Set(resultsOf(ledger.db, SNAPSHOT, keyArn(1)).map((r) => r.control));
    for (const n of ten) {
      expect(resultsOf(ledger.db, SNAPSHOT, keyArn(n))).toHaveLength(aboutKeys.size * 2);
    }
    const [place] = completeness(ledger.db, SNAPSHOT);
    expect(place).toMatchObject({ keys: 10, customer: 10 });
    for (const { op, keys, ...q } of place!.questions) {
      expect([op, q.ok + q.denied + q.notApplicable + q.notAsked, keys]).toEqual([op, 10, 10]);
    }
    expect(countGaps(ledger.db, SNAPSHOT)).toEqual([{ reason: 'denied', gaps: 1 }]);
  });
});

describe('the list of controls', () => {
  it('is whole: each has its metadata and an id of its own', () => {
    expect(new Set(CONTROLS.map((c) => c.id)).size).toBe(CONTROLS.length);
    for (const control of CONTROLS) {
      expect(control.criteria.length).toBeGreaterThan(0);
      for (const text of [
        control.title,
        control.question,
        control.method,
        control.remediation,
        control.appliesTo,
      ]) {
        expect(text.length).toBeGreaterThan(5);
        expect(text).not.toMatch(/complian/i);
      }
      expect(control.question).toMatch(/\?$/);
    }
    expect(new Set(CONTROLS.map((c) => c.finding))).toEqual(
      new Set(['rotation', 'access', 'logging', 'ownership', 'protection']),
    );
  });
});
