import { accessApproved } from './access-approved.ts';
import { administratorsWhoUse } from './administrators-who-use.ts';
import { approvedAlgorithm } from './approved-algorithm.ts';
import { approvedKeyManagement } from './approved-key-management.ts';
import { auditDeviceOptions } from './audit-device-options.ts';
import { auditDevices } from './audit-devices.ts';
import { azureChangeAlerts } from './azure-change-alerts.ts';
import { azureDiagnostics } from './azure-diagnostics.ts';
import { azureKeyExpiry } from './azure-key-expiry.ts';
import { azureLogDestination } from './azure-log-destination.ts';
import { azureLogRetention } from './azure-log-retention.ts';
import { azurePurgeProtection } from './azure-purge-protection.ts';
import { azureSelfGrant } from './azure-self-grant.ts';
import { azureVaultAdministrators } from './azure-vault-administrators.ts';
import type { Control } from './control.ts';
import { departedPrincipals } from './departed-principals.ts';
import { federatedMembers } from './federated-members.ts';
import { grantsUnconstrained } from './grants-unconstrained.ts';
import { humansWithUse } from './humans-with-use.ts';
import { iamDecryptAllKeys } from './iam-decrypt-all-keys.ts';
import { importedMaterialExpiring } from './imported-material-expiring.ts';
import { inventoryApproved } from './inventory-approved.ts';
import { keyChangeAlerts } from './key-change-alerts.ts';
import { keyCreationAuthorised } from './key-creation-authorised.ts';
import { keyHasSystem } from './key-has-system.ts';
import { keyPolicyCrossAccount } from './key-policy-cross-account.ts';
import { keyPolicyPublic } from './key-policy-public.ts';
import { kmsEventsRecorded } from './kms-events-recorded.ts';
import { logBucketProtected } from './log-bucket-protected.ts';
import { logCoverage } from './log-coverage.ts';
import { logDestinationApproved } from './log-destination-approved.ts';
import { logRetention } from './log-retention.ts';
import { logValidation } from './log-validation.ts';
import { materialJustified } from './material-justified.ts';
import { ownerCurrent } from './owner-current.ts';
import { ownerDocumented } from './owner-documented.ts';
import { pendingDeletion } from './pending-deletion.ts';
import { policyApproved } from './policy-approved.ts';
import { procedureCovers } from './procedure-covers.ts';
import { procedureDocumented } from './procedure-documented.ts';
import { reviewIndependent } from './review-independent.ts';
import { reviewPerformed } from './review-performed.ts';
import { rightsExercised } from './rights-exercised.ts';
import { rotationAge } from './rotation-age.ts';
import { rotationEnabled } from './rotation-enabled.ts';
import { rotationManual } from './rotation-manual.ts';
import { rotationPeriod } from './rotation-period.ts';
import { rotationPolicyAnnual } from './rotation-policy-annual.ts';
import { systemsHaveKeys } from './systems-have-keys.ts';
import { trailLogging } from './trail-logging.ts';
import { transitKeyDeletion } from './transit-key-deletion.ts';
import { transitKeyExportable } from './transit-key-exportable.ts';
import { transitWildcardPolicies } from './transit-wildcard-policies.ts';
import { vaultChangeAlerts } from './vault-change-alerts.ts';
import { vaultLogDestination } from './vault-log-destination.ts';
import { vaultLogRetention } from './vault-log-retention.ts';
import { vaultRootTokens } from './vault-root-tokens.ts';
import { vaultSudo } from './vault-sudo.ts';
import { wildcardPrincipals } from './wildcard-principals.ts';

/** Every test of a control, in the order of the report. Adding one is adding its file and one line here. */
export const CONTROLS: readonly Control[] = [
  rotationEnabled,
  rotationPeriod,
  rotationAge,
  rotationManual,
  azureKeyExpiry,
  rotationPolicyAnnual,
  keyPolicyPublic,
  keyPolicyCrossAccount,
  wildcardPrincipals,
  iamDecryptAllKeys,
  grantsUnconstrained,
  administratorsWhoUse,
  humansWithUse,
  azureSelfGrant,
  azureVaultAdministrators,
  transitWildcardPolicies,
  vaultSudo,
  vaultRootTokens,
  accessApproved,
  federatedMembers,
  rightsExercised,
  departedPrincipals,
  reviewPerformed,
  reviewIndependent,
  trailLogging,
  kmsEventsRecorded,
  auditDevices,
  auditDeviceOptions,
  azureDiagnostics,
  logCoverage,
  logValidation,
  logBucketProtected,
  logRetention,
  logDestinationApproved,
  azureLogRetention,
  azureLogDestination,
  vaultLogRetention,
  vaultLogDestination,
  keyChangeAlerts,
  azureChangeAlerts,
  vaultChangeAlerts,
  ownerDocumented,
  ownerCurrent,
  inventoryApproved,
  keyHasSystem,
  systemsHaveKeys,
  policyApproved,
  procedureDocumented,
  procedureCovers,
  keyCreationAuthorised,
  approvedAlgorithm,
  approvedKeyManagement,
  materialJustified,
  importedMaterialExpiring,
  pendingDeletion,
  azurePurgeProtection,
  transitKeyExportable,
  transitKeyDeletion,
];

/** The control with this id, or undefined. */
export function controlById(id: string): Control | undefined {
  return CONTROLS.find((control) => control.id === id);
}
