/**
 * Who holds which right on a key, and through what. The same words for AWS, Azure and Vault, so that the access
 * matrix, the review and the tests of controls need to know no provider.
 */

/** The three classes of right that an auditor asks about. Reading a key's settings is not a right in this sense. */
export type RightClass = 'administer' | 'use' | 'grant';

/** What a right to use the key lets its holder do. `derive` also covers key encapsulation (a shared secret results). */
export type UseKind =
  'encrypt' | 'decrypt' | 'data-key' | 'wrap' | 'unwrap' | 'sign' | 'verify' | 'mac' | 'derive';

export interface Right {
  class: RightClass;
  /** Present exactly when `class` is `use`. */
  use?: UseKind;
}

export type PrincipalKind =
  'human' | 'service' | 'cloud-service' | 'external-account' | 'federated' | 'everyone' | 'unknown';

/** The technical shape of a principal, where its kind alone would hide what it is. */
export type PrincipalForm =
  | 'user'
  | 'group'
  | 'foreign-group'
  | 'service-principal'
  | 'managed-identity'
  | 'role'
  | 'role-session'
  | 'account-root'
  | 'account'
  | 'cloud-service'
  | 'identity-provider'
  | 'everyone'
  | 'entity'
  | 'token-role'
  | 'root-token'
  | 'unresolved';

export interface Principal {
  /** Stable within one evaluation: an ARN, a service name, a unique id, or `*`. */
  id: string;
  arn?: string;
  /** How people know it, where the directory told; for print. */
  name?: string;
  /** The account, subscription or namespace that the principal belongs to, where it has one. */
  accountId?: string;
  form: PrincipalForm;
  kind: PrincipalKind;
  /** Why this kind, in words that can be printed beside it. */
  kindReason: string;
}

/** Where the raw text lies that gives (or limits) a right. */
export interface RawPointer {
  document:
    | 'key-policy'
    | 'grants'
    | 'inline-policy'
    | 'managed-policy'
    | 'trust-policy'
    | 'service-control-policy'
    | 'resource-control-policy'
    | 'account-authorization-details'
    | 'role-assignment'
    | 'role-eligibility-schedule-instance'
    | 'role-assignment-schedule-instance'
    | 'role-definition'
    | 'deny-assignment'
    | 'vault'
    | 'hsm-role-assignment'
    | 'hsm-role-definition'
    | 'group-members'
    | 'acl-policy'
    | 'auth-role'
    | 'token-role'
    | 'entity'
    | 'identity-group';
  /** Whose document (an ARN, or the item's own id in Azure). Absent: the document of the very key that the access path is about. */
  of?: string;
  /** The name of an inline policy. */
  name?: string;
  /** RFC 6901 pointer into that document. */
  path: string;
}

/** One step of an access path; steps are listed from the key outwards to the principal. */
export interface PathStep {
  type:
    | 'key-policy-statement'
    | 'account-delegation'
    | 'iam-policy'
    | 'group'
    | 'grant'
    | 'grant-retirement'
    | 'role-trust'
    | 'role-definition'
    | 'role-assignment'
    | 'role-eligibility'
    | 'role-activation'
    | 'access-policy'
    | 'hsm-role-assignment'
    | 'acl-policy'
    | 'auth-role'
    | 'token-role'
    | 'entity';
  /** What gives the right: the statement's Sid, a policy's ARN or name, a grant id, a group's or a role's ARN. */
  id: string;
  sid?: string;
  /** The role's, group's or scope's name, where people know it by another word than its id. */
  name?: string;
  policyArn?: string;
  statementIndex?: number;
  rawPointer: RawPointer;
}

/** A condition that could not be decided from what was collected. It is reported as written, never guessed. */
export interface ReportedCondition {
  operator: string;
  key: string;
  values: readonly string[];
  /** `allow`: the right exists only while this holds. `deny`: the right is refused while this holds. */
  effect: 'allow' | 'deny';
  rawPointer: RawPointer;
}

/**
 * `allowed`: every document that was collected allows it and no undecided condition remains.
 * `conditional`: it is allowed while the reported conditions hold.
 * `unknown`: a document that decides it could not be read; `notEvaluated` names it.
 */
export type Certainty = 'allowed' | 'conditional' | 'unknown';

/** How one principal holds one right on one key. Parts are shared between paths: treat them as read-only. */
export interface AccessPath {
  key: string;
  principal: Principal;
  right: Right;
  /** The provider's own names of what is allowed, sorted. */
  actions: readonly string[];
  via: readonly PathStep[];
  conditions: readonly ReportedCondition[];
  certainty: Certainty;
  /** What could limit this further and was not part of the evaluation. */
  notEvaluated: readonly string[];
}

/** Something in the documents that could not be understood. Evaluation goes on without it. */
export interface AccessIssue {
  code:
    | 'policy-missing'
    | 'policy-malformed'
    | 'statement-malformed'
    | 'element-unknown'
    | 'principal-unreadable'
    | 'principal-orphaned'
    | 'operator-unknown'
    | 'managed-policy-missing'
    | 'group-missing'
    | 'grants-missing'
    | 'iam-missing'
    | 'vault-missing'
    | 'role-assignments-missing'
    | 'role-definition-missing'
    | 'deny-assignments-missing'
    | 'eligibility-missing'
    | 'hsm-roles-missing'
    | 'members-missing'
    | 'auth-roles-missing'
    | 'identity-missing';
  /** Which document: for a key policy `of` is the key's ARN. */
  rawPointer: RawPointer;
  message: string;
}
