import type { PolicyDocument } from './types.ts';

export const AUDITOR_ROLE = 'KeywitnessAuditor';
export const AUDITOR_USER = 'keywitness-auditor';

/**
 * What the company's administrators allowed the auditor: metadata only, no use of keys. The trail bucket's key may
 * decrypt through S3 only, because its log files are encrypted with it. Who has one permission set, they keep to themselves.
 */
export function auditorPolicy(
  trailBuckets: string[],
  trailKeyArn: string,
  assumableRoles: string[],
  withheldPermissionSet: string,
): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'KmsMetadata',
        Effect: 'Allow',
        Action: [
          'kms:ListKeys',
          'kms:ListAliases',
          'kms:DescribeCustomKeyStores',
          'kms:DescribeKey',
          'kms:GetKeyPolicy',
          'kms:ListKeyPolicies',
          'kms:GetKeyRotationStatus',
          'kms:ListKeyRotations',
          'kms:ListGrants',
          'kms:ListResourceTags',
          'kms:GetKeyLastUsage',
          'kms:GetPublicKey',
        ],
        Resource: '*',
      },
      {
        Sid: 'TrailConfig',
        Effect: 'Allow',
        Action: [
          'cloudtrail:DescribeTrails',
          'cloudtrail:ListTrails',
          'cloudtrail:GetTrail',
          'cloudtrail:GetTrailStatus',
          'cloudtrail:GetEventSelectors',
          'cloudtrail:GetInsightSelectors',
          'cloudtrail:ListTags',
          'cloudtrail:ListPublicKeys',
          'cloudtrail:LookupEvents',
          'cloudtrail:ListEventDataStores',
        ],
        Resource: '*',
      },
      {
        Sid: 'Monitoring',
        Effect: 'Allow',
        Action: [
          'events:ListRules',
          'events:ListTargetsByRule',
          'cloudwatch:DescribeAlarms',
          'logs:DescribeLogGroups',
          'logs:DescribeMetricFilters',
        ],
        Resource: '*',
      },
      {
        Sid: 'Identity',
        Effect: 'Allow',
        Action: [
          'iam:GetAccountAuthorizationDetails',
          'iam:GetAccountSummary',
          'iam:ListAccountAliases',
          'account:ListRegions',
        ],
        Resource: '*',
      },
      {
        Sid: 'IdentityCenter',
        Effect: 'Allow',
        Action: [
          'sso:ListInstances',
          'sso:ListPermissionSetsProvisionedToAccount',
          'sso:DescribePermissionSet',
          'sso:ListAccountAssignments',
          'identitystore:DescribeGroup',
          'identitystore:ListGroupMemberships',
          'identitystore:DescribeUser',
        ],
        Resource: '*',
      },
      {
        Sid: 'NotWhoDevelops',
        Effect: 'Deny',
        Action: 'sso:ListAccountAssignments',
        Resource: withheldPermissionSet,
      },
      {
        Sid: 'LogBuckets',
        Effect: 'Allow',
        Action: [
          's3:ListBucket',
          's3:GetBucketLocation',
          's3:GetBucketPolicy',
          's3:GetBucketVersioning',
          's3:GetBucketLogging',
          's3:GetLifecycleConfiguration',
          's3:GetBucketObjectLockConfiguration',
          's3:GetEncryptionConfiguration',
          's3:GetBucketPublicAccessBlock',
        ],
        Resource: trailBuckets.map((bucket) => `arn:aws:s3:::${bucket}`),
      },
      {
        Sid: 'LogObjects',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: trailBuckets.map((bucket) => `arn:aws:s3:::${bucket}/*`),
      },
      {
        Sid: 'LogDecrypt',
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: trailKeyArn,
        Condition: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } },
      },
      ...(assumableRoles.length > 0
        ? [
            {
              Sid: 'OtherAccounts',
              Effect: 'Allow' as const,
              Action: 'sts:AssumeRole',
              Resource: assumableRoles,
            },
          ]
        : []),
      {
        Sid: 'NoCrypto',
        Effect: 'Deny',
        Action: [
          'kms:Encrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:Sign',
          'kms:CreateGrant',
          'kms:Put*',
          'kms:Schedule*',
          'kms:Disable*',
          'kms:Delete*',
          'kms:Update*',
          'kms:Tag*',
          'kms:Untag*',
        ],
        Resource: '*',
      },
    ],
  };
}
