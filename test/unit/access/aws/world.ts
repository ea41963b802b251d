import { evaluateAwsAccess } from '../../../../electron/access/aws/access-paths.ts';
import type {
  AwsAccessInput,
  AwsAccount,
  AwsKey,
  AwsTag,
  ControlPolicyLevel,
  KmsGrant,
} from '../../../../electron/access/aws/model.ts';
import type { AccessPath, Certainty } from '../../../../electron/access/types.ts';

/** Small worlds to ask questions of. Account numbers are those of AWS's documentation. */
export const OWN = '111122223333';
export const OTHER = '444455556666';
export const KEY = `arn:aws:kms:us-west-2:${OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const KEY2 = `arn:aws:kms:us-west-2:${OWN}:key/0987dcba-09fe-87dc-65ba-ab0987654321`;

export const root = (account = OWN): string => `arn:aws:iam::${account}:root`;
export const userArn = (name: string, account = OWN): string => `arn:aws:iam::${account}:user/${name}`;
export const roleArn = (name: string, account = OWN): string => `arn:aws:iam::${account}:role/${name}`;
export const sessionArn = (role: string, session: string, account = OWN): string =>
  `arn:aws:sts::${account}:assumed-role/${role}/${session}`;

export type Statement = Record<string, unknown>;
type Principal = string | Record<string, string | string[]>;
type Condition = Record<string, Record<string, unknown>>;

/** ARNs and account ids become `{AWS: …}`, `*` stays. */
const element = (who: Principal | string[]): unknown => {
  if (who === '*') return '*';
  return typeof who === 'string' || Array.isArray(who) ? { AWS: who } : who;
};

export const policy = (...statements: Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const resource = (
  effect: string,
  who: Principal | string[],
  actions: string | string[],
  condition?: Condition,
): Statement => ({
  Effect: effect,
  Principal: element(who),
  Action: actions,
  Resource: '*',
  ...(condition ? { Condition: condition } : {}),
});

/** Statements of a key policy. */
export const allow = (
  who: Principal | string[],
  actions: string | string[],
  condition?: Condition,
): Statement => resource('Allow', who, actions, condition);
export const deny = (
  who: Principal | string[],
  actions: string | string[],
  condition?: Condition,
): Statement => resource('Deny', who, actions, condition);
export const delegate: Statement = { Sid: 'Enable IAM policies', ...allow(root(), 'kms:*') };

/** Statements of an IAM policy. */
export const may = (
  actions: string | string[],
  resources: string | string[] = '*',
  condition?: Condition,
): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...(condition ? { Condition: condition } : {}),
});
export const mayNot = (
  actions: string | string[],
  resources: string | string[] = '*',
  condition?: Condition,
): Statement => ({ ...may(actions, resources, condition), Effect: 'Deny' });

/** Statements of a trust policy. */
export const trust = (
  who: Principal | string[],
  condition?: Condition,
  action = 'sts:AssumeRole',
): Statement => ({
  Effect: 'Allow',
  Principal: element(who),
  Action: action,
  ...(condition ? { Condition: condition } : {}),
});

export interface UserSpec {
  name: string;
  account?: string;
  path?: string;
  inline?: Statement[];
  attached?: string[];
  groups?: string[];
  boundary?: string;
  tags?: AwsTag[];
  id?: string;
}

export interface RoleSpec extends Omit<UserSpec, 'groups'> {
  /** Default: trusted by EC2. */
  trust?: Statement[] | string;
}

export interface World {
  key?: Partial<AwsKey>;
  /** Statements of the key policy, or its raw text. Default: delegation to the account. */
  policy?: Statement[] | string | null;
  grants?: KmsGrant[] | null;
  users?: UserSpec[];
  roles?: RoleSpec[];
  groups?: { name: string; inline?: Statement[]; attached?: string[] }[];
  /** Managed policies by name, as statements or raw text; `arn:aws:iam::OWN:policy/NAME`. */
  managed?: Record<string, Statement[] | string>;
  /** Accounts of the engagement. Default: the key's own, with its IAM. */
  accounts?: string[];
  /** Accounts whose IAM could not be read. */
  iamMissing?: string[];
  organization?: Record<string, string | null>;
  scp?: Statement[][];
  rcp?: Statement[][];
  account?: Partial<AwsAccount>;
  input?: Partial<AwsAccessInput>;
}

export const managedArn = (name: string, account = OWN): string => `arn:aws:iam::${account}:policy/${name}`;

export function build(world: World): AwsAccessInput {
  const ids = world.accounts ?? [OWN];
  const text = world.policy === undefined ? [delegate] : world.policy;
  const key: AwsKey = {
    arn: KEY,
    accountId: OWN,
    region: 'us-west-2',
    policy: text === null || typeof text === 'string' ? text : policy(...text),
    grants: world.grants === undefined ? [] : world.grants,
    ...world.key,
  };
  return { keys: [key], accounts: ids.map((id) => account(id, world)), ...world.input };
}

function account(accountId: string, world: World): AwsAccount {
  const of = <T extends { account?: string }>(specs: T[] | undefined): T[] =>
    (specs ?? []).filter((spec) => (spec.account ?? OWN) === accountId);
  const attached = (names: string[] | undefined): { PolicyName: string; PolicyArn: string }[] =>
    (names ?? []).map((name) => ({ PolicyName: name, PolicyArn: managedArn(name) }));
  const inline = (statements: Statement[] | undefined): { PolicyName: string; PolicyDocument: string }[] =>
    statements === undefined
      ? []
      : [{ PolicyName: 'inline', PolicyDocument: encodeURIComponent(policy(...statements)) }];
  const boundary = (name: string | undefined): object =>
    name === undefined ? {} : { PermissionsBoundary: { PermissionsBoundaryArn: managedArn(name) } };
  const levels = (sets: Statement[][] | undefined, of: string): ControlPolicyLevel[] =>
    (sets ?? []).map((set, i) => ({
      target: `${of}-${i}`,
      policies: [{ id: `p-${of}-${i}`, document: policy(...set) }],
    }));
  const iam = {
    UserDetailList: of(world.users).map((user) => ({
      UserName: user.name,
      Path: user.path ?? '/',
      UserId: user.id ?? `AIDA${user.name.toUpperCase().replace(/[^A-Z0-9]/g, '')}EXAMPLE1234`,
      Arn: userArn(user.name, accountId),
      UserPolicyList: inline(user.inline),
      GroupList: user.groups ?? [],
      AttachedManagedPolicies: attached(user.attached),
      Tags: user.tags ?? [],
      ...boundary(user.boundary),
    })),
    RoleDetailList: of(world.roles).map((role) => ({
      RoleName: role.name,
      Path: role.path ?? '/',
      RoleId: role.id ?? `AROA${role.name.toUpperCase().replace(/[^A-Z0-9]/g, '')}EXAMPLE1234`,
      Arn: `arn:aws:iam::${accountId}:role${role.path ?? '/'}${role.name}`,
      AssumeRolePolicyDocument:
        typeof role.trust === 'string'
          ? role.trust
          : encodeURIComponent(policy(...(role.trust ?? [trust({ Service: 'ec2.amazonaws.com' })]))),
      RolePolicyList: inline(role.inline),
      AttachedManagedPolicies: attached(role.attached),
      Tags: role.tags ?? [],
      ...boundary(role.boundary),
    })),
    GroupDetailList: (world.groups ?? []).map((group) => ({
      GroupName: group.name,
      Path: '/',
      Arn: `arn:aws:iam::${accountId}:group/${group.name}`,
      GroupPolicyList: inline(group.inline),
      AttachedManagedPolicies: attached(group.attached),
    })),
    Policies: Object.entries(world.managed ?? {}).map(([name, text]) => ({
      PolicyName: name,
      Arn: managedArn(name),
      DefaultVersionId: 'v2',
      PolicyVersionList: [
        { VersionId: 'v1', IsDefaultVersion: false, Document: policy(may('kms:*')) },
        {
          VersionId: 'v2',
          IsDefaultVersion: true,
          Document: typeof text === 'string' ? text : policy(...text),
        },
      ],
    })),
  };
  const organization = world.organization?.[accountId];
  return {
    accountId,
    iam: world.iamMissing?.includes(accountId) ? null : iam,
    ...(world.iamMissing?.includes(accountId) ? { iamMissing: 'AccessDenied' } : {}),
    ...(organization === undefined ? {} : { organizationId: organization }),
    ...(world.scp ? { serviceControlPolicies: levels(world.scp, 'scp') } : {}),
    ...(world.rcp ? { resourceControlPolicies: levels(world.rcp, 'rcp') } : {}),
    ...(accountId === OWN ? world.account : {}),
  };
}

const ORDER: readonly Certainty[] = ['allowed', 'conditional', 'unknown'];

export interface Answer {
  certainty: Certainty | 'none';
  /** The most certain path first. */
  paths: AccessPath[];
}

/** Whether this principal may do this on the world's key, by its most certain path. */
export function ask(world: World, principal: string, action: string): Answer {
  const paths = [...evaluateAwsAccess(build(world)).paths()]
    .filter((path) => path.principal.id === principal && path.actions.includes(`kms:${action}`))
    .sort((x, y) => ORDER.indexOf(x.certainty) - ORDER.indexOf(y.certainty));
  return { certainty: paths[0]?.certainty ?? 'none', paths };
}

/** One line of a truth table. */
export interface Case {
  says: string;
  world: World;
  who: string;
  can: string;
  answer: Certainty | 'none';
  /** Condition keys reported on the most certain path; `!key` for one that limits through a denial. */
  conditions?: string[];
  /** Step types of the most certain path, from the key outwards. */
  via?: string[];
  /** Text that some entry of `notEvaluated` must contain. */
  notEvaluated?: string;
}
