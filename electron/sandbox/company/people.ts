import { AUDITOR_ROLE, AUDITOR_USER } from './auditor-policy.ts';
import { awsPolicyArn } from './aws-policies.ts';
import { addCompanyPolicies } from './company-policies.ts';
import { BOTO, CLI, CONSOLE, createDirectory, OFFICE_IP, TERRAFORM, type RoleOptions } from './directory.ts';
import { allow, iamPolicy, rootOf, trust } from './documents.ts';
import type { Frame } from './frame.ts';
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

export function buildPeople(frame: Frame, needs: PeopleNeeds): People {
  const { production, security } = frame;
  const directory = createDirectory(frame);
  const { users, roles, policies, actors, addUser, addRole } = directory;
  const { decryptAll, keyAdmin, boundary, requireMfa, auditProduction, auditSecurity } = addCompanyPolicies(
    frame,
    directory,
    needs,
  );
  const inline = (name: string, document: PolicyDocument): NamedPolicy => ({ name, document });

  addUser('maria.lopez', {
    createdDays: 1500,
    groups: ['platform-engineers', 'key-administrators'],
    tags: { Team: 'Platform' },
  });
  addUser('jonas.krause', { createdDays: 1100, departed: true });
  addUser('tom.becker', { createdDays: 1480, groups: ['platform-engineers'], tags: { Team: 'Platform' } });
  addUser('priya.nair', {
    createdDays: 610,
    groups: ['developers'],
    tags: { Team: 'Orders' },
    inlinePolicies: [
      inline('debug-decrypt', iamPolicy(allow(['kms:Decrypt'], `arn:aws:kms:us-east-1:${production}:key/*`))),
    ],
  });
  addUser('lena.fischer', { createdDays: 420, groups: ['data-engineers'], tags: { Team: 'Data' } });
  addUser('omar.haddad', {
    createdDays: 300,
    groups: ['developers'],
    boundaryArn: boundary,
    tags: { Team: 'Payments' },
  });
  addUser('break-glass', {
    createdDays: 1400,
    attachedPolicyArns: [awsPolicyArn('AdministratorAccess')],
    tags: { Purpose: 'Emergency administration' },
  });
  addUser('customs-broker-upload', {
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
  addUser(AUDITOR_USER, {
    createdDays: 120,
    human: false,
    attachedPolicyArns: [auditProduction],
    tags: { Purpose: 'SOC 2 evidence collection' },
  });

  const service = (principal: string): PolicyDocument => trust({ Service: principal });
  addRole(production, 'orders-api', {
    trust: service('ecs-tasks.amazonaws.com'),
    session: '5b7d0c2f9e4841e8b7c13a',
    lastUsedDays: 0,
    tags: { Team: 'Orders' },
  });
  addRole(production, 'billing-batch', {
    trust: service('lambda.amazonaws.com'),
    session: 'billing-batch',
    userAgent: BOTO,
    lastUsedDays: 0,
    attachedPolicyArns: [awsPolicyArn('AWSLambdaBasicExecutionRole')],
    tags: { Team: 'Finance' },
  });
  addRole(production, 'warehouse-etl', {
    trust: service('glue.amazonaws.com'),
    session: 'GlueJobRunnerSession',
    userAgent: BOTO,
    lastUsedDays: 0,
    attachedPolicyArns: [decryptAll],
    tags: { Team: 'Data' },
  });
  addRole(production, 'tracking-stream', {
    trust: service('lambda.amazonaws.com'),
    session: 'tracking-stream',
    userAgent: BOTO,
    lastUsedDays: 0,
    boundaryArn: boundary,
    tags: { Team: 'Tracking' },
  });
  addRole(production, 'token-signer', {
    trust: service('ecs-tasks.amazonaws.com'),
    session: 'a90e77d1c0be4dd0a4',
    lastUsedDays: 0,
    tags: { Team: 'Identity' },
  });
  addRole(production, 'payments-tokenizer', {
    trust: service('ecs-tasks.amazonaws.com'),
    session: '13bc5502aa0144f693',
    lastUsedDays: 0,
    tags: { Team: 'Payments' },
  });
  addRole(production, 'release-signing', {
    trust: service('codebuild.amazonaws.com'),
    session: 'AWSCodeBuild-3f0a',
    userAgent: BOTO,
    lastUsedDays: 2,
    tags: { Team: 'Platform' },
  });
  addRole(production, 'infrastructure-deployer', {
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
  addRole(production, 'partner-track-and-trace', {
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
  addRole(production, AUDITOR_ROLE, {
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
    addRole(account, `AWSReservedSSO_${set}_${frame.random('sso-role', set).hex(16)}`, {
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
    attachedPolicyArns: [awsPolicyArn('AdministratorAccess')],
  });
  sso(production, 'KeyAdministrator', 'sso-key-admin', 'tom.becker@meridian-freight.example', {
    attachedPolicyArns: [keyAdmin, requireMfa],
  });
  sso(production, 'Developer', 'sso-developer', 'priya.nair@meridian-freight.example', {
    attachedPolicyArns: [awsPolicyArn('ReadOnlyAccess')],
    boundaryArn: boundary,
  });
  sso(security, 'SecurityAnalyst', 'sso-security', 'ines.carvalho@meridian-freight.example', {
    attachedPolicyArns: [awsPolicyArn('SecurityAudit')],
  });
  sso(security, 'AdministratorAccess', 'sso-security-admin', 'ines.carvalho@meridian-freight.example', {
    attachedPolicyArns: [awsPolicyArn('AdministratorAccess')],
  });
  addRole(security, AUDITOR_ROLE, {
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
  addRole(security, 'siem-forwarder', {
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
  addRole(security, 'OrganizationAccountAccessRole', {
    kind: 'cross-account',
    trust: trust({ AWS: rootOf(production) }),
    session: 'org-access',
    attachedPolicyArns: [awsPolicyArn('AdministratorAccess')],
    createdDays: 1500,
  });
  addRole(production, 'cloudtrail-to-cloudwatch', {
    kind: 'delivery',
    trust: service('cloudtrail.amazonaws.com'),
    session: 'CloudTrail',
    createdDays: 1100,
    inlinePolicies: [inline('write', iamPolicy(allow(['logs:CreateLogStream', 'logs:PutLogEvents'])))],
  });
  const linked = (account: string, name: string, principal: string, handle: string): void =>
    addRole(account, name, {
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
      [awsPolicyArn('ReadOnlyAccess')],
      [inline('infrastructure', iamPolicy(allow(['ec2:*', 'ecs:*', 'rds:*'])))],
    ),
    group('key-administrators', [keyAdmin, requireMfa]),
    group('developers', [awsPolicyArn('ReadOnlyAccess')]),
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
