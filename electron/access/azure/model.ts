/**
 * What the Azure evaluator reads: items as Azure Resource Manager, Key Vault and Microsoft Graph send them, under the
 * names they give them. A list that could not be had is null, with the reason beside it.
 */

/** Role definition permissions, also the shape of a deny assignment's. API version 2022-04-01. */
export interface AzurePermission {
  actions?: readonly string[] | undefined;
  notActions?: readonly string[] | undefined;
  dataActions?: readonly string[] | undefined;
  notDataActions?: readonly string[] | undefined;
  condition?: string | null | undefined;
  conditionVersion?: string | null | undefined;
}

export interface RoleDefinition {
  /** With or without the subscription before /providers; the last part decides. */
  id: string;
  properties: {
    roleName?: string | undefined;
    type?: string | undefined;
    permissions?: readonly AzurePermission[] | undefined;
  };
}

/** A role assignment, and the common part of the PIM schedule instances. */
export interface RoleAssignment {
  id: string;
  properties: {
    roleDefinitionId: string;
    principalId: string;
    principalType?: string | null | undefined;
    /** Empty or `/` is the root, above every management group. */
    scope: string;
    condition?: string | null | undefined;
    conditionVersion?: string | null | undefined;
  };
}

/** roleEligibilityScheduleInstances and roleAssignmentScheduleInstances, API version 2020-10-01. */
export interface ScheduleInstance {
  id: string;
  properties: RoleAssignment['properties'] & {
    /** UTC, ISO 8601; absent or null: no end. */
    startDateTime?: string | null | undefined;
    endDateTime?: string | null | undefined;
    /** Active instances: `Activated` out of an eligibility, or `Assigned`. */
    assignmentType?: string | null | undefined;
    originRoleAssignmentId?: string | null | undefined;
    memberType?: string | null | undefined;
  };
}

export interface DenyAssignment {
  id: string;
  properties: {
    denyAssignmentName?: string | undefined;
    permissions?: readonly AzurePermission[] | undefined;
    scope: string;
    doNotApplyToChildScopes?: boolean | null | undefined;
    /** The all-zero id of type SystemDefined is everyone. */
    principals?: readonly { id?: string | undefined; type?: string | undefined }[] | undefined;
    excludePrincipals?: readonly { id?: string | undefined; type?: string | undefined }[] | undefined;
    isSystemProtected?: boolean | undefined;
    condition?: string | null | undefined;
  };
}

export interface AzureSubscription {
  subscriptionId: string;
  tenantId?: string;
  /**
   * Names of the management groups above it. Absent: unknown, and an assignment at a management group counts, because
   * ARM lists with a subscription only what is at, above or below it.
   */
  managementGroups?: readonly string[];
  roleDefinitions: readonly RoleDefinition[];
  /** All pages of the unfiltered list at the subscription. */
  roleAssignments: readonly RoleAssignment[] | null;
  roleAssignmentsMissing?: string;
  denyAssignments: readonly DenyAssignment[] | null;
  denyAssignmentsMissing?: string;
  eligibilities: readonly ScheduleInstance[] | null;
  eligibilitiesMissing?: string;
  /** Null only loses the knowledge of what is an activation and when it ends. */
  activeInstances: readonly ScheduleInstance[] | null;
}

export interface AccessPolicyEntry {
  tenantId?: string | undefined;
  objectId?: string | undefined;
  /** Set: the rights hold only for this object signed in through this application. */
  applicationId?: string | null | undefined;
  permissions?: { keys?: readonly string[] | null | undefined } | undefined;
}

export interface AzureVault {
  /** ARM id: /subscriptions/…/providers/Microsoft.KeyVault/vaults/… or …/managedHSMs/… */
  id: string;
  /** Null when the vault could not be read. A managed HSM needs none. */
  properties: {
    tenantId?: string | undefined;
    /** False, null or absent: access policies decide. */
    enableRbacAuthorization?: boolean | null | undefined;
    accessPolicies?: readonly AccessPolicyEntry[] | null | undefined;
  } | null;
  propertiesMissing?: string;
  /** Managed HSM only: the local roles, which ARM does not show. Null when they could not be read. */
  local?: {
    roleDefinitions: readonly RoleDefinition[];
    roleAssignments: readonly RoleAssignment[];
  } | null;
  localMissing?: string;
}

export interface AzureKey {
  /** What the paths are about; any stable id, e.g. the key identifier without its version. */
  id: string;
  /** ARM id of its vault or managed HSM. */
  vaultId: string;
  name: string;
  /** kty and key_ops of the newest version: uses the key cannot serve are left out. Absent: all are considered. */
  kty?: string;
  keyOps?: readonly string[];
}

/** An Entra object as Microsoft Graph shows it. */
export interface DirectoryObject {
  id: string;
  type: 'User' | 'Group' | 'ServicePrincipal';
  displayName?: string | undefined;
  userPrincipalName?: string | undefined;
  /** `Member` or `Guest`. */
  userType?: string | null | undefined;
  /** False: nobody can sign in with it. */
  accountEnabled?: boolean | null | undefined;
  /** `Application`, `ManagedIdentity`, `Legacy` … */
  servicePrincipalType?: string | null | undefined;
  /** The tenant where its application is registered. */
  appOwnerOrganizationId?: string | null | undefined;
}

export interface AzureDirectory {
  objects: readonly DirectoryObject[];
  /** Direct members by group id. A group that is not in it has unknown members. */
  members: ReadonlyMap<string, readonly string[]>;
  /** Object ids that were looked up and do not exist. */
  notFound?: readonly string[];
}

export interface AzureAccessInput {
  subscriptions: readonly AzureSubscription[];
  vaults: readonly AzureVault[];
  keys: readonly AzureKey[];
  /** Absent: Graph was not read, every group's members are unknown. */
  directory?: AzureDirectory;
  /** The moment the answer is for (UTC, ISO 8601): schedule instances outside their dates are left out. */
  at?: string;
}
