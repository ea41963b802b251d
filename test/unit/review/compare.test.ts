import { describe, expect, it } from 'vitest';
import { derive } from '../../../electron/derive/derive.ts';
import { deriveSettingChanges } from '../../../electron/derive/setting-changes.ts';
import { compareSnapshots } from '../../../electron/review/compare.ts';
import { compareStatements } from '../../../electron/review/compare-policies.ts';
import { ACCOUNT, keyArn, newAwsLedger, SNAPSHOT, type AwsLedger } from '../../support/aws-ledger.ts';
import { change, logs } from '../../support/controls.ts';

const LATER = '2026-08-01T10:00:00.000Z';
const allow = (sid: string, user: string, ...actions: string[]) => ({
  ...{
    Sid: sid,
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/${user}` },
    Action: actions,
    Resource: '*',
  },
});

/** The engagement of a test with its first snapshot, and the facts of calls of its second. */
async function twoSnapshots(): Promise<{ ledger: AwsLedger; second: { snapshot: string } }> {
  const ledger = newAwsLedger();
  await ledger.engagement();
  await ledger.declare('snapshot.open', 's2', {
    ...{ sources: ['aws-1'], startedAt: LATER },
    tool: { name: 'keywitness', version: '0', node: '24', platform: 'test' },
  });
  return { ledger, second: { snapshot: 's2' } };
}

async function policy(ledger: AwsLedger, facts: { snapshot: string }, ...statements: object[]) {
  await ledger.ok(
    'aws.kms.GetKeyPolicy',
    { KeyId: keyArn(1), PolicyName: 'default' },
    { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }), PolicyName: 'default' },
    facts,
  );
}

const compare = (ledger: AwsLedger) =>
  compareSnapshots({ db: ledger.db, snapshot: SNAPSHOT }, { db: ledger.db, snapshot: 's2' });

describe('two snapshots', () => {
  it('tell keys added and removed, fields, statements and access, with the logged change behind it', async () => {
    const { ledger, second } = await twoSnapshots();
    const first = { snapshot: SNAPSHOT };
    await ledger.lists([1, 2]);
    await ledger.describe(1);
    await ledger.describe(2);
    await policy(
      ledger,
      first,
      allow('Use', 'app', 'kms:Decrypt'),
      allow('Admin', 'tom', 'kms:PutKeyPolicy'),
    );
    await ledger.lists([1, 3], [1, 3], second);
    await ledger.describe(1, { KeyState: 'Disabled', Enabled: false }, second);
    await ledger.describe(3, {}, second);
    await policy(
      ledger,
      second,
      allow('Use', 'app', 'kms:Decrypt', 'kms:Encrypt'),
      allow('New', 'eve', 'kms:Decrypt'),
    );
    derive(ledger.db);
    const put = change('PutKeyPolicy', '2026-07-15T12:00:00Z', { seq: 7 });
    const outside = change('DisableKey', '2026-06-15T12:00:00Z', { seq: 8 });
    deriveSettingChanges(ledger.db, 's2', logs([outside, put]));

    const found = compare(ledger);
    expect(found.keys.map((k) => [k.key, k.change])).toEqual([
      [keyArn(1), 'changed'],
      [keyArn(2), 'removed'],
      [keyArn(3), 'added'],
    ]);
    const [key] = found.keys;
    expect(key!.fields).toContainEqual({ field: 'state', before: 'Enabled', after: 'Disabled' });
    expect(key!.policy.map((s) => [s.statement, s.change])).toEqual([
      ['Use', 'changed'],
      ['Admin', 'removed'],
      ['New', 'added'],
    ]);
    const who = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;
    expect(key!.access.map((a) => [a.principal, a.right, a.change])).toEqual([
      [who('app'), 'use', 'changed'],
      [who('eve'), 'use', 'gained'],
      [who('tom'), 'administer', 'lost'],
    ]);
    expect(key!.explainedBy.map((e) => [e.event, e.seq])).toEqual([['PutKeyPolicy', 7]]);
  });

  it('call nothing a change that one side could not read', async () => {
    const { ledger, second } = await twoSnapshots();
    await ledger.lists([1]);
    await ledger.describe(1);
    await ledger.tags(1, { Owner: 'Kim' });
    await ledger.rotation(1, true);
    await ledger.lists([1], [1], second);
    await ledger.describe(1, {}, second);
    await ledger.fails('aws.kms.ListResourceTags', { KeyId: keyArn(1) }, 'AccessDeniedException', second);
    await ledger.fails('aws.kms.GetKeyRotationStatus', { KeyId: keyArn(1) }, 'AccessDeniedException', second);
    derive(ledger.db);
    const found = compare(ledger);
    expect(found.keys).toEqual([]);
    expect(found.unchanged).toBe(1);
    expect(found.notComparable.map(({ what }) => what)).toEqual([
      'rotation could be read on one side only',
      'tags could be read on one side only (ok, then denied)',
    ]);
  });

  it('are refused by a name that is not there', async () => {
    const { ledger } = await twoSnapshots();
    expect(() =>
      compareSnapshots({ db: ledger.db, snapshot: 's9' }, { db: ledger.db, snapshot: 's2' }),
    ).toThrow(/s1, s2/);
  });
});

describe('statements', () => {
  const doc = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const a = { Effect: 'Allow', Action: ['kms:A', 'kms:B'], Resource: '*', Principal: '*' };

  it.each([
    [
      'order of statements and of lists',
      doc(a, { ...a, Sid: 'x' }),
      doc({ ...a, Sid: 'x', Action: ['kms:B', 'kms:A'] }, a),
      0,
    ],
    ['one value for a list of one', doc({ ...a, Action: 'kms:A' }), doc({ ...a, Action: ['kms:A'] }), 0],
    ['a single statement that is no list', JSON.stringify({ Statement: a }), doc(a), 0],
    ['one of two equal statements', doc(a, a), doc(a), 1],
    ['a condition', doc(a), doc({ ...a, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), 2],
    ['a text that is no policy', '{', '{}', 1],
  ])('%s: %#', (_, before, after, changes) => {
    expect(compareStatements(before, after)).toHaveLength(changes);
  });
});

describe('a place that one snapshot did not list', () => {
  it('says nothing of keys added or removed, and is counted once', async () => {
    const { ledger, second } = await twoSnapshots();
    await ledger.lists([1, 2]);
    await ledger.fails('aws.kms.ListKeys', { Limit: 1000 }, 'AccessDeniedException', {
      ...second,
      label: 'start',
    });
    derive(ledger.db);
    expect(compare(ledger)).toMatchObject({
      keys: [],
      notComparable: [{ what: '2 keys of one side: snapshot s2 did not list all keys there' }],
    });
  });
});
