import type { Instant } from '../company/types.ts';

export type TransitKeyType =
  | 'aes128-gcm96'
  | 'aes256-gcm96'
  | 'chacha20-poly1305'
  | 'ed25519'
  | 'ecdsa-p256'
  | 'ecdsa-p384'
  | 'rsa-2048'
  | 'rsa-4096'
  | 'hmac';

export interface TransitKey {
  /** '' or with the slash at its end. */
  namespace: string;
  mount: string;
  name: string;
  type: TransitKeyType;
  /** When each version was made, the first first. */
  versions: Instant[];
  /** Seconds; 0 is off. */
  autoRotatePeriod: number;
  minDecryptionVersion: number;
  minEncryptionVersion: number;
  exportable: boolean;
  allowPlaintextBackup: boolean;
  deletionAllowed: boolean;
  derived: boolean;
  imported: boolean;
  /** Name of the person or service that uses it. */
  usedBy?: string;
}

export interface Mount {
  path: string;
  type: 'transit' | 'kv' | 'system' | 'identity' | 'cubbyhole';
  version?: '1' | '2';
  description: string;
}

export interface AuthMount {
  path: string;
  type: 'approle' | 'userpass' | 'kubernetes' | 'oidc' | 'jwt' | 'token' | 'ns_token';
  roles: { name: string; data: Record<string, unknown> }[];
}

export interface Entity {
  id: string;
  name: string;
  policies: string[];
  metadata: Record<string, string>;
  aliases: { id: string; name: string; mount: string }[];
}

export interface Group {
  id: string;
  name: string;
  type: 'internal' | 'external';
  policies: string[];
  memberEntities: string[];
  memberGroups: string[];
}

export interface Namespace {
  path: string;
  id: string;
  mounts: Mount[];
  auth: AuthMount[];
  policies: Map<string, string>;
  entities: Entity[];
  groups: Group[];
}

/** A change made through the API, and so found in the audit logs. */
export interface VaultChange {
  at: Instant;
  namespace: string;
  actor: string;
  operation: 'create' | 'update' | 'delete';
  path: string;
  data: Record<string, string | number | boolean>;
}

export interface Token {
  id: string;
  accessor: string;
  namespace: string;
  displayName: string;
  policies: string[];
  entity?: Entity;
  path: string;
  createdAt: Instant;
}

export interface AuditDevice {
  path: string;
  filePath: string;
  prefix: string;
  enabledAt: Instant;
  /** Keys the HMACs of this device. */
  salt: string;
}

export interface VaultWorld {
  seed: string;
  now: Instant;
  period: { from: Instant; to: Instant };
  namespaces: Namespace[];
  keys: TransitKey[];
  changes: VaultChange[];
  devices: AuditDevice[];
  tokens: Map<string, Token>;
  clusterId: string;
  /** role_id and secret_id of approle, passwords of userpass: logins of the sample. */
  logins: Map<string, { secret: string; mount: string; role: string }>;
}
