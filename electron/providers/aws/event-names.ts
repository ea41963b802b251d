/**
 * Events that change a key, its rights or its rotation (https://docs.aws.amazon.com/kms/latest/developerguide/ct-kms.html),
 * and those that change what is logged. Some names are used by other services too: whoever reads the answers looks at
 * the event's source.
 */
export const keyChangeEvents: readonly string[] = [
  'CancelKeyDeletion',
  'ConnectCustomKeyStore',
  'CreateAlias',
  'CreateCustomKeyStore',
  'CreateGrant',
  'CreateKey',
  'DeleteAlias',
  'DeleteCustomKeyStore',
  'DeleteExpiredKeyMaterial',
  'DeleteImportedKeyMaterial',
  'DeleteKey',
  'DisableKey',
  'DisableKeyRotation',
  'DisconnectCustomKeyStore',
  'EnableKey',
  'EnableKeyRotation',
  'ImportKeyMaterial',
  'PutKeyPolicy',
  'ReplicateKey',
  'RetireGrant',
  'RevokeGrant',
  'RotateKey',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'SynchronizeMultiRegionKey',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateCustomKeyStore',
  'UpdateKeyDescription',
  'UpdatePrimaryRegion',
];

export const trailChangeEvents: readonly string[] = [
  'CreateTrail',
  'DeleteTrail',
  'PutEventSelectors',
  'StartLogging',
  'StopLogging',
  'UpdateTrail',
];
