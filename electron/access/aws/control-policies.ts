import type { AccessIssue } from '../types.ts';
import type { Resource } from './context.ts';
import type { Ceiling, Identity } from './identity.ts';
import type { AwsAccount, ControlPolicyLevel } from './model.ts';
import { compilePolicy } from './statement.ts';
import type { Statement } from './statement.ts';

interface Levels {
  ceilings: readonly Ceiling[];
}

/**
 * Service and resource control policies of the accounts whose policies were collected. Each level (root, unit, account)
 * is a ceiling of its own: an action must be allowed on every level. AWS Organizations guide, "SCP evaluation".
 */
export class ControlPolicies {
  readonly #service = new Map<string, Levels>();
  readonly #resource = new Map<string, Levels>();
  readonly #accounts: ReadonlyMap<string, AwsAccount>;
  readonly #notEvaluated = new Map<string, readonly string[]>();

  constructor(accounts: readonly AwsAccount[], issues: AccessIssue[]) {
    this.#accounts = new Map(accounts.map((account) => [account.accountId, account]));
    for (const account of accounts) {
      const { accountId, serviceControlPolicies: scps, resourceControlPolicies: rcps } = account;
      if (scps) this.#service.set(accountId, compileLevels(scps, 'service-control-policy', issues));
      if (rcps) this.#resource.set(accountId, compileLevels(rcps, 'resource-control-policy', issues));
    }
  }

  /** The ceilings that bind this caller on this resource. */
  ceilings(who: Identity, what: Resource): readonly Ceiling[] {
    if (who.serviceLinked) return NONE;
    const service = this.#boundBySelf(who) ? this.#service.get(who.accountId!)?.ceilings : undefined;
    const account = this.#accounts.get(what.accountId);
    // Resource control policies cover KMS keys and, for STS, role assumption; not in the management account.
    const resource =
      account?.isManagementAccount === true || who.isService
        ? undefined
        : this.#resource.get(what.accountId)?.ceilings;
    if (service === undefined) return resource ?? NONE;
    return resource === undefined ? service : [...service, ...resource];
  }

  /** Service control policies bind the IAM principals and the root user of member accounts. */
  #boundBySelf(who: Identity): boolean {
    if (who.accountId === undefined || who.isService) return false;
    return this.#accounts.get(who.accountId)?.isManagementAccount !== true;
  }

  /** Whether an answer may differ from key to key because of these policies. */
  dependsOnKey(who: Identity, what: Resource, test: (statement: Statement) => boolean): boolean {
    return this.ceilings(who, what).some((ceiling) => ceiling.policy?.statements.some(test) ?? false);
  }

  /** What was not part of the evaluation for this caller; the same list object for the same content. */
  notEvaluated(who: Identity, what: Resource): readonly string[] {
    const parts: string[] = [];
    const own = who.accountId;
    if (!who.serviceLinked && own !== undefined && !who.isService && !this.#service.has(own)) {
      if (this.#accounts.get(own)?.isManagementAccount !== true)
        parts.push(`service control policies of account ${own}`);
    }
    if (!who.serviceLinked && !this.#resource.has(what.accountId)) {
      if (this.#accounts.get(what.accountId)?.isManagementAccount !== true) {
        parts.push(`resource control policies of account ${what.accountId}`);
      }
    }
    if (own !== undefined && !who.iamKnown && who.ref.form !== 'account-root') {
      const reason = this.#accounts.get(own)?.iamMissing;
      parts.push(`IAM policies of account ${own}${reason === undefined ? '' : ` (${reason})`}`);
    }
    if (who.principalType === 'AssumedRole') parts.push('session policies');
    if (who.ref.form === 'everyone')
      parts.push('denials in policies of single principals and their accounts');
    parts.push('VPC endpoint policies');
    const key = parts.join('\n');
    let list = this.#notEvaluated.get(key);
    if (list === undefined) {
      list = Object.freeze(parts);
      this.#notEvaluated.set(key, list);
    }
    return list;
  }
}

const NONE: readonly Ceiling[] = [];

function compileLevels(
  levels: readonly ControlPolicyLevel[],
  document: 'service-control-policy' | 'resource-control-policy',
  issues: AccessIssue[],
): Levels {
  const type = document === 'service-control-policy' ? 'identity' : 'resource';
  return {
    ceilings: levels.map(({ target, policies }) => {
      const compiled = policies.map(({ id, document: text }) =>
        compilePolicy(text, type, { document, of: id }, issues),
      );
      const readable = compiled.filter((policy) => policy !== undefined);
      return {
        name: `${document.replaceAll('-', ' ')} on ${target}`,
        policy:
          readable.length < compiled.length
            ? undefined
            : {
                statements: readable.flatMap((policy) => policy.statements),
                unreadable: readable.flatMap((policy) => policy.unreadable),
              },
      };
    }),
  };
}
