import { ListRegionsCommand } from '@aws-sdk/client-account';
import { GetAccountAuthorizationDetailsCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { awsOperation, json, xml } from '../operation.ts';

export const sts = {
  getCallerIdentity: awsOperation({
    service: 'sts',
    command: GetCallerIdentityCommand,
    action: 'GetCallerIdentity',
    permissions: [],
    scopeKind: 'global',
    purpose: 'Who collected: the account and principal that every later call was made with.',
    answer: xml('GetCallerIdentityResponse'),
    quota: { perSecond: 600, source: 'AWS STS quotas (requests per second, account and region)' },
    docs: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
  }),
  assumeRole: awsOperation({
    service: 'sts',
    command: AssumeRoleCommand,
    action: 'AssumeRole',
    permissions: ['sts:AssumeRole'],
    scopeKind: 'global',
    purpose: 'That the collector took the role agreed on; its answer is a credential and is not kept.',
    bodyClass: 'none',
    answer: xml('AssumeRoleResponse'),
    quota: { perSecond: 600, source: 'AWS STS quotas (requests per second, account and region)' },
    docs: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
  }),
};

export const account = {
  listRegions: awsOperation({
    service: 'account',
    command: ListRegionsCommand,
    action: 'ListRegions',
    permissions: ['account:ListRegions'],
    scopeKind: 'global',
    purpose: 'Which regions the account can use: each is collected or listed as not collected.',
    answer: json('Regions'),
    quota: { perSecond: 5, source: 'assumed: AWS publishes no quota for it' },
    docs: 'https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html',
  }),
};

export const iam = {
  getAccountAuthorizationDetails: awsOperation({
    service: 'iam',
    command: GetAccountAuthorizationDetailsCommand,
    action: 'GetAccountAuthorizationDetails',
    permissions: ['iam:GetAccountAuthorizationDetails'],
    scopeKind: 'global',
    purpose: 'All users, groups, roles and policies: who holds rights on keys through IAM.',
    answer: xml('GetAccountAuthorizationDetailsResponse'),
    quota: { perSecond: 10, source: 'assumed: AWS publishes no quota for it' },
    docs: 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html',
  }),
};
