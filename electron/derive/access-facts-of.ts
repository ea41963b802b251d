import {
  crossAccountGrants,
  crossAccountPrincipals,
  decryptOnAllKeys,
  listIamPolicies,
  publicness,
  unconstrainedGrants,
  wildcardPrincipals,
  type AwsKey,
  type StatementEvidence,
} from '../access/aws/index.ts';
import type { AccessSources } from './access-input.ts';
import { conditionsText } from './access-words.ts';

/** One fact about access before it is written. */
export interface FactDraft {
  kind:
    | 'public'
    | 'wildcard'
    | 'cross-account'
    | 'unconstrained-grant'
    | 'administrator-who-uses'
    | 'human-with-use'
    | 'decrypt-all-keys'
    | 'iam-missing'
    | 'self-grant'
    | 'vault-administrator'
    | 'vault-administrator-limited'
    | 'vault-administrator-service'
    | 'wildcard-policy'
    | 'wildcard-sudo'
    | 'root-holder'
    | 'capabilities-checked'
    | 'evaluated';
  subject: string;
  who: string;
  how: string;
  condition: string | null;
  certainty: 'allowed' | 'conditional' | 'unknown';
  account: string | null;
}

type Found = Omit<FactDraft, 'subject'>;

/** Facts that documents show by themselves: key policies, grants, IAM policies. */
export function* accessFactsOf({ keys, accounts }: AccessSources): Generator<FactDraft> {
  // Many keys carry one policy text: it is judged once for each account.
  const judged = new Map<string, Found[]>();
  for (const key of keys) {
    if (key.policy !== null) {
      const id = `${key.accountId}\n${key.policy}`;
      let found = judged.get(id);
      if (!found) {
        found = policyFacts(key.policy, key.accountId);
        judged.set(id, found);
      }
      for (const fact of found) yield { ...fact, subject: key.arn };
    }
    for (const fact of grantFacts(key)) yield { ...fact, subject: key.arn };
  }
  for (const account of accounts) {
    if (account.iamMissing !== undefined) {
      yield plain({ kind: 'iam-missing', subject: account.accountId, who: '', how: account.iamMissing });
    }
    for (const found of decryptOnAllKeys(listIamPolicies(account)).evidence) {
      if (found.attachedTo.length === 0) continue;
      yield {
        kind: 'decrypt-all-keys',
        subject: account.accountId,
        who: found.attachedTo.join(', '),
        how: `${found.awsManaged ? 'AWS managed policy' : 'policy'} ${found.policyId}, ${statement(found)} (Resource ${found.resource})`,
        condition: conditionsText(found.conditions),
        certainty: found.conditions.length > 0 ? 'conditional' : 'allowed',
        account: account.accountId,
      };
    }
  }
}

function plain(fact: Pick<FactDraft, 'kind' | 'subject' | 'who' | 'how'>): FactDraft {
  return { ...fact, condition: null, certainty: 'allowed', account: null };
}

function policyFacts(policy: string, account: string): Found[] {
  const facts: Found[] = [];
  const add = (
    kind: FactDraft['kind'],
    who: string,
    found: StatementEvidence,
    of: string | null = null,
  ): void => {
    facts.push({
      ...{ kind, who, how: `key policy ${statement(found)}`, account: of },
      condition: conditionsText(found.conditions),
      certainty: found.conditions.length > 0 ? 'conditional' : 'allowed',
    });
  };
  const open = publicness(policy);
  if (open.state === 'unknown') {
    facts.push(unreadable('public'), unreadable('wildcard'), unreadable('cross-account'));
    return facts;
  }
  for (const found of open.statements) {
    if (found.state === 'public') add('public', 'anyone with an AWS account', found);
  }
  for (const found of wildcardPrincipals(policy).evidence) add('wildcard', found.principal, found);
  for (const found of crossAccountPrincipals(policy, account).evidence) {
    if (found.actions.length > 0) add('cross-account', found.principal, found, found.accountId);
  }
  return facts;
}

function unreadable(kind: FactDraft['kind']): Found {
  return {
    ...{ kind, who: 'somebody', how: 'a key policy that is not valid JSON of a policy', condition: null },
    ...{ certainty: 'unknown', account: null },
  };
}

function grantFacts(key: AwsKey): Found[] {
  if (key.grants === null) return [];
  const across = crossAccountGrants(key.grants, key.accountId).map((found): Found => ({
    kind: 'cross-account',
    who: found.principal,
    how: `grant ${found.grantId}${found.as === 'retiring' ? ' (may retire it)' : ''}`,
    ...{ condition: null, certainty: 'allowed', account: found.accountId },
  }));
  // Services make grants for resources they manage; a constraint that cannot exist is not missing.
  const free = unconstrainedGrants(key.grants)
    .filter((found) => !found.toService && found.constrainable)
    .map((found): Found => ({
      kind: 'unconstrained-grant',
      who: found.grantee,
      how: `grant ${found.grantId} of ${found.actions.join(', ')}`,
      ...{ condition: null, certainty: 'allowed', account: null },
    }));
  return [...across, ...free];
}

function statement(found: StatementEvidence): string {
  return found.sid ? `statement ${found.sid}` : `statement ${found.statementIndex + 1}`;
}
