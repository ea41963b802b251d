/*
 * Which records of a log file are kept: those that use or change a key, and those that change who may do so, what is
 * logged, where logs are kept, or who is told. Everything else is counted and proved (Merkle root), not kept.
 */

const KMS = 'kms.amazonaws.com';

/** Operations of KMS that change a key, its policy, its grants, its aliases or its store. KMS API reference. */
const KMS_CHANGES = new Set([
  ...['CancelKeyDeletion', 'ConnectCustomKeyStore', 'CreateAlias', 'CreateCustomKeyStore', 'CreateGrant'],
  ...['CreateKey', 'DeleteAlias', 'DeleteCustomKeyStore', 'DeleteExpiredKeyMaterial'],
  ...['DeleteImportedKeyMaterial', 'DeleteKey', 'DisableKey', 'DisableKeyRotation'],
  ...['DisconnectCustomKeyStore', 'EnableKey', 'EnableKeyRotation', 'ImportKeyMaterial', 'PutKeyPolicy'],
  ...['ReplicateKey', 'RetireGrant', 'RevokeGrant', 'RotateKey', 'RotateKeyOnDemand', 'ScheduleKeyDeletion'],
  ...['SynchronizeMultiRegionKey', 'TagResource', 'UntagResource', 'UpdateAlias', 'UpdateCustomKeyStore'],
  ...['UpdateKeyDescription', 'UpdatePrimaryRegion'],
]);

/** Changes outside KMS that bear on keys or on the logging of keys, by event source. */
const CHANGES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    'cloudtrail.amazonaws.com': new Set([
      ...['StopLogging', 'StartLogging', 'CreateTrail', 'UpdateTrail', 'DeleteTrail', 'PutEventSelectors'],
      ...['PutInsightSelectors', 'CreateEventDataStore', 'UpdateEventDataStore', 'DeleteEventDataStore'],
      ...['RestoreEventDataStore', 'StopEventDataStoreIngestion', 'StartEventDataStoreIngestion'],
      ...['PutResourcePolicy', 'DeleteResourcePolicy', 'PutEventConfiguration'],
      ...['RegisterOrganizationDelegatedAdmin', 'DeregisterOrganizationDelegatedAdmin'],
    ]),
    'iam.amazonaws.com': new Set([
      ...['PutRolePolicy', 'PutUserPolicy', 'PutGroupPolicy', 'DeleteRolePolicy', 'DeleteUserPolicy'],
      ...['DeleteGroupPolicy', 'AttachRolePolicy', 'AttachUserPolicy', 'AttachGroupPolicy'],
      ...['DetachRolePolicy', 'DetachUserPolicy', 'DetachGroupPolicy', 'CreatePolicy', 'DeletePolicy'],
      ...['CreatePolicyVersion', 'DeletePolicyVersion', 'SetDefaultPolicyVersion', 'UpdateAssumeRolePolicy'],
      ...['CreateRole', 'DeleteRole', 'UpdateRole', 'CreateUser', 'DeleteUser', 'UpdateUser'],
      ...['CreateGroup', 'DeleteGroup', 'UpdateGroup', 'AddUserToGroup', 'RemoveUserFromGroup'],
      ...['PutRolePermissionsBoundary', 'PutUserPermissionsBoundary', 'DeleteRolePermissionsBoundary'],
      ...['DeleteUserPermissionsBoundary', 'CreateServiceLinkedRole', 'DeleteServiceLinkedRole'],
      ...[
        'CreateAccessKey',
        'UpdateAccessKey',
        'DeleteAccessKey',
        'CreateLoginProfile',
        'UpdateLoginProfile',
      ],
    ]),
    'organizations.amazonaws.com': new Set([
      ...['AttachPolicy', 'DetachPolicy', 'CreatePolicy', 'UpdatePolicy', 'DeletePolicy', 'EnablePolicyType'],
      ...['DisablePolicyType', 'LeaveOrganization', 'RemoveAccountFromOrganization', 'MoveAccount'],
      ...['DisableAWSServiceAccess', 'EnableAWSServiceAccess', 'RegisterDelegatedAdministrator'],
      ...['DeregisterDelegatedAdministrator'],
    ]),
    's3.amazonaws.com': new Set([
      ...[
        'PutBucketPolicy',
        'DeleteBucketPolicy',
        'PutBucketAcl',
        'PutBucketLifecycle',
        'DeleteBucketLifecycle',
      ],
      ...['PutBucketLifecycleConfiguration', 'PutBucketVersioning', 'PutBucketEncryption'],
      ...['DeleteBucketEncryption', 'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock'],
      ...['PutPublicAccessBlock', 'DeletePublicAccessBlock', 'PutAccountPublicAccessBlock'],
      ...['DeleteAccountPublicAccessBlock', 'PutObjectLockConfiguration', 'PutBucketObjectLockConfiguration'],
      ...[
        'PutBucketLogging',
        'PutBucketReplication',
        'DeleteBucketReplication',
        'PutBucketOwnershipControls',
      ],
      ...['DeleteBucket', 'CreateBucket', 'PutBucketNotification'],
    ]),
    'events.amazonaws.com': new Set([
      ...['PutRule', 'DeleteRule', 'EnableRule', 'DisableRule', 'PutTargets', 'RemoveTargets'],
    ]),
    'monitoring.amazonaws.com': new Set([
      ...['PutMetricAlarm', 'PutCompositeAlarm', 'DeleteAlarms', 'EnableAlarmActions', 'DisableAlarmActions'],
    ]),
    'logs.amazonaws.com': new Set([
      ...['PutMetricFilter', 'DeleteMetricFilter', 'PutRetentionPolicy', 'DeleteRetentionPolicy'],
      ...['DeleteLogGroup', 'DeleteLogStream', 'PutSubscriptionFilter', 'DeleteSubscriptionFilter'],
      ...['AssociateKmsKey', 'DisassociateKmsKey'],
    ]),
    'sns.amazonaws.com': new Set(['DeleteTopic', 'Unsubscribe', 'SetTopicAttributes', 'RemovePermission']),
  }),
);

/** True when a record of this source and name is kept. */
export function isRelevant(eventSource: string, eventName: string): boolean {
  return eventSource === KMS || CHANGES.get(eventSource)?.has(eventName) === true;
}

/** True when the event changes something, rather than uses or reads it. Whether it succeeded, its error code says. */
export function isChange(eventSource: string, eventName: string): boolean {
  return eventSource === KMS ? KMS_CHANGES.has(eventName) : CHANGES.get(eventSource)?.has(eventName) === true;
}

const KMS_BYTES = Buffer.from(KMS);
/** Lengths and first letters that a relevant source can have: most records are told apart by these two bytes. */
const CANDIDATES = new Set([...CHANGES.keys()].map((source) => source.length * 256 + source.charCodeAt(0)));

/** {@link isRelevant} on the bytes of a record, without making strings for what is not kept. */
export function isRelevantBytes(
  bytes: Buffer,
  sourceStart: number,
  sourceEnd: number,
  nameStart: number,
  nameEnd: number,
): boolean {
  const length = sourceEnd - sourceStart;
  if (length === KMS_BYTES.length && bytes[sourceStart] === 0x6b) {
    return KMS_BYTES.every((byte, i) => bytes[sourceStart + i] === byte);
  }
  if (!CANDIDATES.has(length * 256 + bytes[sourceStart]!)) return false;
  return isRelevant(
    bytes.toString('latin1', sourceStart, sourceEnd),
    bytes.toString('latin1', nameStart, nameEnd),
  );
}
