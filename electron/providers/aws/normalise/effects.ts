import { KEY_OPERATIONS } from './key-operations.ts';

/** What cannot be said when an operation has no answer, by its action. */
const EFFECTS: Record<string, string> = {
  GetCallerIdentity: 'who collected is not confirmed by the provider',
  ListRegions: 'the list of Regions is not known; a Region could be missing from the collection unnoticed',
  ListKeys: 'the keys of this Region are not all known; the inventory is incomplete there',
  ListAliases: 'names of keys in this Region are not all known',
  DescribeCustomKeyStores: 'custom key stores of this Region are not known',
  GetAccountAuthorizationDetails:
    'users, roles and policies of this account are not all known; tests that need IAM are undetermined',
  ListInstances:
    'whether people sign in through IAM Identity Center is not known; members of its roles are unknown',
  ListPermissionSetsProvisionedToAccount:
    'members of the roles of IAM Identity Center are unknown, unless its management account or delegated administrator is collected too, or a list is imported',
  DescribePermissionSet: 'which roles this permission set is, is not known; their members are unknown',
  ListAccountAssignments:
    'who may take the role of this permission set is not known; its members are unknown',
  DescribeGroup: 'the name of this group is not known',
  ListGroupMemberships: 'the members of this group are not known',
  DescribeUser: 'who this member is, is not known',
  DescribeTrails: 'trails of this Region are not known; tests of logging are undetermined',
  GetTrailStatus: 'whether this trail is logging in this Region is not known',
  GetEventSelectors: 'whether this trail leaves out KMS events is not known',
  ListPublicKeys: 'digest files of this Region cannot be verified',
  LookupEvents: 'events of this Region are not all known from CloudTrail event history',
  ListObjectsV2: 'log files of this place are not all known',
  GetObject: 'this log or digest file could not be read; its events are missing',
  ListRules: 'EventBridge rules of this Region are not known; tests of alerts are undetermined',
  ListTargetsByRule: 'whom this rule tells is not known',
  DescribeMetricFilters: 'metric filters of this Region are not known',
  DescribeAlarms: 'alarms of this Region are not known',
  DescribeLogGroups: 'retention of log groups in this Region is not known',
  ...Object.fromEntries(KEY_OPERATIONS.map((o) => [o.action, o.effect])),
};

/** IAM permissions that are not named like their operation (Service Authorization Reference, Amazon S3). */
const PERMISSIONS: Record<string, string> = {
  'aws.s3.ListObjectsV2': 's3:ListBucket',
  'aws.s3.GetBucketEncryption': 's3:GetEncryptionConfiguration',
  'aws.s3.GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  'aws.s3.GetObjectLockConfiguration': 's3:GetBucketObjectLockConfiguration',
  'aws.s3.GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
};

/** What is not known when this operation went unanswered. */
export function effectOf(action: string): string {
  const bucket =
    action.startsWith('GetBucket') ||
    action === 'GetPublicAccessBlock' ||
    action === 'GetObjectLockConfiguration';
  return (
    EFFECTS[action] ??
    (bucket
      ? 'this protection setting of the log bucket is not known; tests of the bucket are undetermined'
      : `the answer of ${action} is missing`)
  );
}

/** IAM permission an operation needs, for example `kms:DescribeKey`. */
export function permissionOf(op: string): string {
  const [, service, action] = op.split('.');
  const prefix = service === 'cloudwatch-logs' ? 'logs' : service === 'eventbridge' ? 'events' : service;
  return PERMISSIONS[op] ?? `${prefix ?? ''}:${action ?? ''}`;
}
