import type { AccessIssue, AccessPath, Principal } from '../types.ts';
import { Assumptions } from './assumption.ts';
import type { World } from './context.ts';
import { ControlPolicies } from './control-policies.ts';
import { buildDirectory } from './directory.ts';
import { Evaluator } from './evaluator.ts';
import { IamIndex } from './iam-index.ts';
import { KeyAccess } from './key-access.ts';
import type { AwsAccessInput, AwsAccount, AwsKey } from './model.ts';
import { PlanMaker } from './plan.ts';
import type { Plan } from './plan.ts';
import { Principals } from './principals.ts';
import { compilePolicy } from './statement.ts';

export interface AwsAccess {
  /** What could not be read or understood, complete before the first path. */
  issues: readonly AccessIssue[];
  /** The collected IAM users and roles with their kind, also those without any right. */
  principals: readonly Principal[];
  /** Every access path; those of one key come together, keys in the order of the input. Can be called again. */
  paths: () => Generator<AccessPath>;
  /**
   * The same, in chunks and without the key in each path. Path objects are the same object for every key that they are
   * equally true for, so that a store can keep each once and list its keys.
   */
  chunks: () => Generator<{ key: string; paths: readonly SharedPath[] }>;
}

export type SharedPath = Omit<AccessPath, 'key'>;

/**
 * Who can administer, use and grant each key, through what, under which conditions. Pure: the same documents give the
 * same answer in the same order. Never throws for what a document says; see `issues`.
 */
export function evaluateAwsAccess(input: AwsAccessInput): AwsAccess {
  const issues: AccessIssue[] = [];
  const accounts = withKeyAccounts(input);
  const directory = buildDirectory(accounts, issues);
  const world: World = {
    organizationOf: (accountId) => directory.accounts.get(accountId)?.organizationId,
    at: input.at,
  };
  const control = new ControlPolicies(accounts, issues);
  const evaluator = new Evaluator(world, control);
  const principals = new Principals(directory, input.approvedAccounts ?? []);
  const maker = new PlanMaker();
  const plans = compileKeyPolicies(input.keys, maker, issues);
  const planOf = (key: AwsKey): Plan => plans.get(key)!;
  const parts = {
    directory,
    principals,
    evaluator,
    index: new IamIndex(directory, control),
    assumptions: new Assumptions(directory, principals, evaluator, maker, input.maxAssumeDepth ?? 3),
    assumedPaths: input.assumedPaths ?? 'additional',
  } as const;
  return {
    issues,
    principals: directory.identities.map((who) => who.ref),
    *paths(): Generator<AccessPath> {
      const access = new KeyAccess(parts, input.keys, planOf);
      for (const key of input.keys) {
        for (const chunk of access.chunks(key, planOf(key))) {
          for (const body of chunk) {
            const { principal, right, actions, via, conditions, certainty, notEvaluated } = body;
            yield { key: key.arn, principal, right, actions, via, conditions, certainty, notEvaluated };
          }
        }
      }
    },
    *chunks(): Generator<{ key: string; paths: readonly SharedPath[] }> {
      const access = new KeyAccess(parts, input.keys, planOf);
      for (const key of input.keys) {
        for (const paths of access.chunks(key, planOf(key))) yield { key: key.arn, paths };
      }
    },
  };
}

/** The paths alone, for callers that look at `issues` elsewhere. */
export function accessPaths(input: AwsAccessInput): Generator<AccessPath> {
  return evaluateAwsAccess(input).paths();
}

/** A key's own account is part of the engagement even when nothing else of it was collected. */
function withKeyAccounts(input: AwsAccessInput): AwsAccount[] {
  const given = new Set(input.accounts.map((account) => account.accountId));
  const missing = new Set(input.keys.map((key) => key.accountId).filter((id) => !given.has(id)));
  return [
    ...input.accounts,
    ...[...missing].map((accountId) => ({ accountId, iam: null, iamMissing: 'account not collected' })),
  ];
}

/** Many keys carry the same policy text: each text is compiled once, its problems are reported for each key. */
function compileKeyPolicies(
  keys: readonly AwsKey[],
  maker: PlanMaker,
  issues: AccessIssue[],
): Map<AwsKey, Plan> {
  const compiled = new Map<string, { plan: Plan; problems: AccessIssue[] }>();
  const plans = new Map<AwsKey, Plan>();
  for (const key of keys) {
    if (key.grants === null) {
      issues.push({
        code: 'grants-missing',
        rawPointer: { document: 'grants', of: key.arn, path: '' },
        message: `grants were not collected: ${key.grantsMissing ?? 'no reason recorded'}`,
      });
    }
    if (key.policy === null) {
      const why = `key policy was not collected: ${key.policyMissing ?? 'no reason recorded'}`;
      issues.push({
        code: 'policy-missing',
        rawPointer: { document: 'key-policy', of: key.arn, path: '' },
        message: why,
      });
      plans.set(key, maker.missing(why));
      continue;
    }
    let entry = compiled.get(key.policy);
    if (entry === undefined) {
      const problems: AccessIssue[] = [];
      const policy = compilePolicy(key.policy, 'resource', { document: 'key-policy' }, problems);
      const plan = policy === undefined ? maker.missing('key policy is unreadable') : maker.make(policy);
      entry = { plan, problems };
      compiled.set(key.policy, entry);
    }
    for (const problem of entry.problems) {
      issues.push({ ...problem, rawPointer: { ...problem.rawPointer, of: key.arn } });
    }
    plans.set(key, entry.plan);
  }
  return plans;
}
