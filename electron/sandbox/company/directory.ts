import { AWS_POLICIES, awsPolicyArn } from './aws-policies.ts';
import type { Frame } from './frame.ts';
import { DAY } from './time.ts';
import type { Actor, IamRole, IamUser, ManagedPolicy, PolicyDocument } from './types.ts';

export const OFFICE_IP = '198.51.100.24';
export const CONSOLE =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
export const CLI = 'aws-cli/2.31.11 md/awscrt#0.27.6 ua/2.1 os/macos#25.1.0 md/arch#arm64 lang/python#3.13.7';
const SDK =
  'aws-sdk-java/2.35.6 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1.153 lang/java#21.0.8 exec-env/AWS_ECS_FARGATE';
export const BOTO =
  'Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux#5.10.245 md/arch#x86_64 lang/python#3.12.12 exec-env/AWS_Lambda_python3.12';
export const TERRAFORM =
  'APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) terraform-provider-aws/6.18.0 aws-sdk-go-v2/1.39.4';

type Named = Pick<IamUser, 'inlinePolicies' | 'attachedPolicyArns' | 'tags'>;
export type RoleOptions = Partial<Named> & {
  kind?: IamRole['kind'];
  path?: string;
  boundaryArn?: string;
  trust: PolicyDocument;
  lastUsedDays?: number;
  createdDays?: number;
  session: string;
  userAgent?: string;
  sourceIp?: string;
  handle?: string;
};
export type UserOptions = Partial<Named> & {
  groups?: string[];
  boundaryArn?: string;
  human?: boolean;
  createdDays: number;
  path?: string;
  /** Left: acted in the period and is in no directory any more. */
  departed?: boolean;
};

/** The book in which users, roles and policies are entered, each with its ids and its face as an actor in logs. */
export interface Directory {
  users: IamUser[];
  roles: IamRole[];
  policies: ManagedPolicy[];
  actors: Map<string, Actor>;
  /** A user of the production account. */
  addUser: (name: string, options: UserOptions) => void;
  /** `handle` names the actor where the role's own name is long or not unique. */
  addRole: (accountId: string, name: string, options: RoleOptions) => void;
  /** A customer managed policy with its versions, oldest first; gives its ARN. */
  addPolicy: (
    accountId: string,
    name: string,
    description: string,
    createdDays: number,
    ...documents: PolicyDocument[]
  ) => string;
}

export function createDirectory(frame: Frame): Directory {
  const users: IamUser[] = [];
  const roles: IamRole[] = [];
  const actors = new Map<string, Actor>();

  const policies: ManagedPolicy[] = AWS_POLICIES.map(({ name, path, description, document }) => ({
    accountId: 'aws',
    name,
    path,
    id: `ANPA${frame.random('policy', 'aws', name).upper(17)}`,
    arn: awsPolicyArn(name),
    description,
    createdAt: Date.UTC(2015, 1, 6, 18, 39, 46),
    updatedAt: Date.UTC(2015, 1, 6, 18, 39, 46),
    versions: [{ id: 'v1', createdAt: Date.UTC(2015, 1, 6, 18, 39, 46), document }],
  }));
  const addPolicy = (
    accountId: string,
    name: string,
    description: string,
    createdDays: number,
    ...documents: PolicyDocument[]
  ): string => {
    const arn = `arn:aws:iam::${accountId}:policy/${name}`;
    const versions = documents.map((document, i) => ({
      id: `v${i + 1}`,
      createdAt: frame.daysAgo(createdDays - i * 30, 'policy-version', name, i),
      document,
    }));
    policies.push({
      accountId,
      name,
      path: '/',
      id: `ANPA${frame.random('policy', accountId, name).upper(17)}`,
      arn,
      description,
      createdAt: versions[0]!.createdAt,
      updatedAt: versions.at(-1)!.createdAt,
      versions,
    });
    return arn;
  };

  const addUser = (name: string, options: UserOptions): void => {
    const random = frame.random('user', name);
    const path = options.path ?? '/';
    const record: IamUser = {
      accountId: frame.production,
      name,
      path,
      id: `AIDA${random.upper(17)}`,
      arn: `arn:aws:iam::${frame.production}:user${path}${name}`,
      createdAt: frame.daysAgo(options.createdDays, 'user', name),
      inlinePolicies: options.inlinePolicies ?? [],
      attachedPolicyArns: options.attachedPolicyArns ?? [],
      tags: options.tags ?? {},
      groups: options.groups ?? [],
      human: options.human ?? true,
      accessKeyIds: [`AKIA${random.upper(16)}`],
      ...(options.boundaryArn === undefined ? {} : { boundaryArn: options.boundaryArn }),
    };
    if (!options.departed) users.push(record);
    actors.set(name, {
      kind: 'user',
      accountId: frame.production,
      arn: record.arn,
      principalId: record.id,
      userName: name,
      accessKeyId: record.accessKeyIds[0]!,
      sourceIp: OFFICE_IP,
      userAgent: record.human ? CLI : SDK,
    });
  };

  const addRole = (accountId: string, name: string, options: RoleOptions): void => {
    const random = frame.random('role', accountId, name);
    const path = options.path ?? '/';
    const record: IamRole = {
      accountId,
      name,
      path,
      id: `AROA${random.upper(17)}`,
      arn: `arn:aws:iam::${accountId}:role${path}${name}`,
      createdAt: frame.daysAgo(options.createdDays ?? 900, 'role', name),
      inlinePolicies: options.inlinePolicies ?? [],
      attachedPolicyArns: options.attachedPolicyArns ?? [],
      tags: options.tags ?? {},
      trust: options.trust,
      kind: options.kind ?? 'service',
      ...(options.boundaryArn === undefined ? {} : { boundaryArn: options.boundaryArn }),
      ...(options.lastUsedDays === undefined
        ? {}
        : {
            lastUsed: {
              at: frame.now - options.lastUsedDays * DAY - random.int(DAY / 2),
              region: 'us-east-1',
            },
          }),
    };
    roles.push(record);
    actors.set(options.handle ?? name, {
      kind: 'role',
      accountId,
      arn: record.arn,
      principalId: record.id,
      sessionName: options.session,
      accessKeyId: `ASIA${random.upper(16)}`,
      sourceIp: options.sourceIp ?? `10.20.${random.int(30)}.${10 + random.int(200)}`,
      userAgent: options.userAgent ?? SDK,
    });
  };

  return { users, roles, policies, actors, addUser, addRole, addPolicy };
}
