import type { IdentityCenter } from '../company/identity-center.ts';
import { AwsError } from '../server/aws-error.ts';
import {
  allow,
  optionalText,
  pageOf,
  pageSize,
  requiredText,
  seconds,
  type Call,
  type JsonInput,
  type JsonOperation,
} from './call.ts';

/** IAM Identity Center and its identity store. Read operations only. */

const notFound = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${what} does not exist.`);

function listed<T>(call: Call, input: JsonInput, items: readonly T[], list: string) {
  const { page, next } = pageOf(
    items,
    pageSize(input.MaxResults, 'MaxResults', { min: 1, max: 100, usual: 100 }),
    optionalText(input, 'NextToken'),
    `${list} ${call.region}`,
    () => new AwsError('ValidationException', 'Invalid NextToken'),
  );
  return { page, rest: next === undefined ? {} : { NextToken: next } };
}

/** The instance, for whoever administers it: the management account and the delegated one. @throws AwsError */
function administered(call: Call, action: string, resource: string, input: JsonInput): IdentityCenter {
  const center = call.company.identityCenter;
  allow(call, action, resource);
  const { accountId } = call.caller;
  if (accountId !== center.ownerAccountId && accountId !== center.delegatedAccountId) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${call.caller.arn} is not authorized to perform: ${action} on resource: ${center.instanceArn}`,
    );
  }
  const named = optionalText(input, 'InstanceArn') ?? optionalText(input, 'IdentityStoreId');
  const here = call.region === center.region;
  if (!here || (named !== center.instanceArn && named !== center.identityStoreId))
    throw notFound(named ?? '');
  return center;
}

/** Target prefix SWBExternalService. */
export const ssoOperations: Record<string, JsonOperation> = {
  ListInstances(call, input) {
    allow(call, 'sso:ListInstances');
    const center = call.company.identityCenter;
    const here = call.region === center.region ? [center] : [];
    const { page, rest } = listed(call, input, here, 'instances');
    return {
      Instances: page.map(({ instanceArn, identityStoreId, ownerAccountId, createdAt }) => ({
        CreatedDate: seconds(createdAt),
        IdentityStoreId: identityStoreId,
        InstanceArn: instanceArn,
        OwnerAccountId: ownerAccountId,
        Status: 'ACTIVE',
      })),
      ...rest,
    };
  },

  ListPermissionSetsProvisionedToAccount(call, input) {
    const account = requiredText(input, 'AccountId');
    const resource = `arn:aws:sso:::account/${account}`;
    const center = administered(call, 'sso:ListPermissionSetsProvisionedToAccount', resource, input);
    const arns = center.assignments.filter((a) => a.accountId === account).map((a) => a.permissionSetArn);
    const { page, rest } = listed(call, input, [...new Set(arns)], `provisioned ${account}`);
    return { PermissionSets: page, ...rest };
  },

  DescribePermissionSet(call, input) {
    const arn = requiredText(input, 'PermissionSetArn');
    const center = administered(call, 'sso:DescribePermissionSet', arn, input);
    const set = center.permissionSets.find((candidate) => candidate.arn === arn);
    if (!set) throw notFound(arn);
    return {
      PermissionSet: {
        ...{ CreatedDate: seconds(center.createdAt), Description: set.description, Name: set.name },
        ...{ PermissionSetArn: arn, SessionDuration: 'PT4H' },
      },
    };
  },

  ListAccountAssignments(call, input) {
    const arn = requiredText(input, 'PermissionSetArn');
    const account = requiredText(input, 'AccountId');
    const center = administered(call, 'sso:ListAccountAssignments', arn, input);
    const assigned = center.assignments.filter((a) => a.accountId === account && a.permissionSetArn === arn);
    const { page, rest } = listed(call, input, assigned, `assignments ${account} ${arn}`);
    return {
      AccountAssignments: page.map(({ accountId, permissionSetArn, principalId, principalType }) => ({
        ...{ AccountId: accountId, PermissionSetArn: permissionSetArn },
        ...{ PrincipalId: principalId, PrincipalType: principalType },
      })),
      ...rest,
    };
  },
};

const storeArn = ({ identityStoreId, ownerAccountId }: IdentityCenter): string =>
  `arn:aws:identitystore::${ownerAccountId}:identitystore/${identityStoreId}`;

/** Target prefix AWSIdentityStore. */
export const identityStoreOperations: Record<string, JsonOperation> = {
  DescribeGroup(call, input) {
    const { identityCenter } = call.company;
    const center = administered(call, 'identitystore:DescribeGroup', storeArn(identityCenter), input);
    const id = requiredText(input, 'GroupId');
    const group = center.groups.find((candidate) => candidate.id === id);
    if (!group) throw notFound(`GROUP ${id}`);
    return { GroupId: id, DisplayName: group.name, IdentityStoreId: center.identityStoreId };
  },

  ListGroupMemberships(call, input) {
    const { identityCenter } = call.company;
    const center = administered(call, 'identitystore:ListGroupMemberships', storeArn(identityCenter), input);
    const id = requiredText(input, 'GroupId');
    const group = center.groups.find((candidate) => candidate.id === id);
    if (!group) throw notFound(`GROUP ${id}`);
    const { page, rest } = listed(call, input, group.members, `members ${id}`);
    return {
      GroupMemberships: page.map((UserId, n) => ({
        ...{ IdentityStoreId: center.identityStoreId, MembershipId: `${id}-${n}`, GroupId: id },
        MemberId: { UserId },
      })),
      ...rest,
    };
  },

  DescribeUser(call, input) {
    const { identityCenter } = call.company;
    const center = administered(call, 'identitystore:DescribeUser', storeArn(identityCenter), input);
    const id = requiredText(input, 'UserId');
    const user = center.users.find((candidate) => candidate.id === id);
    if (!user) throw notFound(`USER ${id}`);
    return {
      ...{ UserName: user.userName, UserId: id, IdentityStoreId: center.identityStoreId },
      Name: { FamilyName: user.familyName, GivenName: user.givenName },
      DisplayName: `${user.givenName} ${user.familyName}`,
      Emails: [{ Value: user.email, Type: 'work', Primary: true }],
      UserStatus: user.enabled ? 'ENABLED' : 'DISABLED',
    };
  },
};
