import type { Instant } from './instant.ts';

/** Who can act: users, roles, groups, and the policies that say what they may do. */

/** A policy document as AWS writes it: Version, Statement[]. Kept as an object; servers serialise it. */
export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: '*' | Record<string, string | string[]>;
  NotPrincipal?: Record<string, string | string[]>;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface NamedPolicy {
  name: string;
  document: PolicyDocument;
}

interface PrincipalBase {
  accountId: string;
  name: string;
  path: string;
  /** Unique id: AIDA… (user), AROA… (role), AGPA… (group). */
  id: string;
  arn: string;
  createdAt: Instant;
  inlinePolicies: NamedPolicy[];
  attachedPolicyArns: string[];
  tags: Record<string, string>;
}

export interface IamUser extends PrincipalBase {
  groups: string[];
  boundaryArn?: string;
  /** True for a person, false for a user that a machine or a vendor signs in as. */
  human: boolean;
  accessKeyIds: string[];
}

export interface IamRole extends PrincipalBase {
  trust: PolicyDocument;
  boundaryArn?: string;
  kind: 'service' | 'service-linked' | 'sso' | 'cross-account' | 'auditor' | 'delivery';
  lastUsed?: { at: Instant; region: string };
}

export interface IamGroup extends Omit<PrincipalBase, 'tags'> {
  members: string[];
}

export interface ManagedPolicy {
  /** 'aws' for policies that AWS manages. */
  accountId: string;
  name: string;
  path: string;
  /** ANPA… */
  id: string;
  arn: string;
  description: string;
  createdAt: Instant;
  updatedAt: Instant;
  /** Oldest first; the last one is the default version. */
  versions: { id: string; createdAt: Instant; document: PolicyDocument }[];
}

/**
 * Who acted, enough to write a CloudTrail userIdentity.
 * - user: `arn` is the IAM user; `accessKeyId` set.
 * - role: `arn` is the IAM *role*; the caller is assumed-role/<role name>/<sessionName>.
 * - service: an AWS service acting by itself (`invokedBy`, e.g. 'AWS Internal' or 's3.amazonaws.com').
 * - root: the account's root user.
 */
export interface Actor {
  kind: 'user' | 'role' | 'service' | 'root';
  accountId: string;
  arn?: string;
  principalId?: string;
  userName?: string;
  sessionName?: string;
  accessKeyId?: string;
  invokedBy?: string;
  sourceIp: string;
  userAgent: string;
}
