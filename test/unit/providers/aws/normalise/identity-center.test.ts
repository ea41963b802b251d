import { describe, expect, it } from 'vitest';
import { derive } from '../../../../../electron/derive/derive.ts';
import { memberFinder } from '../../../../../electron/review/members.ts';
import { ACCOUNT, newAwsLedger, SNAPSHOT, type AwsLedger } from '../../../../support/aws-ledger.ts';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-1';
const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Keys_0123456789abcdef`;
const asked = { InstanceArn: INSTANCE, AccountId: ACCOUNT, PermissionSetArn: SET };

async function assignments(ledger: AwsLedger, ...principals: [type: string, id: string][]) {
  await ledger.engagement();
  await ledger.ok('aws.sso.DescribePermissionSet', asked, { PermissionSet: { Name: 'Keys' } });
  await ledger.ok('aws.sso.ListAccountAssignments', asked, {
    AccountAssignments: principals.map(([PrincipalType, PrincipalId]) => ({ PrincipalType, PrincipalId })),
  });
}
const user = (ledger: AwsLedger, UserId: string, body: object) =>
  ledger.ok('aws.identitystore.DescribeUser', { IdentityStoreId: 'd-1', UserId }, { UserId, ...body });
const inGroup = (ledger: AwsLedger, token: string | undefined, users: string[], NextToken?: string) =>
  ledger.ok(
    'aws.identitystore.ListGroupMemberships',
    { IdentityStoreId: 'd-1', GroupId: 'g', ...(token ? { NextToken: token } : {}) },
    { GroupMemberships: users.map((UserId) => ({ MemberId: { UserId } })), NextToken },
  );

function found(ledger: AwsLedger) {
  derive(ledger.db);
  return {
    members: memberFinder(ledger.db, SNAPSHOT)('Keys', ROLE)?.members ?? null,
    unknown: ledger.db.prepare('SELECT unknown FROM federated_group').pluck().get(),
  };
}

describe('answers of IAM Identity Center', () => {
  it('name people by what there is: display name, parts of the name, user name; the primary address', async () => {
    const ledger = newAwsLedger();
    await assignments(ledger, ['USER', 'a'], ['USER', 'b'], ['USER', 'c']);
    await user(ledger, 'a', {
      DisplayName: 'Ann A',
      Emails: [{ Value: 'x@e' }, { Value: 'a@e', Primary: true }],
    });
    await user(ledger, 'b', { Name: { GivenName: 'Bob', FamilyName: 'B' }, UserName: 'bob' });
    await user(ledger, 'c', { UserName: 'cy@e', UserStatus: 'ENABLED' });
    expect(found(ledger).members).toEqual([
      { name: 'Ann A', email: 'a@e' },
      { name: 'Bob B', email: null },
      { name: 'cy@e', email: 'cy@e' },
    ]);
  });

  it('are followed over the pages of a group, and leave out who is disabled', async () => {
    const ledger = newAwsLedger();
    await assignments(ledger, ['GROUP', 'g']);
    await inGroup(ledger, undefined, ['a'], 't');
    await inGroup(ledger, 't', ['b']);
    await user(ledger, 'a', { DisplayName: 'Ann' });
    await user(ledger, 'b', { DisplayName: 'Bob', UserStatus: 'DISABLED' });
    expect(found(ledger)).toEqual({ members: [{ name: 'Ann', email: null }], unknown: null });
  });

  it('with nobody assigned say that nobody is behind the role', async () => {
    const ledger = newAwsLedger();
    await assignments(ledger);
    expect(found(ledger)).toEqual({ members: [], unknown: null });
  });

  it.each([
    ['a page of a group', async (ledger: AwsLedger) => inGroup(ledger, undefined, ['a'], 't')],
    [
      'a group that is refused',
      async (ledger: AwsLedger) =>
        ledger.fails(
          'aws.identitystore.ListGroupMemberships',
          { IdentityStoreId: 'd-1', GroupId: 'g' },
          'AccessDeniedException',
        ),
    ],
    ['a group that was not asked', async () => 0],
    ['a user without an answer', async (ledger: AwsLedger) => inGroup(ledger, undefined, ['b'])],
  ])('leave the members unknown, with the reason: %s is missing', async (_, make) => {
    const ledger = newAwsLedger();
    await assignments(ledger, ['GROUP', 'g']);
    await user(ledger, 'a', { DisplayName: 'Ann' });
    await make(ledger);
    expect(found(ledger)).toEqual({
      members: null,
      unknown: expect.stringMatching(/ListGroupMemberships was|DescribeUser did not answer/) as string,
    });
  });

  it('say nothing of the same set in another account, nor of a role that only looks like one', async () => {
    const ledger = newAwsLedger();
    await assignments(ledger);
    derive(ledger.db);
    const members = memberFinder(ledger.db, SNAPSHOT);
    expect(members('Keys', ROLE.replace(ACCOUNT, '999988887777'))).toBeNull();
    expect(members('Keys', `arn:aws:iam::${ACCOUNT}:role/AWSReservedSSO_Keys_0123456789abcdef`)).toBeNull();
  });
});
