import { both, CROSS_ACCOUNT, namesOf, without } from './action-set.ts';
import { isAccountId, parseArn } from './arn.ts';
import { evidenceOf, KEY_POLICY, open } from './policy-evidence.ts';
import type { PolicyAnswer, StatementEvidence, Written } from './policy-evidence.ts';
import { isForEveryone } from './publicness.ts';
import { isRestriction } from './restriction.ts';

export interface WildcardEvidence extends StatementEvidence {
  /** `*`, or `everyone except …` for NotPrincipal, or `Service *` and the like. */
  principal: string;
}

/** Allow statements of a key policy that name everyone, with or without conditions. See `publicness` for those. */
export function wildcardPrincipals(policyText: string): PolicyAnswer<WildcardEvidence> {
  return answer(policyText, (item) => {
    const who = item.statement.principals!;
    const named: string[] = [];
    if (isForEveryone(item)) {
      named.push(
        who.not ? `everyone except ${[...who.arns, ...who.accounts, ...who.services].join(', ')}` : '*',
      );
    }
    if (item.statement.allow && who.services.has('*')) named.push('Service *');
    if (item.statement.allow && who.federated.has('*')) named.push('Federated *');
    return named.map((principal) => ({ ...evidenceOf(item), principal }));
  });
}

export interface CrossAccountEvidence extends StatementEvidence {
  /** An account id or the ARN of a user, role or session in it. */
  principal: string;
  accountId: string;
  approved: boolean;
  /** Actions that the statement allows but KMS does not honour for another account. */
  withoutEffect: readonly string[];
}

/**
 * Principals of other accounts that a key policy allows, by name or through a condition that pins an account on a
 * statement for everyone. Actions are those that KMS honours across accounts.
 */
export function crossAccountPrincipals(
  policyText: string,
  ownAccount: string,
  approvedAccounts: readonly string[] = [],
): PolicyAnswer<CrossAccountEvidence> {
  const approved = new Set(approvedAccounts);
  return answer(policyText, (item) => {
    if (!item.statement.allow) return [];
    return externalNames(item, ownAccount).map(({ principal, accountId }) => ({
      ...evidenceOf(item),
      actions: namesOf(both(item.set, CROSS_ACCOUNT)),
      withoutEffect: namesOf(without(item.set, CROSS_ACCOUNT)),
      principal,
      accountId,
      approved: approved.has(accountId),
    }));
  });
}

function externalNames(item: Written, ownAccount: string): { principal: string; accountId: string }[] {
  const who = item.statement.principals!;
  const names = new Map<string, string>();
  const add = (principal: string, accountId: string): void => {
    if (isAccountId(accountId) && accountId !== ownAccount) names.set(principal, accountId);
  };
  if (!who.not) {
    for (const id of who.accounts) add(id, id);
    for (const arn of who.arns) add(arn, parseArn(arn)?.accountId ?? '');
    for (const provider of who.federated) add(provider, parseArn(provider)?.accountId ?? '');
  }
  if (who.everyone && !who.not) {
    for (const condition of item.conditions.filter(isRestriction)) {
      if (/^(kms:calleraccount|aws:principalaccount)$/.test(condition.keyLower)) {
        for (const id of condition.values) add(id, id);
      } else if (condition.keyLower === 'aws:principalarn') {
        for (const arn of condition.values) add(arn, parseArn(arn)?.accountId ?? '');
      }
    }
  }
  return [...names].map(([principal, accountId]) => ({ principal, accountId }));
}

export interface OrphanEvidence extends StatementEvidence {
  uniqueId: string;
  /** What kind of principal the id belonged to, from its prefix (IAM guide, "Unique identifiers"). */
  was: 'user' | 'role' | 'other';
  effect: 'Allow' | 'Deny';
}

/** Unique ids in a key policy: AWS shows them in place of users and roles that were deleted. */
export function orphanedPrincipals(policyText: string): PolicyAnswer<OrphanEvidence> {
  return answer(policyText, (item) =>
    [...item.statement.principals!.uniqueIds].map((uniqueId) => ({
      ...evidenceOf(item),
      uniqueId,
      was: uniqueId.startsWith('AIDA')
        ? ('user' as const)
        : uniqueId.startsWith('AROA')
          ? ('role' as const)
          : 'other',
      effect: item.statement.allow ? ('Allow' as const) : ('Deny' as const),
    })),
  );
}

function answer<T>(policyText: string, find: (item: Written) => T[]): PolicyAnswer<T> {
  const { policy, written, issues } = open(policyText, 'resource', KEY_POLICY);
  return { evidence: written.flatMap(find), issues, readable: policy !== undefined };
}
