import type { PolicyDocument, PolicyStatement } from '../company/types.ts';
import { AwsError } from '../server/aws-error.ts';
import { conditionsHold, type Context } from './conditions.ts';
import type { Caller } from './identities.ts';
import { asList, matches } from './patterns.ts';

/**
 * Decides a call as AWS does (IAM User Guide, "Policy evaluation logic"), from identity policies, permissions boundary
 * and the resource's own policy. Not modelled: service control policies, session policies, grants.
 */
export interface Access {
  caller: Caller;
  /** e.g. 'kms:DescribeKey' */
  action: string;
  /** ARN, or '*' for calls about no resource. */
  resource: string;
  context?: Context;
}

export interface ResourceSide {
  accountId: string;
  policy: PolicyDocument | undefined;
  /** KMS: IAM policies count only if the key policy lets the account decide. Others: they count in their own account. */
  delegates: 'by-policy' | 'always';
}

type Verdict = 'deny' | 'allow' | 'none';

/** @throws AwsError AccessDeniedException, in AWS's words */
export function authorize(access: Access, resource?: ResourceSide): void {
  const { caller } = access;
  const context = contextOf(access);
  const identity = evaluate(caller.policies, access, context);
  const boundary = caller.boundary ? evaluate([caller.boundary], access, context) : 'allow';
  const onResource = resource?.policy
    ? evaluateResource(resource.policy, access, context)
    : { direct: 'none' as Verdict, delegated: false };
  if (identity === 'deny') refuse(access, 'with an explicit deny in an identity-based policy');
  if (boundary === 'deny') refuse(access, 'with an explicit deny in a permissions boundary');
  if (onResource.direct === 'deny') refuse(access, 'with an explicit deny in a resource-based policy');
  if (boundary === 'none')
    refuse(access, `because no permissions boundary allows the ${access.action} action`);
  if (!resource || (resource.accountId === caller.accountId && resource.delegates === 'always')) {
    if (identity !== 'allow' && onResource.direct !== 'allow')
      refuse(access, `because no identity-based policy allows the ${access.action} action`);
    return;
  }
  if (resource.accountId !== caller.accountId) {
    if (onResource.direct !== 'allow' && !onResource.delegated)
      refuse(access, `because no resource-based policy allows the ${access.action} action`);
    if (identity !== 'allow')
      refuse(access, `because no identity-based policy allows the ${access.action} action`);
    return;
  }
  if (onResource.direct === 'allow') return;
  if (!onResource.delegated)
    refuse(access, `because no resource-based policy allows the ${access.action} action`);
  if (identity !== 'allow')
    refuse(access, `because no identity-based policy allows the ${access.action} action`);
}

function refuse({ caller, action, resource }: Access, why: string): never {
  throw new AwsError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
  );
}

const contextOf = ({ caller, context }: Access): Context => ({
  'aws:principalarn': caller.principalArn,
  'aws:principalaccount': caller.accountId,
  'aws:principalorgid': caller.organizationId,
  'aws:principalisawsservice': 'false',
  'kms:calleraccount': caller.accountId,
  ...context,
});

function evaluate(documents: PolicyDocument[], access: Access, context: Context): Verdict {
  let verdict: Verdict = 'none';
  for (const document of documents) {
    for (const statement of document.Statement) {
      if (!applies(statement, access, context)) continue;
      if (statement.Effect === 'Deny') return 'deny';
      verdict = 'allow';
    }
  }
  return verdict;
}

function evaluateResource(
  document: PolicyDocument,
  access: Access,
  context: Context,
): { direct: Verdict; delegated: boolean } {
  let direct: Verdict = 'none';
  let delegated = false;
  for (const statement of document.Statement) {
    const who = principalMatch(statement, access.caller);
    if (who === 'no' || !applies(statement, access, context)) continue;
    if (statement.Effect === 'Deny') return { direct: 'deny', delegated: false };
    if (who === 'principal') direct = 'allow';
    else delegated = true;
  }
  return { direct, delegated };
}

function applies(statement: PolicyStatement, { action, resource }: Access, context: Context): boolean {
  const actionMatches =
    statement.NotAction === undefined
      ? asList(statement.Action).some((p) => matches(p, action, true))
      : !asList(statement.NotAction).some((p) => matches(p, action, true));
  if (!actionMatches) return false;
  const resourceMatches =
    statement.NotResource === undefined
      ? statement.Resource === undefined || asList(statement.Resource).some((p) => matches(p, resource))
      : !asList(statement.NotResource).some((p) => matches(p, resource));
  return resourceMatches && conditionsHold(statement.Condition, context);
}

/** 'account': the statement names the caller's whole account, which leaves the decision to IAM there. */
function principalMatch(statement: PolicyStatement, caller: Caller): 'no' | 'account' | 'principal' {
  if (statement.NotPrincipal !== undefined) {
    return named(statement.NotPrincipal.AWS, caller) === 'no' ? 'principal' : 'no';
  }
  if (statement.Principal === '*') return 'principal';
  return named(statement.Principal?.AWS, caller);
}

function named(principals: string | string[] | undefined, caller: Caller): 'no' | 'account' | 'principal' {
  let found: 'no' | 'account' = 'no';
  for (const name of asList(principals)) {
    if (name === '*' || name === caller.principalArn || name === caller.arn || name === caller.principalId)
      return 'principal';
    if (name === caller.accountId || name === `arn:aws:iam::${caller.accountId}:root`) found = 'account';
  }
  return found;
}
