import type { AccessIssue, PathStep, RawPointer } from '../types.ts';
import { overlaps, TAG_SESSION } from './action-set.ts';
import { classifyRole, classifyUser } from './classify.ts';
import { identity } from './identity.ts';
import type { Ceiling, Identity, OwnStatement } from './identity.ts';
import type {
  AttachedPolicy,
  AuthorizationDetails,
  AwsAccount,
  IamGroup,
  InlinePolicy,
  ManagedPolicy,
} from './model.ts';
import { pointer } from './policy-json.ts';
import { roleKey } from './principal-element.ts';
import { compilePolicy } from './statement.ts';
import type { Policy } from './statement.ts';

/** All collected IAM users and roles, ready to be evaluated. */
export interface Directory {
  identities: readonly Identity[];
  byArn: ReadonlyMap<string, Identity>;
  byUniqueId: ReadonlyMap<string, Identity>;
  /** `account/name` of a role, as role sessions name it. */
  byRoleName: ReadonlyMap<string, Identity>;
  /** Trust policies by role ARN. */
  trusts: ReadonlyMap<string, Policy>;
  /** Every account of the engagement, whether or not its IAM could be read. */
  accounts: ReadonlyMap<string, AwsAccount>;
}

/** Compiles the IAM of every account once. Problems are added to `issues`. */
export function buildDirectory(accounts: readonly AwsAccount[], issues: AccessIssue[]): Directory {
  const identities: Identity[] = [];
  const trusts = new Map<string, Policy>();
  for (const account of accounts) {
    if (account.iam === null) {
      issues.push({
        code: 'iam-missing',
        rawPointer: { document: 'account-authorization-details', of: account.accountId, path: '' },
        message: `IAM of account ${account.accountId} was not collected: ${account.iamMissing ?? 'no reason recorded'}`,
      });
    } else {
      new AccountReader(account, account.iam, issues, identities, trusts).read();
    }
  }
  return {
    identities,
    byArn: new Map(identities.map((who) => [who.ref.id, who])),
    byUniqueId: new Map(
      identities.flatMap((who) => (who.uniqueId === undefined ? [] : [[who.uniqueId, who]])),
    ),
    byRoleName: new Map(
      identities
        .filter((who) => who.ref.form === 'role')
        .map((who) => [roleKey(who.accountId!, who.ref.id), who]),
    ),
    trusts,
    accounts: new Map(accounts.map((account) => [account.accountId, account])),
  };
}

/** One account's worth of state while its IAM is read. */
class AccountReader {
  readonly #account: AwsAccount;
  readonly #iam: AuthorizationDetails;
  readonly #issues: AccessIssue[];
  readonly #identities: Identity[];
  readonly #trusts: Map<string, Policy>;
  readonly #managed: ReadonlyMap<string, ManagedPolicy>;
  readonly #groups: ReadonlyMap<string, IamGroup>;
  readonly #compiled = new Map<string, { own: OwnStatement[]; policy: Policy | undefined }>();
  readonly #ofGroup = new Map<string, Owned>();

  constructor(
    account: AwsAccount,
    iam: AuthorizationDetails,
    issues: AccessIssue[],
    identities: Identity[],
    trusts: Map<string, Policy>,
  ) {
    this.#account = account;
    this.#iam = iam;
    this.#issues = issues;
    this.#identities = identities;
    this.#trusts = trusts;
    this.#managed = new Map((iam.Policies ?? []).map((policy) => [policy.Arn ?? '', policy]));
    this.#groups = new Map((iam.GroupDetailList ?? []).map((group) => [group.GroupName ?? '', group]));
  }

  read(): void {
    const humans = new Set<string>();
    for (const user of this.#iam.UserDetailList ?? []) {
      const arn = user.Arn ?? '';
      const owned = this.#owned(arn, user.UserPolicyList, user.AttachedManagedPolicies);
      for (const name of user.GroupList ?? []) merge(owned, this.#group(name));
      const kind = classifyUser(user, this.#account.consolePasswords?.get(user.UserName ?? ''));
      if (kind.kind === 'human') humans.add(arn);
      this.#add(
        arn,
        'user',
        kind,
        user.UserName,
        user.UserId,
        owned,
        user.PermissionsBoundary?.PermissionsBoundaryArn,
        {
          principalType: 'User',
          tags: user.Tags ?? [],
        },
      );
    }
    for (const role of this.#iam.RoleDetailList ?? []) {
      const arn = role.Arn ?? '';
      const owned = this.#owned(arn, role.RolePolicyList, role.AttachedManagedPolicies);
      const trust = this.#trust(arn, role.AssumeRolePolicyDocument);
      const kind = classifyRole(role, trust, this.#account.accountId, (user) => humans.has(user));
      // Session tags replace the role's own tags where the trust policy lets a caller pass them.
      const taggable = trust?.statements.some((s) => s.allow && overlaps(s.set, TAG_SESSION)) ?? true;
      this.#add(
        arn,
        'role',
        kind,
        role.RoleName,
        role.RoleId,
        owned,
        role.PermissionsBoundary?.PermissionsBoundaryArn,
        {
          principalType: 'AssumedRole',
          tags: taggable ? undefined : (role.Tags ?? []),
          serviceLinked: (role.Path ?? '').startsWith('/aws-service-role/'),
        },
      );
    }
  }

  #add(
    arn: string,
    form: 'user' | 'role',
    kind: ReturnType<typeof classifyUser>,
    name: string | undefined,
    uniqueId: string | undefined,
    owned: Owned,
    boundaryArn: string | undefined,
    facts: Partial<Identity>,
  ): void {
    const { accountId } = this.#account;
    this.#identities.push(
      identity(
        { id: arn, arn, accountId, form, ...kind },
        {
          index: this.#identities.length,
          name,
          uniqueId,
          conditionArn: arn,
          own: owned.statements,
          unreadable: owned.unreadable,
          boundary: boundaryArn === undefined ? undefined : this.#boundary(boundaryArn),
          iamKnown: true,
          ...facts,
        },
      ),
    );
  }

  #trust(roleArn: string, document: string | undefined): Policy | undefined {
    const at = { document: 'trust-policy', of: roleArn } as const;
    if (document === undefined) {
      this.#issue('policy-missing', at, `trust policy of ${roleArn} was not collected`);
      return undefined;
    }
    const policy = compilePolicy(document, 'resource', at, this.#issues);
    if (policy) this.#trusts.set(roleArn, policy);
    return policy;
  }

  #boundary(arn: string): Ceiling {
    return { name: `permissions boundary ${arn}`, policy: this.#managedPolicy(arn).policy };
  }

  #group(name: string): Owned {
    let owned = this.#ofGroup.get(name);
    if (owned === undefined) {
      const group = this.#groups.get(name);
      const arn = group?.Arn ?? `arn:aws:iam::${this.#account.accountId}:group/${name}`;
      const at = { document: 'account-authorization-details', of: this.#account.accountId } as const;
      if (group === undefined) {
        this.#issue('group-missing', at, `group ${name} was not collected: its policies are unknown`);
        owned = { statements: [], unreadable: [`policies of group ${name}`] };
      } else {
        const index = (this.#iam.GroupDetailList ?? []).indexOf(group);
        const path = pointer('GroupDetailList', index);
        const step: PathStep = { type: 'group', id: arn, rawPointer: { ...at, path } };
        const carried = this.#owned(arn, group.GroupPolicyList, group.AttachedManagedPolicies);
        owned = {
          statements: carried.statements.map((own) => ({ ...own, steps: [...own.steps, step] })),
          unreadable: carried.unreadable,
        };
      }
      this.#ofGroup.set(name, owned);
    }
    return owned;
  }

  #owned(
    arn: string,
    inline: readonly InlinePolicy[] | undefined,
    attached: readonly AttachedPolicy[] | undefined,
  ): Owned {
    const owned: Owned = { statements: [], unreadable: [] };
    for (const { PolicyName: name = '', PolicyDocument: document = '' } of inline ?? []) {
      const at = { document: 'inline-policy', of: arn, name } as const;
      const policy = compilePolicy(document, 'identity', at, this.#issues);
      merge(owned, toOwned(policy, name, undefined, `inline policy ${name} of ${arn}`));
    }
    for (const { PolicyArn: policyArn = '' } of attached ?? []) {
      const { policy, own } = this.#managedPolicy(policyArn);
      owned.statements.push(...own);
      if (policy === undefined) owned.unreadable.push(`managed policy ${policyArn}`);
      else owned.unreadable.push(...policy.unreadable.map((what) => `${what} of ${policyArn}`));
    }
    return owned;
  }

  #managedPolicy(arn: string): { own: OwnStatement[]; policy: Policy | undefined } {
    let result = this.#compiled.get(arn);
    if (result === undefined) {
      const managed = this.#managed.get(arn);
      const versions = managed?.PolicyVersionList ?? [];
      const version =
        versions.find((v) => v.IsDefaultVersion === true) ??
        versions.find((v) => v.VersionId !== undefined && v.VersionId === managed?.DefaultVersionId);
      const at = { document: 'managed-policy', of: arn } as const;
      if (version?.Document === undefined) {
        this.#issue('managed-policy-missing', at, `default version of ${arn} was not collected`);
        result = { own: [], policy: undefined };
      } else {
        const policy = compilePolicy(version.Document, 'identity', at, this.#issues);
        result = { policy, own: toOwned(policy, arn, arn, arn).statements };
      }
      this.#compiled.set(arn, result);
    }
    return result;
  }

  #issue(code: AccessIssue['code'], at: Omit<RawPointer, 'path'>, message: string): void {
    this.#issues.push({ code, rawPointer: { ...at, path: '' }, message });
  }
}

interface Owned {
  statements: OwnStatement[];
  /** What could not be read and may deny (or, for a missing policy, also allow) something. */
  unreadable: string[];
}

function merge(into: Owned, from: Owned): void {
  into.statements.push(...from.statements);
  into.unreadable.push(...from.unreadable);
}

function toOwned(policy: Policy | undefined, id: string, policyArn: string | undefined, what: string): Owned {
  if (policy === undefined) return { statements: [], unreadable: [what] };
  return {
    statements: policy.statements.map((statement) => ({
      statement,
      steps: [
        {
          type: 'iam-policy' as const,
          id,
          ...(statement.sid === undefined ? {} : { sid: statement.sid }),
          ...(policyArn === undefined ? {} : { policyArn }),
          statementIndex: statement.index,
          rawPointer: statement.rawPointer,
        },
      ],
    })),
    unreadable: policy.unreadable.map((part) => `${part} of ${what}`),
  };
}
