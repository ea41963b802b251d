import type { BodyClass } from '../../db/ledger/entry.ts';
import type { AnswerShape } from '../recorder/call.ts';

/** An error code that is an answer: there is nothing to collect, and nothing is missing. */
export interface NotApplicable {
  code: string;
  /** What the code says about the subject, as the pack prints it. */
  meaning: string;
}

/** How often an operation may be asked. */
export interface Quota {
  /** The provider's own limit, requests per second in one account and region. */
  perSecond: number;
  /** Where that number is from; says so when it is an assumption. */
  source: string;
  /** Operations that share one limit carry the same group; otherwise the operation is alone. */
  group?: string;
  /** The limit holds for the whole account, subscription or cluster; otherwise for each place in it. */
  per?: 'account';
}

/**
 * One read-only operation of a provider, declared once: the plan, the rate budgets, the least-privilege policy and the
 * pack's table of calls are made from it.
 */
export interface Operation {
  /** `aws.kms.DescribeKey` */
  id: string;
  service: string;
  action: string;
  /** Permissions the caller needs, as the provider's policies name them; none when every caller may. */
  permissions: readonly string[];
  /** Asked once for the account, or in every region. */
  scopeKind: 'global' | 'region';
  /** What its answer proves, in one sentence. */
  purpose: string;
  bodyClass: BodyClass;
  /** Body class for calls with a certain label. */
  bodyClassByLabel?: Readonly<Record<string, BodyClass>>;
  /** Response headers that are evidence, lower case. */
  keepHeaders: readonly string[];
  answer: AnswerShape;
  quota: Quota;
  notApplicable: readonly NotApplicable[];
  /** Resources a policy can limit the permission to. */
  resource: 'any' | 'log-bucket' | 'log-objects';
  /** The provider's reference page. */
  docs: string;
}

/** Requests per second we allow ourselves: half the quota, the client's own traffic has the rest. */
export function budgetOf(quota: Quota): number {
  return quota.perSecond / 2;
}

/** What an error code means when it is an answer; null when it is an error. */
export function meaningOf(operation: Operation, code: string | null): string | null {
  return operation.notApplicable.find((n) => n.code === code)?.meaning ?? null;
}
