import type {
  AzurePermission,
  DenyAssignment,
  DirectoryObject,
  RoleAssignment,
  RoleDefinition,
  ScheduleInstance,
} from '../../access/azure/model.ts';
import type { Instant } from '../company/types.ts';

/** The sample company's Azure: what is there, and what happened. Instants are milliseconds since 1970, UTC. */

export interface EstateSubscription {
  id: string;
  name: string;
  resourceGroups: string[];
}

export interface KeyVersion {
  id: string;
  createdAt: Instant;
  updatedAt: Instant;
  expiresAt?: Instant;
  enabled: boolean;
}

export interface RotationPolicy {
  lifetimeActions: {
    trigger: { timeAfterCreate?: string; timeBeforeExpiry?: string };
    action: { type: 'Rotate' | 'Notify' };
  }[];
  attributes: { expiryTime?: string; created: number; updated: number };
}

export interface EstateKey {
  name: string;
  /** What the key is in the sample for. */
  story: string;
  kty: 'RSA' | 'RSA-HSM' | 'EC' | 'EC-HSM' | 'oct-HSM';
  /** Bits, or the curve's name. */
  size: number | string;
  keyOps: string[];
  /** Oldest first. */
  versions: KeyVersion[];
  rotationPolicy?: RotationPolicy;
  exportable?: boolean;
  /** Backs a certificate. */
  managed?: boolean;
  tags?: Record<string, string>;
  deletedAt?: Instant;
}

export interface DiagnosticSetting {
  name: string;
  workspaceId?: string;
  storageAccountId?: string;
  logAnalyticsDestinationType?: 'Dedicated';
  logs: { category?: string; categoryGroup?: string; enabled: boolean }[];
}

export interface EstateVault {
  kind: 'vault' | 'hsm';
  id: string;
  name: string;
  location: string;
  /** Other properties as ARM shows them; vaultUri or hsmUri is added by the servers. */
  properties: Record<string, unknown>;
  tags: Record<string, string>;
  createdAt: Instant;
  keys: EstateKey[];
  diagnosticSettings: DiagnosticSetting[];
  /** The data plane refuses the network the collector comes from. */
  firewalled: boolean;
  deletedAt?: Instant;
  local?: { roleDefinitions: readonly RoleDefinition[]; roleAssignments: RoleAssignment[] };
}

export interface Workspace {
  id: string;
  name: string;
  customerId: string;
  location: string;
  retentionInDays: number;
}

/** One Key Vault audit record: both tables and the blobs are written from it. */
export interface AuditRecord {
  at: Instant;
  vaultId: string;
  vaultName: string;
  operation: string;
  requestPath: string;
  principalId: string;
  principalName: string;
  status: number;
  correlationId: string;
  ip: string;
}

export interface ActivityEvent {
  at: Instant;
  subscriptionId: string;
  id: string;
  caller: string;
  operation: string;
  resourceProvider: string;
  resourceId: string;
  correlationId: string;
}

/** A principal that can sign in with a client secret. */
export interface SignIn {
  clientId: string;
  clientSecret: string;
  objectId: string;
}

export interface Estate {
  seed: string;
  now: Instant;
  period: { from: Instant; to: Instant };
  tenantId: string;
  tenantName: string;
  managementGroup: string;
  subscriptions: [EstateSubscription, EstateSubscription];
  vaults: EstateVault[];
  workspace: Workspace;
  storageAccountId: string;
  roleDefinitions: readonly RoleDefinition[];
  roleAssignments: RoleAssignment[];
  denyAssignments: DenyAssignment[];
  eligibilities: ScheduleInstance[];
  activeInstances: ScheduleInstance[];
  directory: { objects: DirectoryObject[]; members: Map<string, string[]> };
  signIns: { auditor: SignIn; admin: SignIn; nobody: SignIn };
  /** Application permissions of Microsoft Graph that the auditor has. */
  graphPermissions: readonly string[];
  audit: AuditRecord[];
  activity: ActivityEvent[];
}

/** Instead of what the company gives its auditor: the custom role, the access-policy permissions, the HSM role. */
export interface AuditorRights {
  permission?: AzurePermission;
  keyPermissions?: string[];
  hsmDataActions?: string[];
  graphPermissions?: string[];
}
