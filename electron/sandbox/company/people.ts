import { AUDITOR_ROLE, AUDITOR_USER, auditorPolicy } from './auditor-policy.ts';
import { allow, iamPolicy, rootOf, trust } from './documents.ts';
import type { Frame } from './frame.ts';
import { DAY } from './time.ts';
import type {
  Actor,
  IamGroup,
  IamRole,
  IamUser,
  ManagedPolicy,
  NamedPolicy,
  PolicyDocument,
} from './types.ts';

/** Everybody and everything that can act in the two accounts, and handles to them for the stories. */
export interface People {
  users: IamUser[];
  roles: IamRole[];
  groups: IamGroup[];
  policies: ManagedPolicy[];
  /** The named principal as the actor of an event: 'maria.lopez', 'orders-api', 'sso-admin', 'KeywitnessAuditor' … */
  actor(name: string): Actor;
  /** IAM ARN of the named principal. */
  arn(name: string): string;
}

export interface PeopleNeeds {
  trailBuckets: string[];
  trailKeyArn: string;
  externalId: string;
}

const OFFICE_IP = '198.51.100.24';
const CONSOLE =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const CLI = 'aws-cli/2.31.11 md/awscrt#0.27.6 ua/2.1 os/macos#25.1.0 md/arch#arm64 lang/python#3.13.7';
const SDK =
  'aws-sdk-java/2.35.6 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1.153 lang/java#21.0.8 exec-env/AWS_ECS_FARGATE';
const BOTO =
  'Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux#5.10.245 md/arch#x86_64 lang/python#3.12.12 exec-env/AWS_Lambda_python3.12';
const TERRAFORM =
  'APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) terraform-provider-aws/6.18.0 aws-sdk-go-v2/1.39.4';

type Named = Pick<IamUser, 'inlinePolicies' | 'attachedPolicyArns' | 'tags'>;
type RoleOptions = Partial<Named> & {
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
type UserOptions = Partial<Named> & {
  groups?: string[];
  boundaryArn?: string;
  human?: boolean;
  createdDays: number;
  path?: string;
};

const AWS_POLICIES: { name: string; path: string; description: string; document: PolicyDocument }[] = [
  {
    name: 'AdministratorAccess',
    path: '/',
    description: 'Provides full access to AWS services and resources.',
    document: iamPolicy(allow('*')),
  },
  {
    name: 'ReadOnlyAccess',
    path: '/',
    description: 'Provides read-only access to AWS services and resources.',
    document: iamPolicy(
      allow(['cloudtrail:Describe*', 'cloudtrail:Get*', 'cloudtrail:List*', 'cloudtrail:LookupEvents']),
      allow(['iam:Get*', 'iam:List*', 'kms:Describe*', 'kms:Get*', 'kms:List*', 's3:Get*', 's3:List*']),
    ),
  },
  {
    name: 'SecurityAudit',
    path: '/',
    description: 'The security audit template grants access to read security configuration metadata.',
    document: iamPolicy(
      allow([
        'kms:Describe*',
        'kms:GetKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:List*',
        'iam:GetAccountAuthorizationDetails',
      ]),
    ),
  },
  {
    name: 'AWSLambdaBasicExecutionRole',
    path: '/service-role/',
    description: 'Provides write permissions to CloudWatch Logs.',
    document: iamPolicy(allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'])),
  },
];

export function buildPeople(frame: Frame, needs: PeopleNeeds): People {
  const { production, security } = frame;
  const users: IamUser[] = [];
  const roles: IamRole[] = [];
  const actors = new Map<string, Actor>();
  const managedArn = (account: string, name: string): string => `arn:aws:iam::${account}:policy/${name}`;
  const awsArn = (name: string): string =>
    `arn:aws:iam::aws:policy${AWS_POLICIES.find((p) => p.name === name)?.path ?? '/'}${name}`;
  const inline = (name: string, document: PolicyDocument): NamedPolicy => ({ name, document });

  const policies: ManagedPolicy[] = AWS_POLICIES.map(({ name, path, description, document }) => ({
    accountId: 'aws',
    name,
    path,
    id: `ANPA${frame.random('policy', 'aws', name).upper(17)}`,
    arn: awsArn(name),
    description,
    createdAt: Date.UTC(2015, 1, 6, 18, 39, 46),
    updatedAt: Date.UTC(2015, 1, 6, 18, 39, 46),
    versions: [{ id: 'v1', createdAt: Date.UTC(2015, 1, 6, 18, 39, 46), document }],
  }));
  const managed = (
    accountId: string,
    name: string,
    description: string,
    createdDays: number,
    ...documents: PolicyDocument[]
  ): string => {
    const arn = managedArn(accountId, name);
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

  const user = (name: string, options: UserOptions): void => {
    const random = frame.random('user', name);
    const path = options.path ?? '/';
    const record: IamUser = {
      accountId: production,
      name,
      path,
      id: `AIDA${random.upper(17)}`,
      arn: `arn:aws:iam::${production}:user${path}${name}`,
      createdAt: frame.daysAgo(options.createdDays, 'user', name),
      inlinePolicies: options.inlinePolicies ?? [],
      attachedPolicyArns: options.attachedPolicyArns ?? [],
      tags: options.tags ?? {},
      groups: options.groups ?? [],
      human: options.human ?? true,
      accessKeyIds: [`AKIA${random.upper(16)}`],
      ...(options.boundaryArn === undefined ? {} : { boundaryArn: options.boundaryArn }),
    };
    users.push(record);
    actors.set(name, {
      kind: 'user',
      accountId: production,
      arn: record.arn,
      principalId: record.id,
      userName: name,
      accessKeyId: record.accessKeyIds[0]!,
      sourceIp: OFFICE_IP,
      userAgent: record.human ? CLI : SDK,
    });
  };

  const role = (accountId: string, name: string, options: RoleOptions): void => {
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

  // -- managed policies ------------------------------------------------------------------------------------------
  const decryptAll = managed(
    production,
    'data-platform-decrypt',
    'Lets data engineers read encrypted data sets',
    700,
    iamPolicy(allow(['kms:Decrypt', 'kms:DescribeKey'], '*', 'DecryptAnything')),
  );
  const keyAdmin = managed(
    production,
    'key-administration',
    'Key administrators: manage, never use',
    820,
    iamPolicy(allow('kms:*')),
    iamPolicy(
      allow([
        'kms:Create*',
        'kms:Describe*',
        'kms:Enable*',
        'kms:List*',
        'kms:Put*',
        'kms:Update*',
        'kms:Disable*',
        'kms:Get*',
        'kms:ScheduleKeyDeletion',
        'kms:CancelKeyDeletion',
        'kms:TagResource',
        'kms:UntagResource',
      ]),
      {
        Sid: 'NoCrypto',
        Effect: 'Deny',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        Resource: '*',
      },
    ),
  );
  const boundary = managed(
    production,
    'developer-boundary',
    'Upper limit of what a developer role may ever do',
    640,
    iamPolicy(
      allow(['s3:*', 'dynamodb:*', 'lambda:*', 'logs:*', 'sqs:*']),
      {
        Sid: 'KeysThroughServicesOnly',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringLike: { 'kms:ViaService': ['s3.*.amazonaws.com', 'dynamodb.*.amazonaws.com'] } },
      },
      { Sid: 'NoIam', Effect: 'Deny', Action: ['iam:*', 'organizations:*'], Resource: '*' },
    ),
  );
  const requireMfa = managed(
    production,
    'require-mfa-for-keys',
    'Key changes need multi-factor sign-in',
    600,
    iamPolicy({
      Sid: 'DenyKeyChangesWithoutMfa',
      Effect: 'Deny',
      Action: ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'],
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    }),
  );
  const auditorRoleArn = `arn:aws:iam::${security}:role/${AUDITOR_ROLE}`;
  const auditProduction = managed(
    production,
    'keywitness-auditor-access',
    'Read-only access to key metadata and its logs',
    120,
    auditorPolicy(needs.trailBuckets, needs.trailKeyArn, [auditorRoleArn]),
  );
  const auditSecurity = managed(
    security,
    'keywitness-auditor-access',
    'Read-only access to key metadata and its logs',
    120,
    auditorPolicy(needs.trailBuckets, needs.trailKeyArn, []),
  );

  // -- people ----------------------------------------------------------------------------------------------------
  user('maria.lopez', {
    createdDays: 1500,
    groups: ['platform-engineers', 'key-administrators'],
    tags: { Team: 'Platform' },
  });
  user('tom.becker', { createdDays: 1480, groups: ['platform-engineers'], tags: { Team: 'Platform' } });
  user('priya.nair', {
    createdDays: 610,
    groups: ['developers'],
    tags: { Team: 'Orders' },
    inlinePolicies: [
      inline('debug-decrypt', iamPolicy(allow(['kms:Decrypt'], `arn:aws:kms:us-east-1:${production}:key/*`))),
    ],
  });
  user('lena.fischer', { createdDays: 420, groups: ['data-engineers'], tags: { Team: 'Data' } });
  user('omar.haddad', {
    createdDays: 300,
    groups: ['developers'],
    boundaryArn: boundary,
    tags: { Team: 'Payments' },
  });
  user('break-glass', {
    createdDays: 1400,
    attachedPolicyArns: [awsArn('AdministratorAccess')],
    tags: { Purpose: 'Emergency administration' },
  });
  user('customs-broker-upload', {
    createdDays: 760,
    human: false,
    path: '/integrations/',
    inlinePolicies: [
      inline(
        'upload',
        iamPolicy(
          allow(['s3:PutObject'], 'arn:aws:s3:::meridian-customs-inbound/*'),
          allow(['kms:GenerateDataKey', 'kms:Decrypt']),
        ),
      ),
    ],
  });
  user(AUDITOR_USER, {
    createdDays: 120,
    human: false,
    attachedPolicyArns: [auditProduction],
    tags: { Purpose: 'SOC 2 evidence collection' },
  });

  // -- roles -----------------------------------------------------------------------------------------------------
  const service = (principal: string): PolicyDocument => trust({ Service: principal });
  role(production, 'orders-api', {
    trust: service('ecs-tasks.amazonaws.com'),
    session: '5b7d0c2f9e4841e8b7c13a',
    lastUsedDays: 0,
    tags: { Team: 'Orders' },
  });
  role(production, 'billing-batch', {
    trust: service('lambda.amazonaws.com'),
    session: 'billing-batch',
    userAgent: BOTO,
    lastUsedDays: 0,
    attachedPolicyArns: [awsArn('AWSLambdaBasicExecutionRole')],
    tags: { Team: 'Finance' },
  });
  role(production, 'warehouse-etl', {
    trust: service('glue.amazonaws.com'),
    session: 'GlueJobRunnerSession',
    userAgent: BOTO,
    lastUsedDays: 0,
    attachedPolicyArns: [decryptAll],
    tags: { Team: 'Data' },
  });
  role(production, 'tracking-stream', {
    trust: service('lambda.amazonaws.com'),
    session: 'tracking-stream',
    userAgent: BOTO,
    lastUsedDays: 0,
    boundaryArn: boundary,
    tags: { Team: 'Tracking' },
  });
  role(production, 'token-signer', {
    trust: service('ecs-tasks.amazonaws.com'),
    session: 'a90e77d1c0be4dd0a4',
    lastUsedDays: 0,
    tags: { Team: 'Identity' },
  });
  role(production, 'payments-tokenizer', {
    trust: service('ecs-tasks.amazonaws.com'),
    session: '13bc5502aa0144f693',
    lastUsedDays: 0,
    tags: { Team: 'Payments' },
  });
  role(production, 'release-signing', {
    trust: service('codebuild.amazonaws.com'),
    session: 'AWSCodeBuild-3f0a',
    userAgent: BOTO,
    lastUsedDays: 2,
    tags: { Team: 'Platform' },
  });
  role(production, 'infrastructure-deployer', {
    trust: trust(
      { Federated: `arn:aws:iam::${production}:oidc-provider/token.actions.githubusercontent.com` },
      'sts:AssumeRoleWithWebIdentity',
      { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:meridian-freight/infrastructure:*' } },
    ),
    session: 'GitHubActions',
    userAgent: TERRAFORM,
    sourceIp: '203.0.113.77',
    lastUsedDays: 1,
    attachedPolicyArns: [keyAdmin],
    tags: { Team: 'Platform' },
  });
  role(production, 'partner-track-and-trace', {
    kind: 'cross-account',
    trust: trust({ AWS: rootOf(frame.partnerAccountId) }, 'sts:AssumeRole', {
      StringEquals: { 'sts:ExternalId': 'mf-7719' },
    }),
    session: 'track-and-trace',
    lastUsedDays: 3,
    inlinePolicies: [
      inline(
        'read-shipments',
        iamPolicy(allow(['s3:GetObject'], 'arn:aws:s3:::meridian-shipments/*'), allow(['kms:Decrypt'])),
      ),
    ],
  });
  role(production, AUDITOR_ROLE, {
    kind: 'auditor',
    trust: trust({ AWS: `arn:aws:iam::${production}:user/${AUDITOR_USER}` }, 'sts:AssumeRole', {
      StringEquals: { 'sts:ExternalId': needs.externalId },
    }),
    session: 'keywitness',
    attachedPolicyArns: [auditProduction],
    createdDays: 120,
    userAgent: CLI,
  });
  const saml = (account: string): PolicyDocument =>
    trust(
      {
        Federated: `arn:aws:iam::${account}:saml-provider/AWSSSO_${frame.random('sso', account).hex(16)}_DO_NOT_DELETE`,
      },
      'sts:AssumeRoleWithSAML',
      { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
    );
  const sso = (
    account: string,
    set: string,
    handle: string,
    session: string,
    options: Partial<RoleOptions>,
  ): void =>
    role(account, `AWSReservedSSO_${set}_${frame.random('sso-role', set).hex(16)}`, {
      kind: 'sso',
      path: '/aws-reserved/sso.amazonaws.com/eu-central-1/',
      trust: saml(account),
      session,
      handle,
      userAgent: CONSOLE,
      sourceIp: OFFICE_IP,
      lastUsedDays: 1,
      ...options,
    });
  sso(production, 'AdministratorAccess', 'sso-admin', 'maria.lopez@meridian-freight.example', {
    attachedPolicyArns: [awsArn('AdministratorAccess')],
  });
  sso(production, 'KeyAdministrator', 'sso-key-admin', 'tom.becker@meridian-freight.example', {
    attachedPolicyArns: [keyAdmin, requireMfa],
  });
  sso(production, 'Developer', 'sso-developer', 'priya.nair@meridian-freight.example', {
    attachedPolicyArns: [awsArn('ReadOnlyAccess')],
    boundaryArn: boundary,
  });
  sso(security, 'SecurityAnalyst', 'sso-security', 'ines.carvalho@meridian-freight.example', {
    attachedPolicyArns: [awsArn('SecurityAudit')],
  });
  sso(security, 'AdministratorAccess', 'sso-security-admin', 'ines.carvalho@meridian-freight.example', {
    attachedPolicyArns: [awsArn('AdministratorAccess')],
  });
  role(security, AUDITOR_ROLE, {
    kind: 'auditor',
    handle: 'security-auditor',
    trust: trust(
      {
        AWS: [
          `arn:aws:iam::${production}:user/${AUDITOR_USER}`,
          `arn:aws:iam::${production}:role/${AUDITOR_ROLE}`,
        ],
      },
      'sts:AssumeRole',
      { StringEquals: { 'sts:ExternalId': needs.externalId } },
    ),
    session: 'keywitness',
    attachedPolicyArns: [auditSecurity],
    createdDays: 120,
    userAgent: CLI,
  });
  role(security, 'siem-forwarder', {
    trust: service('lambda.amazonaws.com'),
    session: 'siem-forwarder',
    userAgent: BOTO,
    lastUsedDays: 0,
    tags: { Team: 'Security' },
    inlinePolicies: [
      inline(
        'read-logs',
        iamPolicy(
          allow(
            ['s3:GetObject'],
            needs.trailBuckets.map((b) => `arn:aws:s3:::${b}/*`),
          ),
          allow('kms:Decrypt', needs.trailKeyArn),
        ),
      ),
    ],
  });
  role(security, 'OrganizationAccountAccessRole', {
    kind: 'cross-account',
    trust: trust({ AWS: rootOf(production) }),
    session: 'org-access',
    attachedPolicyArns: [awsArn('AdministratorAccess')],
    createdDays: 1500,
  });
  role(production, 'cloudtrail-to-cloudwatch', {
    kind: 'delivery',
    trust: service('cloudtrail.amazonaws.com'),
    session: 'CloudTrail',
    createdDays: 1100,
    inlinePolicies: [inline('write', iamPolicy(allow(['logs:CreateLogStream', 'logs:PutLogEvents'])))],
  });
  const linked = (account: string, name: string, principal: string, handle: string): void =>
    role(account, name, {
      kind: 'service-linked',
      path: `/aws-service-role/${principal}/`,
      trust: service(principal),
      session: name,
      handle,
      lastUsedDays: 0,
      createdDays: 1300,
      sourceIp: principal,
      userAgent: principal,
    });
  linked(production, 'AWSServiceRoleForRDS', 'rds.amazonaws.com', 'rds');
  linked(production, 'AWSServiceRoleForBackup', 'backup.amazonaws.com', 'backup');
  linked(production, 'AWSServiceRoleForAutoScaling', 'autoscaling.amazonaws.com', 'autoscaling');
  linked(security, 'AWSServiceRoleForCloudTrail', 'cloudtrail.amazonaws.com', 'security-cloudtrail');

  const group = (name: string, attached: string[], inlinePolicies: NamedPolicy[] = []): IamGroup => ({
    accountId: production,
    name,
    path: '/',
    id: `AGPA${frame.random('group', name).upper(17)}`,
    arn: `arn:aws:iam::${production}:group/${name}`,
    createdAt: frame.daysAgo(1500, 'group', name),
    inlinePolicies,
    attachedPolicyArns: attached,
    members: users.filter((u) => u.groups.includes(name)).map((u) => u.name),
  });
  const groups = [
    group(
      'platform-engineers',
      [awsArn('ReadOnlyAccess')],
      [inline('infrastructure', iamPolicy(allow(['ec2:*', 'ecs:*', 'rds:*'])))],
    ),
    group('key-administrators', [keyAdmin, requireMfa]),
    group('developers', [awsArn('ReadOnlyAccess')]),
    group('data-engineers', [decryptAll]),
  ];

  const actor = (name: string): Actor => {
    const found = actors.get(name);
    if (!found)
      throw new RangeError(`cannot find principal ${name}: the sample company has nobody of that name`);
    return found;
  };
  return { users, roles, groups, policies, actor, arn: (name) => actor(name).arn! };
}
