import type { PolicyDocument, PolicyStatement } from './types.ts';

/** Policy statements the company's people would write: mostly what the AWS consoles generate. */

const list = (arns: string[]): string | string[] => (arns.length === 1 ? arns[0]! : arns);

export const rootOf = (accountId: string): string => `arn:aws:iam::${accountId}:root`;

/** The default statement that lets IAM policies of the account decide. Without it IAM policies do nothing. */
export const delegateToIam = (accountId: string): PolicyStatement => ({
  Sid: 'Enable IAM User Permissions',
  Effect: 'Allow',
  Principal: { AWS: rootOf(accountId) },
  Action: 'kms:*',
  Resource: '*',
});

export const ADMINISTER = [
  'kms:Create*',
  'kms:Describe*',
  'kms:Enable*',
  'kms:List*',
  'kms:Put*',
  'kms:Update*',
  'kms:Revoke*',
  'kms:Disable*',
  'kms:Get*',
  'kms:Delete*',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:RotateKeyOnDemand',
];
export const USE = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:DescribeKey',
];
export const SIGN = ['kms:Sign', 'kms:Verify', 'kms:DescribeKey', 'kms:GetPublicKey'];
export const MAC = ['kms:GenerateMac', 'kms:VerifyMac', 'kms:DescribeKey'];

export const allowAdministration = (...arns: string[]): PolicyStatement => ({
  Sid: 'Allow access for Key Administrators',
  Effect: 'Allow',
  Principal: { AWS: list(arns) },
  Action: ADMINISTER,
  Resource: '*',
});

export const allowUse = (arns: string[], actions: string[] = USE): PolicyStatement => ({
  Sid: 'Allow use of the key',
  Effect: 'Allow',
  Principal: { AWS: list(arns) },
  Action: actions,
  Resource: '*',
});

export const allowGrantsForServices = (...arns: string[]): PolicyStatement => ({
  Sid: 'Allow attachment of persistent resources',
  Effect: 'Allow',
  Principal: { AWS: list(arns) },
  Action: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
  Resource: '*',
  Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
});

export const policyOf = (...statements: PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Id: 'key-consolepolicy-3',
  Statement: statements,
});

/** Key policy text in the layout GetKeyPolicy answers with (two spaces, a blank on both sides of a colon). */
export function policyText(document: PolicyDocument): string {
  return JSON.stringify(document, null, 2).replace(/^(\s*"(?:[^"\\]|\\.)*"):/gm, '$1 :');
}

/** An IAM policy: statements without principals. */
export const iamPolicy = (...statements: PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

export const allow = (
  action: string | string[],
  resource: string | string[] = '*',
  sid?: string,
): PolicyStatement => ({
  ...(sid === undefined ? {} : { Sid: sid }),
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});

/** A trust policy. */
export const trust = (
  principal: Record<string, string | string[]>,
  action = 'sts:AssumeRole',
  condition?: PolicyStatement['Condition'],
): PolicyDocument =>
  iamPolicy({
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    ...(condition ? { Condition: condition } : {}),
  });
