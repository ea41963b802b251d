import type { PathStep, Principal } from '../types.ts';
import type { AwsTag } from './model.ts';
import type { Policy, Statement } from './statement.ts';

/** A statement that applies to an identity, with the steps that say where it comes from. */
export interface OwnStatement {
  statement: Statement;
  /** The policy, and the group that carries it if any. */
  steps: readonly PathStep[];
}

/** A ceiling on what may be allowed: a permissions boundary, or one level of control policies. */
export interface Ceiling {
  name: string;
  /** Undefined when the document could not be had: what it allows is then unknown. */
  policy: Policy | undefined;
}

/** Whoever may call KMS, as far as it is known. */
export interface Identity {
  ref: Principal;
  /** Position among the collected IAM users and roles; -1 for everybody else. */
  index: number;
  accountId: string | undefined;
  /** Friendly name, for `${aws:username}`. */
  name: string | undefined;
  uniqueId: string | undefined;
  /** What `aws:PrincipalArn` holds: for a role session the role's ARN. */
  conditionArn: string | undefined;
  principalType: 'User' | 'AssumedRole' | 'Account' | undefined;
  isService: boolean;
  /** Undefined when they are unknown or may be replaced by session tags. */
  tags: readonly AwsTag[] | undefined;
  own: readonly OwnStatement[];
  boundary: Ceiling | undefined;
  /** Why denials in identity policies may be missing; empty when everything could be read. */
  unreadable: readonly string[];
  /** The identity's IAM policies were collected, so what they do not allow is not allowed. */
  iamKnown: boolean;
  serviceLinked: boolean;
  /** For a role session: the ARN of the role's own identity, which statements may also name. */
  roleArn: string | undefined;
}

const NOTHING = {
  index: -1,
  accountId: undefined,
  name: undefined,
  uniqueId: undefined,
  conditionArn: undefined,
  principalType: undefined,
  isService: false,
  tags: undefined,
  own: [],
  boundary: undefined,
  unreadable: [],
  iamKnown: false,
  serviceLinked: false,
  roleArn: undefined,
} as const;

/** An identity of which only the given is known. */
export function identity(ref: Principal, facts: Partial<Omit<Identity, 'ref'>> = {}): Identity {
  return { ...NOTHING, accountId: ref.accountId, ref, ...facts };
}
