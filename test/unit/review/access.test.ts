import { describe, expect, it } from 'vitest';
import { accessApproved } from '../../../electron/controls/access-approved.ts';
import { departedPrincipals } from '../../../electron/controls/departed-principals.ts';
import { federatedMembers } from '../../../electron/controls/federated-members.ts';
import { rightsExercised } from '../../../electron/controls/rights-exercised.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { runControls } from '../../../electron/controls/run-controls.ts';
import { accessRows } from '../../../electron/review/access-rows.ts';
import {
  approvedFinder,
  checkApproved,
  importApproved,
  importMembers,
  recordApproved,
} from '../../../electron/review/approved.ts';
import type { Holder } from '../../../electron/review/holders.ts';
import { recordKeySet } from '../../../electron/review/inventory.ts';
import { importPeople } from '../../../electron/review/lists.ts';
import { rightExercised } from '../../../electron/review/used.ts';
import { eventWriter, EventBatchBuilder } from '../../../db/derived/events.ts';
import { settleEvents } from '../../../db/derived/settle-events.ts';
import {
  ACCOUNT,
  ANALYST,
  keyArn,
  newAwsLedger,
  REGION,
  SNAPSHOT,
  type AwsLedger,
} from '../../support/aws-ledger.ts';
import { resultsOf } from '../../../db/derived/results.ts';
import { NO_LOGS } from '../../../electron/derive/log-facts.ts';
import { hole, logs } from '../../support/controls.ts';
import { csv } from './support.ts';

const role = (name: string, path = '') => `arn:aws:iam::${ACCOUNT}:role/${path}${name}`;
const SSO = 'aws-reserved/sso.amazonaws.com/';
const SSO_ROLE = 'AWSReservedSSO_KeyAdmin_0123456789abcdef';

/** One key: `app` uses it, the SSO role administers it. */
async function withAccess(): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement({}, 2, 'management');
  await ledger.lists([1]);
  await ledger.describe(1);
  await ledger.tags(1, {});
  await ledger.grants(1, []);
  const allow = (who: string, ...actions: string[]) => ({
    Effect: 'Allow',
    Principal: { AWS: who },
    Action: actions,
    Resource: '*',
  });
  await ledger.policy(1, {
    Version: '2012-10-17',
    Statement: [
      allow(role('app'), 'kms:Encrypt', 'kms:Decrypt'),
      allow(role('idle'), 'kms:Decrypt'),
      allow(role(SSO_ROLE, SSO), 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'),
    ],
  });
  const trust = (principal: object) =>
    encodeURIComponent(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
      }),
    );
  const detail = (name: string, path: string, principal: object) => ({
    ...{
      Arn: role(name, path),
      RoleName: name,
      Path: `/${path}`,
      RoleId: `AROA${name}`,
      CreateDate: '2024-01-01T00:00:00Z',
    },
    ...{
      AssumeRolePolicyDocument: trust(principal),
      RolePolicyList: [],
      AttachedManagedPolicies: [],
      Tags: [],
      InstanceProfileList: [],
    },
  });
  await ledger.file('aws.iam.GetAccountAuthorizationDetails', 'iam.json', {
    ...{ UserDetailList: [], GroupDetailList: [], Policies: [], IsTruncated: false },
    RoleDetailList: [
      detail('app', '', { Service: 'ecs-tasks.amazonaws.com' }),
      detail('idle', '', { Service: 'lambda.amazonaws.com' }),
      detail(SSO_ROLE, SSO, { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/AWSSSO_x_DO_NOT_DELETE` }),
    ],
  });
  derive(ledger.db);
  return ledger;
}

/** Writes uses of the key by principals, as log ingest would. */
async function used(
  ledger: AwsLedger,
  ...uses: [principal: string, name: string, at: string, error?: string][]
): Promise<void> {
  const seq = await ledger.ok('aws.cloudtrail.LookupEvents', { n: uses.length }, { Events: [] });
  const rows = new EventBatchBuilder();
  uses.forEach(([principal, name, at, error], n) =>
    rows.add({
      ...{
        n,
        k: 0,
        time: Date.parse(at),
        eventId: `e${seq}-${n}`,
        service: 'kms.amazonaws.com',
        name,
        account: ACCOUNT,
      },
      ...{
        region: REGION,
        key: keyArn(1),
        principal,
        actor: principal,
        actorType: 'AssumedRole',
        actorAccount: ACCOUNT,
      },
      ...{
        invokedBy: null,
        sourceIp: '10.0.0.1',
        userAgent: 'x',
        error: error ?? null,
        readOnly: true,
        change: false,
        requestId: null,
      },
    }),
  );
  const write = eventWriter(ledger.db);
  write.source(seq, {
    ...{ kind: 'lookup', snapshot: SNAPSHOT, source: 'aws-1', records: uses.length, relevant: uses.length },
    multiLine: null,
    first: null,
    last: null,
  });
  write.batch(seq, rows.take()!);
  settleEvents(ledger.db);
}

function ask(
  ledger: AwsLedger,
  control: Parameters<typeof runControls>[1]['controls'],
  read = NO_LOGS,
  subject = keyArn(1),
) {
  derive(ledger.db);
  runControls(ledger.db, { snapshot: SNAPSHOT, controls: control!, logs: read });
  const rows = resultsOf(ledger.db, SNAPSHOT, subject);
  return Object.fromEntries(rows.map((row) => [row.at, row])) as Record<
    'collection' | 'period',
    (typeof rows)[number]
  >;
}

describe('approved principals', () => {
  const list = (...rows: [string, string, string][]) =>
    csv('approved.csv', [
      ['key_set', 'principal', 'rights', 'approver', 'approved_at'],
      ...rows.map(([set, who, rights]) => [set, who, rights, 'CISO', '2026-05-01']),
    ]);

  it('are required: without a list nothing is said', async () => {
    const given = ask(await withAccess(), [accessApproved]);
    expect([given.collection.result, given.period.result]).toEqual([
      'evidence-required',
      'evidence-required',
    ]);
  });

  it('tell approved from unapproved, and name who is approved but absent', async () => {
    const ledger = await withAccess();
    await importApproved(ledger, ANALYST, SNAPSHOT, list(['*', 'app', 'use'], ['*', 'ghost', 'administer']));
    const open = ask(ledger, [accessApproved], logs()).collection;
    expect(open.result).toBe('exception');
    expect(open.reason).toMatch(
      /2 rights are not on the list.*AWSReservedSSO_KeyAdmin.*idle.*Approved but absent: ghost \(administer\)/s,
    );
    await importApproved(
      ledger,
      ANALYST,
      SNAPSHOT,
      list(['*', 'app', 'use'], ['*', 'idle', 'use'], ['*', '*AWSReservedSSO_KeyAdmin_*', 'admin']),
    );
    expect(ask(ledger, [accessApproved], logs()).collection.result).toBe('pass');
  });

  it('do not approve another right than the one listed', async () => {
    const ledger = await withAccess();
    await importApproved(
      ledger,
      ANALYST,
      SNAPSHOT,
      list(['*', 'app', 'administer'], ['*', 'idle', 'use'], ['*', '*KeyAdmin*', 'administer']),
    );
    expect(ask(ledger, [accessApproved], logs()).collection).toMatchObject({ result: 'exception' });
  });

  it('come from the nearest key set, with the list for all keys besides', async () => {
    const ledger = await withAccess();
    const set = {
      title: 'S',
      parent: null,
      record: {},
      members: { keys: [keyArn(1)], tags: [], aliases: [], accounts: [] },
    };
    await recordKeySet(ledger, ANALYST, 'mine', set);
    await importApproved(
      ledger,
      ANALYST,
      SNAPSHOT,
      list(['mine', 'app', 'use'], ['*', '*KeyAdmin*', 'administer']),
    );
    derive(ledger.db);
    expect(approvedFinder(ledger.db, SNAPSHOT)(keyArn(1))?.lists.map((l) => l.subject)).toEqual([
      'mine',
      '*',
    ]);
    await expect(importApproved(ledger, ANALYST, SNAPSHOT, list(['nope', 'app', 'use']))).rejects.toThrow(
      /no key set and no key/,
    );
    await expect(importApproved(ledger, ANALYST, SNAPSHOT, list(['*', 'app', 'look']))).rejects.toThrow(
      /no right/,
    );
  });

  it('never match the end of another name', () => {
    const holder = (principal: string): Holder => ({
      ...{ principal, kind: 'service', kindReason: '' },
      rights: [{ right: 'use', uses: [], certainty: 'allowed', via: ['x'], itself: true }],
    });
    const ledger = newAwsLedger();
    return recordApprovedFor(ledger, 'app').then((approved) => {
      expect(checkApproved([holder(role('app'))], approved).unapproved).toEqual([]);
      expect(checkApproved([holder(role('other-app'))], approved).unapproved).toHaveLength(1);
      expect(checkApproved([holder(role('app2'))], approved).unapproved).toHaveLength(1);
    });
  });

  it('are undetermined, not an exception, where IAM could not be read', async () => {
    const ledger = newAwsLedger();
    await ledger.engagement();
    await ledger.lists([1]);
    await ledger.describe(1);
    await ledger.tags(1, {});
    await ledger.fails(
      'aws.kms.GetKeyPolicy',
      { KeyId: keyArn(1), PolicyName: 'default' },
      'AccessDeniedException',
    );
    await importApproved(ledger, ANALYST, SNAPSHOT, list(['*', '*', 'all']));
    expect(ask(ledger, [accessApproved], logs()).collection).toMatchObject({
      result: 'undetermined',
      code: 'AccessDeniedException',
    });
  });
});

async function recordApprovedFor(ledger: AwsLedger, principal: string) {
  await ledger.engagement({}, 2, 'management');
  await recordApproved(ledger, ANALYST, SNAPSHOT, '*', {
    approver: 'X',
    approvedAt: '2026-05-01',
    principals: [{ principal, rights: ['use'] }],
  });
  return approvedFinder(ledger.db, SNAPSHOT)(keyArn(1))!;
}

describe('federated roles', () => {
  const roster = (...members: string[]) =>
    csv('idp.csv', [['permission_set', 'member'], ...members.map((name) => ['KeyAdmin', name])]);
  const provider = { provider: 'IAM Identity Center', asOf: '2026-07-02' };

  it('are undetermined without a roster, resolved with one, and an exception when a member has left', async () => {
    const ledger = await withAccess();
    expect(ask(ledger, [federatedMembers]).collection).toMatchObject({
      result: 'undetermined',
      reason: expect.stringContaining('Members unknown') as string,
    });
    await importMembers(ledger, ANALYST, roster('Tom Becker', 'Kim'), provider);
    expect(ask(ledger, [federatedMembers]).collection).toMatchObject({
      result: 'pass',
      reason: expect.stringContaining('2 people') as string,
    });
    await importPeople(
      ledger,
      ANALYST,
      csv('p.csv', [
        ['name', 'to'],
        ['Tom Becker', '2026-02-01'],
      ]),
      '2026-07-02',
    );
    expect(ask(ledger, [federatedMembers]).collection).toMatchObject({
      result: 'exception',
      reason: expect.stringContaining('left on 2026-02-01') as string,
    });
  });
});

describe('granted and used', () => {
  it('counts uses by class of right, leaves refused ones out, and says what logs cannot tell', async () => {
    const ledger = await withAccess();
    await used(
      ledger,
      [role('app'), 'Decrypt', '2026-02-01T00:00:00Z'],
      [role('app'), 'Encrypt', '2026-02-02T00:00:00Z'],
      [role('app'), 'DescribeKey', '2026-02-02T00:00:00Z'],
      [role('idle'), 'Decrypt', '2026-02-02T00:00:00Z', 'AccessDenied'],
      [role('app'), 'Decrypt', '2025-12-31T23:59:59Z'],
    );
    const rows = [...accessRows(ledger.db, SNAPSHOT, keyArn(1))].map((r) => [
      r.principal.split('/').at(-1),
      r.right,
      r.used,
      r.lastUsed,
    ]);
    expect(rows).toContainEqual(['app', 'use', 2, '2026-02-02T00:00:00.000Z']);
    expect(rows).toContainEqual(['idle', 'use', 0, null]);
    expect(rows).toContainEqual([SSO_ROLE, 'administer', 0, null]);
  });

  it('is an exception only where logs cover the whole period', async () => {
    const ledger = await withAccess();
    await used(ledger, [role('app'), 'Decrypt', '2026-02-01T00:00:00Z']);
    const whole = ask(ledger, [rightsExercised], logs()).period;
    expect(whole.result).toBe('exception');
    expect(whole.reason).toContain('1 with the right did not');
    const part = ask(ledger, [rightsExercised], logs([], [hole('2026-03-01', '2026-03-02')])).period;
    expect(part.result).toBe('undetermined');
    expect(part.reason).toContain('2026-03-01 to 2026-03-02');
    await used(ledger, [role('idle'), 'Decrypt', '2026-02-01T00:00:00Z']);
    expect(ask(ledger, [rightsExercised], logs()).period.result).toBe('pass');
  });

  it('asks for the record of a principal that used a key and is gone', async () => {
    const ledger = await withAccess();
    await used(ledger, [role('app'), 'Decrypt', '2026-02-01T00:00:00Z']);
    expect(ask(ledger, [departedPrincipals], logs(), ACCOUNT).period.result).toBe('pass');
    await used(ledger, [role('left'), 'Decrypt', '2026-02-01T00:00:00Z']);
    const gone = ask(ledger, [departedPrincipals], logs(), ACCOUNT).period;
    expect(gone.result).toBe('evidence-required');
    expect(gone.reason).toContain(role('left'));
  });

  it.each([
    ['kms.amazonaws.com', 'ReEncrypt', 'use'],
    ['kms.amazonaws.com', 'PutKeyPolicy', 'administer'],
    ['kms.amazonaws.com', 'CreateGrant', 'grant'],
    ['kms.amazonaws.com', 'ListKeys', null],
    ['iam.amazonaws.com', 'CreateUser', null],
    ['Microsoft.KeyVault', 'KeySign', 'use'],
    ['Microsoft.KeyVault', 'KeyRotate', 'administer'],
    ['Microsoft.KeyVault', 'KeyUnwrap', 'use'],
    ['Microsoft.KeyVault', 'KeyGet', null],
    ['Microsoft.Authorization', 'Microsoft.Authorization/roleAssignments/write', null],
    ['vault', 'decrypt', 'use'],
    ['vault', 'keys/rotate', 'administer'],
    ['vault', 'update transit/decrypt/orders', 'use'],
    ['vault', 'update transit/keys/orders/rotate', 'administer'],
    ['vault', 'read transit/keys/orders', null],
  ])('%s %s exercises %s', (service, name, right) => {
    expect(rightExercised(service, name)).toBe(right);
  });
});
