import type { Principal, ReportedCondition } from '../types.ts';
import { isAccountId, lastSegment, parseArn } from './arn.ts';
import { isSaml, providerName } from './classify.ts';
import type { Directory } from './directory.ts';
import { identity } from './identity.ts';
import type { Identity } from './identity.ts';
import { sessionRole } from './principal-element.ts';

/** Turns the names that policies and grants use into identities: collected ones, or what the name alone tells. */
export class Principals {
  readonly #directory: Directory;
  readonly #approved: ReadonlySet<string>;
  readonly #made = new Map<string, Identity>();

  constructor(directory: Directory, approvedAccounts: readonly string[]) {
    this.#directory = directory;
    this.#approved = new Set(approvedAccounts);
  }

  /** A user, role, session or account by ARN, or a unique id, or a bare account id. */
  byName(name: string): Identity {
    const collected = this.#directory.byArn.get(name) ?? this.#directory.byUniqueId.get(name);
    return collected ?? this.#once(name, () => this.#fromName(name));
  }

  root(accountId: string, partition = 'aws'): Identity {
    const arn = `arn:${partition}:iam::${accountId}:root`;
    return this.#once(arn, () => {
      if (!this.#directory.accounts.has(accountId)) return this.#external(arn, arn, 'account', accountId);
      return identity(
        {
          id: arn,
          arn,
          accountId,
          form: 'account-root',
          kind: 'unknown',
          kindReason: 'root user of the account: policies do not tell who holds its credentials',
        },
        { conditionArn: arn, principalType: 'Account', iamKnown: true, tags: [] },
      );
    });
  }

  /** Stands for the principals of an account whose IAM was not collected. */
  principalsOf(accountId: string): Identity {
    const id = `${accountId}/*`;
    return this.#once(id, () =>
      identity({
        id,
        accountId,
        form: 'unresolved',
        kind: 'unknown',
        kindReason: `IAM of account ${accountId} was not collected: its principals are unknown`,
      }),
    );
  }

  service(name: string): Identity {
    return this.#once(name, () =>
      identity(
        { id: name, form: 'cloud-service', kind: 'cloud-service', kindReason: 'AWS service principal' },
        { isService: true },
      ),
    );
  }

  federated(name: string): Identity {
    return this.#once(name, () => {
      const accountId = parseArn(name)?.accountId;
      return identity({
        id: name,
        ...(accountId === undefined ? {} : { arn: name, accountId }),
        form: 'identity-provider',
        kind: 'federated',
        kindReason: isSaml(name)
          ? `SAML provider "${providerName(name)}": its members are unknown`
          : `OpenID Connect provider "${providerName(name)}"`,
      });
    });
  }

  canonicalUser(name: string): Identity {
    return this.#once(name, () =>
      identity({
        id: name,
        form: 'unresolved',
        kind: 'unknown',
        kindReason: 'canonical user id: it names an account for S3 only',
      }),
    );
  }

  everyone(): Identity {
    return this.#once('*', () =>
      identity({
        id: '*',
        form: 'everyone',
        kind: 'everyone',
        kindReason: 'every AWS principal of every account',
      }),
    );
  }

  /**
   * Whom a statement for everyone really concerns when an undecided condition pins the caller's account: `*` with
   * `kms:CallerAccount` is not the world. Returns the principals and the conditions that are then left to report.
   */
  narrow(
    conditions: readonly ReportedCondition[],
  ): { ref: Principal; conditions: readonly ReportedCondition[] }[] {
    const pin = conditions.find(
      ({ effect, key, operator, values }) =>
        effect === 'allow' &&
        /^(kms:calleraccount|aws:principalaccount)$/i.test(key) &&
        /^String(Equals|EqualsIgnoreCase|Like)(IfExists)?$/i.test(operator) &&
        values.every(isAccountId),
    );
    if (pin === undefined) return [{ ref: this.everyone().ref, conditions }];
    const rest = conditions.filter((condition) => condition !== pin);
    return pin.values.map((accountId) => ({
      ref: this.#everyoneOf(accountId, pin.key).ref,
      conditions: rest,
    }));
  }

  #everyoneOf(accountId: string, key: string): Identity {
    if (!this.#directory.accounts.has(accountId)) return this.root(accountId);
    const id = `${accountId}/everyone`;
    return this.#once(id, () =>
      identity({
        id,
        accountId,
        form: 'everyone',
        kind: 'everyone',
        kindReason: `every principal of account ${accountId} (${key})`,
      }),
    );
  }

  #fromName(name: string): Identity {
    if (isAccountId(name)) return this.root(name);
    const arn = parseArn(name);
    if (arn === undefined) {
      if (/^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|internal)$/.test(name)) return this.service(name);
      return identity({
        id: name,
        form: 'unresolved',
        kind: 'unknown',
        kindReason: /^A[A-Z]{3}/.test(name)
          ? `unique id ${name}: the principal was deleted, or belongs to an account that was not collected`
          : 'not a principal that IAM knows',
      });
    }
    if (arn.resource === 'root') return this.root(arn.accountId, arn.partition);
    const session = this.#session(name);
    if (session) return session;
    const account = this.#directory.accounts.get(arn.accountId);
    const form = arn.service === 'sts' ? 'role-session' : arn.resource.startsWith('role/') ? 'role' : 'user';
    if (account === undefined) return this.#external(name, name, form, arn.accountId);
    return identity(
      {
        id: name,
        arn: name,
        accountId: arn.accountId,
        form,
        kind: 'unknown',
        kindReason:
          account.iam === null
            ? `IAM of account ${arn.accountId} was not collected`
            : `not among the collected users and roles of account ${arn.accountId}`,
      },
      factsOf(name, form),
    );
  }

  /** A session is its role (or user) under another name: it is bound by the same denials, not by the boundary. */
  #session(name: string): Identity | undefined {
    const arn = parseArn(name)!;
    const roleName = sessionRole(name);
    const owner =
      roleName !== undefined
        ? this.#directory.byRoleName.get(roleName)
        : arn.service === 'sts'
          ? this.#directory.byArn.get(
              `arn:${arn.partition}:iam::${arn.accountId}:user/${lastSegment(arn.resource)}`,
            )
          : undefined;
    if (owner === undefined) return undefined;
    return {
      ...owner,
      index: -1,
      roleArn: owner.ref.id,
      ref: {
        ...owner.ref,
        id: name,
        arn: name,
        form: 'role-session',
        kindReason: `session of ${owner.ref.id}: ${owner.ref.kindReason}`,
      },
      ...(roleName === undefined ? { conditionArn: name, principalType: undefined } : {}),
    };
  }

  #external(id: string, arn: string, form: Principal['form'], accountId: string): Identity {
    const approved = this.#approved.has(accountId)
      ? 'approved by the client'
      : 'not on the list of approved accounts';
    return identity(
      {
        id,
        arn,
        accountId,
        form,
        kind: 'external-account',
        kindReason: `account ${accountId} is outside the engagement, ${approved}`,
      },
      form === 'account' ? {} : factsOf(arn, form),
    );
  }

  #once(key: string, make: () => Identity): Identity {
    let made = this.#made.get(key);
    if (made === undefined) {
      made = make();
      this.#made.set(key, made);
    }
    return made;
  }
}

/** What an ARN alone tells about its principal. */
function factsOf(arn: string, form: Principal['form']): Partial<Identity> {
  if (form === 'user') return { conditionArn: arn, principalType: 'User', name: lastSegment(arn) };
  if (form === 'role') return { conditionArn: arn, principalType: 'AssumedRole', name: lastSegment(arn) };
  return form === 'role-session' && sessionRole(arn) !== undefined ? { principalType: 'AssumedRole' } : {};
}
