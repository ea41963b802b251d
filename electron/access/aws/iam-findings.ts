import type { AccessIssue, RawPointer } from '../types.ts';
import { both, isEmpty, kmsSet, namesOf, without } from './action-set.ts';
import type { ActionSet } from './action-set.ts';
import type { AwsAccount } from './model.ts';
import { evidenceOf, open } from './policy-evidence.ts';
import type { StatementEvidence, Written } from './policy-evidence.ts';
import { glob } from './text-match.ts';

/** An IAM policy document and whom it is attached to. */
export interface IamPolicyText {
  /** Policy ARN, or `PRINCIPAL-ARN#NAME` for an inline policy. */
  id: string;
  rawPointer: Omit<RawPointer, 'path'>;
  document: string;
  /** ARNs of users, groups and roles; empty for a policy that is attached to nobody. */
  attachedTo: readonly string[];
  awsManaged: boolean;
}

/** All inline and managed policies of an account's GetAccountAuthorizationDetails, each once. */
export function listIamPolicies(account: AwsAccount): IamPolicyText[] {
  const { iam } = account;
  if (iam === null) return [];
  const holders = [
    ...(iam.UserDetailList ?? []).map((u) => ({
      arn: u.Arn,
      inline: u.UserPolicyList,
      attached: u.AttachedManagedPolicies,
    })),
    ...(iam.GroupDetailList ?? []).map((g) => ({
      arn: g.Arn,
      inline: g.GroupPolicyList,
      attached: g.AttachedManagedPolicies,
    })),
    ...(iam.RoleDetailList ?? []).map((r) => ({
      arn: r.Arn,
      inline: r.RolePolicyList,
      attached: r.AttachedManagedPolicies,
    })),
  ];
  const attachedTo = new Map<string, string[]>();
  const policies: IamPolicyText[] = [];
  for (const { arn = '', inline, attached } of holders) {
    for (const { PolicyArn = '' } of attached ?? []) {
      const list = attachedTo.get(PolicyArn) ?? [];
      list.push(arn);
      attachedTo.set(PolicyArn, list);
    }
    for (const { PolicyName = '', PolicyDocument = '' } of inline ?? []) {
      policies.push({
        id: `${arn}#${PolicyName}`,
        rawPointer: { document: 'inline-policy', of: arn, name: PolicyName },
        document: PolicyDocument,
        attachedTo: [arn],
        awsManaged: false,
      });
    }
  }
  for (const { Arn = '', PolicyVersionList = [], DefaultVersionId } of iam.Policies ?? []) {
    const version =
      PolicyVersionList.find((v) => v.IsDefaultVersion === true) ??
      PolicyVersionList.find((v) => v.VersionId === DefaultVersionId);
    policies.push({
      id: Arn,
      rawPointer: { document: 'managed-policy', of: Arn },
      document: version?.Document ?? '',
      attachedTo: attachedTo.get(Arn) ?? [],
      awsManaged: /^arn:[^:]+:iam::aws:policy\//.test(Arn),
    });
  }
  return policies;
}

export interface AllKeysEvidence extends StatementEvidence {
  policyId: string;
  attachedTo: readonly string[];
  awsManaged: boolean;
  /** The Resource value that covers all keys. */
  resource: string;
  /** How far: keys of every account, of one account, of one region, or all except those listed in NotResource. */
  scope: 'every-account' | 'account' | 'region' | 'all-but-listed';
}

/** The actions by which data comes back in clear; the same two that AWS's controls KMS.1 and KMS.2 look at. */
const DECRYPTING: ActionSet = kmsSet(['Decrypt', 'ReEncryptFrom']);

/**
 * Statements of IAM policies that allow decryption with all keys. A Deny in the same policy without conditions takes
 * its part away. Conditions are reported: whether they are enough is the test's decision.
 */
export function decryptOnAllKeys(policies: Iterable<IamPolicyText>): {
  evidence: AllKeysEvidence[];
  issues: AccessIssue[];
  /** Ids of policies that could not be read at all. */
  unreadable: string[];
} {
  const evidence: AllKeysEvidence[] = [];
  const issues: AccessIssue[] = [];
  const unreadable: string[] = [];
  for (const { id, rawPointer, document, attachedTo, awsManaged } of policies) {
    const opened = open(document, 'identity', rawPointer);
    issues.push(...opened.issues);
    if (opened.policy === undefined) unreadable.push(id);
    const denies = opened.written.filter(
      ({ statement, conditions }) => !statement.allow && conditions.length === 0,
    );
    for (const item of opened.written) {
      if (!item.statement.allow) continue;
      const found = widest(item);
      if (found === undefined) continue;
      const set = denies
        .filter((deny) => deniesAll(deny, found.resource))
        .reduce((left, deny) => without(left, deny.set), both(item.set, DECRYPTING));
      if (isEmpty(set)) continue;
      evidence.push({
        ...evidenceOf(item),
        actions: namesOf(set),
        policyId: id,
        attachedTo,
        awsManaged,
        ...found,
      });
    }
  }
  return { evidence, issues, unreadable };
}

function deniesAll({ statement }: Written, resource: string): boolean {
  return (
    !statement.notResources &&
    statement.resources.some((denied) => denied === resource || glob(denied)(resource))
  );
}

const WIDTH = ['every-account', 'account', 'region'] as const;

function widest({ statement }: Written): Pick<AllKeysEvidence, 'resource' | 'scope'> | undefined {
  if (statement.notResources) return { resource: statement.resources.join(', '), scope: 'all-but-listed' };
  const scopes = statement.resources.map((resource) => ({ resource, scope: scopeOf(resource) }));
  for (const scope of WIDTH) {
    const found = scopes.find((entry) => entry.scope === scope);
    if (found) return { resource: found.resource, scope };
  }
  return undefined;
}

/** How many keys a Resource pattern covers; undefined when it does not cover all keys of anything. */
function scopeOf(pattern: string): (typeof WIDTH)[number] | undefined {
  const parts = pattern.split(':');
  if (parts.length < 6) return pattern.endsWith('*') && glob(pattern)(SAMPLE) ? 'every-account' : undefined;
  const [, , service, region, account] = parts as [string, string, string, string, string];
  const resource = parts.slice(5).join(':');
  if (!glob(service)('kms') || !/^(\*+|key\/\*+)$/.test(resource)) return undefined;
  if (/[*?]/.test(account)) return 'every-account';
  return /[*?]/.test(region) ? 'account' : 'region';
}

const SAMPLE = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000';
