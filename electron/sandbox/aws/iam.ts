import type { Company, IamGroup, IamRole, IamUser, ManagedPolicy, NamedPolicy } from '../company/types.ts';
import { AwsError } from '../server/aws-error.ts';
import { allow, pageOf, type Call } from './call.ts';
import type { QueryOperation } from './query.ts';
import { urlEncode, XmlMap, type XmlValue } from './xml.ts';

type Entity =
  | { kind: 'User'; of: IamUser }
  | { kind: 'Group'; of: IamGroup }
  | { kind: 'Role'; of: IamRole }
  | { kind: 'LocalManagedPolicy' | 'AWSManagedPolicy'; of: ManagedPolicy };
const KINDS = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'];

/** IAM, version 2010-05-08: what the collector reads. */
export const iamOperations: Record<string, QueryOperation> = {
  GetAccountAuthorizationDetails(call, input) {
    allow(call, 'iam:GetAccountAuthorizationDetails');
    const wanted = [...input.entries()]
      .filter(([name]) => /^Filter\.member\.\d+$/.test(name))
      .map(([, value]) => value);
    const unknown = wanted.find((kind) => !KINDS.includes(kind));
    if (unknown !== undefined)
      throw invalid(
        `Value '[${unknown}]' at 'filter' failed to satisfy constraint: Member must satisfy enum value set: [${KINDS.join(', ')}]`,
      );
    const entities = entitiesOf(call).filter((entity) => wanted.length === 0 || wanted.includes(entity.kind));
    const { page, next } = pageOf(
      entities,
      maxItems(input),
      input.get('Marker') ?? undefined,
      `iam ${call.caller.accountId} ${wanted.join()}`,
      () => invalid('Invalid Marker'),
    );
    return {
      UserDetailList: page.flatMap((entity) =>
        entity.kind === 'User' ? [userDetail(entity.of, call.company)] : [],
      ),
      GroupDetailList: page.flatMap((entity) =>
        entity.kind === 'Group' ? [groupDetail(entity.of, call.company)] : [],
      ),
      RoleDetailList: page.flatMap((entity) =>
        entity.kind === 'Role' ? [roleDetail(entity.of, call.company)] : [],
      ),
      Policies: page.flatMap((entity) =>
        entity.kind === 'LocalManagedPolicy' || entity.kind === 'AWSManagedPolicy'
          ? [policyDetail(entity.of, call)]
          : [],
      ),
      IsTruncated: next !== undefined,
      Marker: next,
    };
  },

  GetAccountSummary(call) {
    allow(call, 'iam:GetAccountSummary');
    const own = <T extends { accountId: string }>(list: T[]): number =>
      list.filter((item) => item.accountId === call.caller.accountId).length;
    const { users, groups, roles, policies } = call.company;
    const counts: Record<string, number> = {
      Users: own(users),
      Groups: own(groups),
      Roles: own(roles),
      Policies: own(policies),
      AccountMFAEnabled: 1,
      AccountAccessKeysPresent: 0,
      AccountPasswordPresent: 1,
      MFADevices: own(users),
      MFADevicesInUse: own(users),
    };
    return { SummaryMap: new XmlMap(counts) };
  },

  ListAccountAliases(call) {
    allow(call, 'iam:ListAccountAliases');
    return {
      AccountAliases: [call.company.accounts.find((account) => account.id === call.caller.accountId)!.alias],
      IsTruncated: false,
    };
  },
};

const invalid = (message: string): AwsError =>
  new AwsError('ValidationError', `1 validation error detected: ${message}`);

function maxItems(input: URLSearchParams): number {
  const text = input.get('MaxItems');
  const value = text === null ? 100 : Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1000)
    throw invalid(
      `Value '${text}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000`,
    );
  return value;
}

function entitiesOf(call: Call): Entity[] {
  const { company, caller } = call;
  const own = <T extends { accountId: string }>(list: T[]): T[] =>
    list.filter((item) => item.accountId === caller.accountId);
  const attached = new Set(
    [...own(company.users), ...own(company.roles), ...own(company.groups)].flatMap(
      (owner) => owner.attachedPolicyArns,
    ),
  );
  return [
    ...own(company.users).map((of): Entity => ({ kind: 'User', of })),
    ...own(company.groups).map((of): Entity => ({ kind: 'Group', of })),
    ...own(company.roles).map((of): Entity => ({ kind: 'Role', of })),
    ...own(company.policies).map((of): Entity => ({ kind: 'LocalManagedPolicy', of })),
    ...company.policies
      .filter((policy) => policy.accountId === 'aws' && attached.has(policy.arn))
      .map((of): Entity => ({ kind: 'AWSManagedPolicy', of })),
  ];
}

const inlineList = (policies: NamedPolicy[]): XmlValue[] =>
  policies.map(({ name, document }) => ({
    PolicyName: name,
    PolicyDocument: urlEncode(JSON.stringify(document)),
  }));
const tagList = (tags: Record<string, string>): XmlValue[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const attachedList = (arns: string[], company: Company): XmlValue[] =>
  arns.map((arn) => ({
    PolicyName: company.policies.find((policy) => policy.arn === arn)?.name ?? arn,
    PolicyArn: arn,
  }));
const boundaryOf = (arn: string | undefined): XmlValue =>
  arn === undefined
    ? undefined
    : { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: arn };

const userDetail = (user: IamUser, company: Company): XmlValue => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: new Date(user.createdAt),
  UserPolicyList: inlineList(user.inlinePolicies),
  GroupList: user.groups,
  AttachedManagedPolicies: attachedList(user.attachedPolicyArns, company),
  PermissionsBoundary: boundaryOf(user.boundaryArn),
  Tags: tagList(user.tags),
});

const groupDetail = (group: IamGroup, company: Company): XmlValue => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  CreateDate: new Date(group.createdAt),
  GroupPolicyList: inlineList(group.inlinePolicies),
  AttachedManagedPolicies: attachedList(group.attachedPolicyArns, company),
});

const roleDetail = (role: IamRole, company: Company): XmlValue => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: urlEncode(JSON.stringify(role.trust)),
  InstanceProfileList: [],
  RolePolicyList: inlineList(role.inlinePolicies),
  AttachedManagedPolicies: attachedList(role.attachedPolicyArns, company),
  PermissionsBoundary: boundaryOf(role.boundaryArn),
  Tags: tagList(role.tags),
  RoleLastUsed: role.lastUsed
    ? { LastUsedDate: new Date(role.lastUsed.at), Region: role.lastUsed.region }
    : {},
});

function policyDetail(policy: ManagedPolicy, { company, caller }: Call): XmlValue {
  const owners = [...company.users, ...company.roles, ...company.groups].filter(
    (owner) => owner.accountId === caller.accountId,
  );
  const current = policy.versions.at(-1)!.id;
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: current,
    AttachmentCount: owners.filter((owner) => owner.attachedPolicyArns.includes(policy.arn)).length,
    PermissionsBoundaryUsageCount: owners.filter(
      (owner) => 'boundaryArn' in owner && owner.boundaryArn === policy.arn,
    ).length,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
    PolicyVersionList: policy.versions.toReversed().map((version) => ({
      Document: urlEncode(JSON.stringify(version.document)),
      VersionId: version.id,
      IsDefaultVersion: version.id === current,
      CreateDate: new Date(version.createdAt),
    })),
  };
}
