/**
 * What the Vault evaluator reads: answers of the Vault API under the names Vault gives them. A list that could not be
 * had is null, with the reason beside it. Namespace paths end with `/`; the root namespace is the empty text.
 */

export type Capability =
  | 'deny'
  | 'create'
  | 'read'
  | 'update'
  | 'delete'
  | 'list'
  | 'sudo'
  | 'patch'
  | 'scan'
  | 'subscribe'
  | 'recover';

export interface VaultEntity {
  id: string;
  name: string;
  metadata?: Readonly<Record<string, string>> | null | undefined;
  aliases?: readonly VaultAlias[] | null | undefined;
  policies?: readonly string[] | null | undefined;
  disabled?: boolean | undefined;
}

export interface VaultAlias {
  id?: string | undefined;
  name: string;
  mount_accessor: string;
  metadata?: Readonly<Record<string, string>> | null | undefined;
  custom_metadata?: Readonly<Record<string, string>> | null | undefined;
}

export interface VaultGroup {
  id: string;
  name: string;
  /** `internal`, or `external` when an auth method says at login who is in it. */
  type?: string | undefined;
  metadata?: Readonly<Record<string, string>> | null | undefined;
  policies?: readonly string[] | null | undefined;
  member_entity_ids?: readonly string[] | null | undefined;
  member_group_ids?: readonly string[] | null | undefined;
}

/** Who a token stands for, as templated policy paths see it. */
export interface VaultIdentity {
  /** Undefined: the token has no entity. */
  entity?: VaultEntity | undefined;
  /** Direct and inherited groups. */
  groups: readonly VaultGroup[];
}

/** A role, user or group of an auth method; also a token role. */
export interface VaultAuthRole {
  name: string;
  /** As read: token_policies (or the older policies), token_no_default_policy, allowed_policies … */
  data: Readonly<Record<string, unknown>>;
}

export interface VaultAuthMount {
  /** Without `auth/`, with the slash at its end: `approle/`. */
  path: string;
  type: string;
  accessor: string;
  roles: readonly VaultAuthRole[] | null;
  rolesMissing?: string;
}

export interface VaultNamespace {
  path: string;
  /** Texts of sys/policies/acl; `text` is null when that one policy could not be read. */
  policies: readonly { name: string; text: string | null; missing?: string }[] | null;
  policiesMissing?: string;
  auth: readonly VaultAuthMount[] | null;
  authMissing?: string;
  entities: readonly VaultEntity[] | null;
  entitiesMissing?: string;
  groups: readonly VaultGroup[] | null;
  groupsMissing?: string;
}

export interface VaultTransitKey {
  /** What the paths are about: any stable id. */
  id: string;
  namespace: string;
  /** With the slash at its end: `transit/`. */
  mount: string;
  name: string;
  /** As read from the key. Absent: every use is considered. */
  supportsEncryption?: boolean;
  supportsDecryption?: boolean;
  supportsSigning?: boolean;
  /** False: export is refused whoever asks. */
  exportable?: boolean;
  /** False: plaintext backup is refused whoever asks. */
  allowPlaintextBackup?: boolean;
}

export interface VaultAccessInput {
  namespaces: readonly VaultNamespace[];
  keys: readonly VaultTransitKey[];
  /** The moment the answer is for (UTC, ISO 8601): OpenBao rules that expired before are left out. */
  at?: string;
}
