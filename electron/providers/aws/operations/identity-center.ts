import {
  DescribeGroupCommand,
  DescribeUserCommand,
  ListGroupMembershipsCommand,
} from '@aws-sdk/client-identitystore';
import {
  DescribePermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListInstancesCommand,
  ListPermissionSetsProvisionedToAccountCommand,
} from '@aws-sdk/client-sso-admin';
import { awsOperation, json } from '../operation.ts';

/** All APIs of IAM Identity Center share one limit (IAM Identity Center quotas, throttling limits). */
const shared = {
  perSecond: 20,
  source: 'IAM Identity Center quotas: all of its calls together',
  group: 'aws.sso',
  per: 'account' as const,
};
const store = { ...shared, source: 'assumed: that of IAM Identity Center', group: 'aws.identitystore' };
const page = (service: string, action: string) =>
  `https://docs.aws.amazon.com/singlesignon/latest/${service}/API_${action}.html`;

/** Who is behind the roles of permission sets. Answered in the management account and to a delegated administrator only. */
export const sso = {
  listInstances: awsOperation({
    service: 'sso',
    command: ListInstancesCommand,
    action: 'ListInstances',
    permissions: ['sso:ListInstances'],
    scopeKind: 'region',
    purpose:
      'Whether the organisation signs people in through IAM Identity Center, and whose account owns it.',
    answer: json('Instances'),
    quota: shared,
    docs: page('APIReference', 'ListInstances'),
  }),
  listPermissionSetsProvisionedToAccount: awsOperation({
    service: 'sso',
    command: ListPermissionSetsProvisionedToAccountCommand,
    action: 'ListPermissionSetsProvisionedToAccount',
    permissions: ['sso:ListPermissionSetsProvisionedToAccount'],
    scopeKind: 'region',
    purpose: 'Which permission sets are roles of an account.',
    answer: json(),
    quota: shared,
    docs: page('APIReference', 'ListPermissionSetsProvisionedToAccount'),
  }),
  describePermissionSet: awsOperation({
    service: 'sso',
    command: DescribePermissionSetCommand,
    action: 'DescribePermissionSet',
    permissions: ['sso:DescribePermissionSet'],
    scopeKind: 'region',
    purpose: 'The name of a permission set, which its roles carry.',
    answer: json('PermissionSet'),
    quota: shared,
    docs: page('APIReference', 'DescribePermissionSet'),
  }),
  listAccountAssignments: awsOperation({
    service: 'sso',
    command: ListAccountAssignmentsCommand,
    action: 'ListAccountAssignments',
    permissions: ['sso:ListAccountAssignments'],
    scopeKind: 'region',
    purpose: 'Which people and groups may take the role of a permission set in an account.',
    answer: json(),
    quota: shared,
    docs: page('APIReference', 'ListAccountAssignments'),
  }),
};

/** The people and groups of IAM Identity Center. */
export const identitystore = {
  describeGroup: awsOperation({
    service: 'identitystore',
    command: DescribeGroupCommand,
    action: 'DescribeGroup',
    permissions: ['identitystore:DescribeGroup'],
    scopeKind: 'region',
    purpose: 'The name of a group that a permission set is assigned to.',
    answer: json('GroupId'),
    quota: store,
    docs: page('IdentityStoreAPIReference', 'DescribeGroup'),
  }),
  listGroupMemberships: awsOperation({
    service: 'identitystore',
    command: ListGroupMembershipsCommand,
    action: 'ListGroupMemberships',
    permissions: ['identitystore:ListGroupMemberships'],
    scopeKind: 'region',
    purpose: 'Who is in a group that a permission set is assigned to.',
    answer: json('GroupMemberships'),
    quota: store,
    docs: page('IdentityStoreAPIReference', 'ListGroupMemberships'),
  }),
  describeUser: awsOperation({
    service: 'identitystore',
    command: DescribeUserCommand,
    action: 'DescribeUser',
    permissions: ['identitystore:DescribeUser'],
    scopeKind: 'region',
    purpose: 'Name and address of a person who may take such a role, and whether they are enabled.',
    answer: json('UserId'),
    quota: store,
    docs: page('IdentityStoreAPIReference', 'DescribeUser'),
  }),
};
