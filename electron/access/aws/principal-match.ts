import type { ReportedCondition } from '../types.ts';
import type { Identity } from './identity.ts';
import { sessionRole } from './principal-element.ts';
import type { Statement } from './statement.ts';

/**
 * Whether a Deny statement of a resource policy is about this caller: `undefined` for no, otherwise what remains
 * undecided about it. IAM guide, "Principal element" and "NotPrincipal element".
 */
export function deniesPrincipal(
  statement: Statement,
  who: Identity,
): readonly ReportedCondition[] | undefined {
  const principals = statement.principals;
  if (principals === null) return [];
  return principals.not ? deniesAllBut(statement, who) : deniesNamed(statement, who);
}

function deniesNamed(statement: Statement, who: Identity): readonly ReportedCondition[] | undefined {
  const named = statement.principals!;
  if (named.everyone) return [];
  // In a denial an account stands for every principal in it.
  if (who.accountId !== undefined && named.accounts.has(who.accountId)) return [];
  if (namesPrincipal(statement, who)) return [];
  const sessions = sessionsOf(statement, who);
  return sessions.length > 0 ? [undecided(statement, 'Principal', sessions)] : undefined;
}

function deniesAllBut(statement: Statement, who: Identity): readonly ReportedCondition[] | undefined {
  const named = statement.principals!;
  if (named.everyone) return undefined;
  if (who.ref.form === 'account-root' || who.ref.form === 'account') {
    return named.accounts.has(who.accountId!) ? undefined : [];
  }
  if (namesPrincipal(statement, who)) {
    // Documented: NotPrincipal with Deny hits every principal that has a permissions boundary, named or not.
    if (who.boundary !== undefined) return [];
    // Documented: without the account beside it, the exception may not work. So it is neither certain.
    const needsAccount = who.accountId !== undefined && !named.accounts.has(who.accountId);
    return needsAccount ? [undecided(statement, 'NotPrincipal', [...named.arns])] : undefined;
  }
  const sessions = sessionsOf(statement, who);
  return sessions.length > 0 ? [undecided(statement, 'NotPrincipal', sessions)] : [];
}

/** The statement names the caller itself: by ARN, by its role's ARN for a session, by unique id, as a service. */
export function namesPrincipal(statement: Statement, who: Identity): boolean {
  const named = statement.principals!;
  return (
    named.arns.has(who.ref.id) ||
    (who.roleArn !== undefined && named.arns.has(who.roleArn)) ||
    (who.uniqueId !== undefined && named.uniqueIds.has(who.uniqueId)) ||
    named.services.has(who.ref.id) ||
    named.federated.has(who.ref.id) ||
    named.canonicalUsers.has(who.ref.id)
  );
}

/** Sessions of the calling role that the statement names: whether the caller uses that session name is open. */
function sessionsOf(statement: Statement, who: Identity): string[] {
  if (who.ref.form !== 'role' || who.name === undefined) return [];
  const role = `${who.accountId}/${who.name}`;
  return [...statement.principals!.arns].filter((arn) => sessionRole(arn) === role);
}

function undecided(statement: Statement, operator: string, values: readonly string[]): ReportedCondition {
  return { operator, key: 'principal', values, effect: 'deny', rawPointer: statement.rawPointer };
}
