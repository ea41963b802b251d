import { AUDITOR_ROLE, auditorPolicy } from './auditor-policy.ts';
import type { Directory } from './directory.ts';
import { allow, iamPolicy } from './documents.ts';
import type { Frame } from './frame.ts';
import { permissionSetArn } from './identity-center.ts';

/** ARNs of the policies the company wrote itself. */
export interface CompanyPolicies {
  decryptAll: string;
  keyAdmin: string;
  boundary: string;
  requireMfa: string;
  auditProduction: string;
  auditSecurity: string;
}

/** Enters the company's own policies, good and bad, into the directory. */
export function addCompanyPolicies(
  frame: Frame,
  { addPolicy }: Directory,
  logs: { trailBuckets: string[]; trailKeyArn: string },
): CompanyPolicies {
  const { production, security } = frame;
  const decryptAll = addPolicy(
    production,
    'data-platform-decrypt',
    'Lets data engineers read encrypted data sets',
    700,
    iamPolicy(allow(['kms:Decrypt', 'kms:DescribeKey'], '*', 'DecryptAnything')),
  );
  const keyAdmin = addPolicy(
    production,
    'key-administration',
    'Key administrators: manage, never use',
    820,
    iamPolicy(allow('kms:*')),
    iamPolicy(
      allow([
        'kms:Create*',
        'kms:Describe*',
        'kms:Enable*',
        'kms:List*',
        'kms:Put*',
        'kms:Update*',
        'kms:Disable*',
        'kms:Get*',
        'kms:ScheduleKeyDeletion',
        'kms:CancelKeyDeletion',
        'kms:TagResource',
        'kms:UntagResource',
      ]),
      {
        Sid: 'NoCrypto',
        Effect: 'Deny',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        Resource: '*',
      },
    ),
  );
  const boundary = addPolicy(
    production,
    'developer-boundary',
    'Upper limit of what a developer role may ever do',
    640,
    iamPolicy(
      allow(['s3:*', 'dynamodb:*', 'lambda:*', 'logs:*', 'sqs:*']),
      {
        Sid: 'KeysThroughServicesOnly',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringLike: { 'kms:ViaService': ['s3.*.amazonaws.com', 'dynamodb.*.amazonaws.com'] } },
      },
      { Sid: 'NoIam', Effect: 'Deny', Action: ['iam:*', 'organizations:*'], Resource: '*' },
    ),
  );
  const requireMfa = addPolicy(
    production,
    'require-mfa-for-keys',
    'Key changes need multi-factor sign-in',
    600,
    iamPolicy({
      Sid: 'DenyKeyChangesWithoutMfa',
      Effect: 'Deny',
      Action: ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'],
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    }),
  );
  const auditorRoleArn = `arn:aws:iam::${security}:role/${AUDITOR_ROLE}`;
  const auditProduction = addPolicy(
    production,
    'keywitness-auditor-access',
    'Read-only access to key metadata and its logs',
    120,
    auditorPolicy(
      logs.trailBuckets,
      logs.trailKeyArn,
      [auditorRoleArn],
      permissionSetArn(frame, 'Developer'),
    ),
  );
  const auditSecurity = addPolicy(
    security,
    'keywitness-auditor-access',
    'Read-only access to key metadata and its logs',
    120,
    auditorPolicy(logs.trailBuckets, logs.trailKeyArn, [], permissionSetArn(frame, 'Developer')),
  );
  return { decryptAll, keyAdmin, boundary, requireMfa, auditProduction, auditSecurity };
}
