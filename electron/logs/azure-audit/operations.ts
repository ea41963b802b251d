/*
 * Operations as Key Vault's audit records and the activity log name them.
 * https://learn.microsoft.com/azure/key-vault/general/logging
 */

/** Operations of keys that change something. */
const KEY_CHANGES = new Set([
  'KeyCreate',
  'KeyImport',
  'KeyUpdate',
  'KeyDelete',
  'KeyPurge',
  'KeyRecover',
  'KeyRestore',
  'KeyRotate',
  'KeyRotateIfDue',
  'KeyRotationPolicySet',
]);
const KEY_READS = /^Key(Get|List|RotationPolicyGet|NearExpiry|Expired)/;
const VAULT_CHANGES = /^(Managed)?(Vault|Hsm)(Put|Patch|Delete|Purge|Recover|AccessPolicyChanged)/i;

/** Whether an audit record concerns keys, or the vault that they are in; secrets and certificates do not. */
export const isAudited = (operation: string): boolean => /^(Key|Vault|ManagedHsm|Hsm)/i.test(operation);

export const changesKey = (operation: string): boolean =>
  KEY_CHANGES.has(operation) || VAULT_CHANGES.test(operation);

export const readsOnly = (operation: string): boolean =>
  KEY_READS.test(operation) || /^(Vault|ManagedHsm)(Get|List)/i.test(operation);

/** Changes in the activity log that bear on keys: of vaults, of who may, of what is recorded, of who is told. */
export const isWatchedActivity = (operation: string): boolean =>
  WATCHED.test(operation) && !/\/read$/i.test(operation);

const WATCHED =
  /^microsoft\.(keyvault\/|authorization\/(roleassignments|roledefinitions|denyassignments|locks|roleassignmentschedule|roleeligibilityschedule)|insights\/(diagnosticsettings|activitylogalerts|scheduledqueryrules))/i;
