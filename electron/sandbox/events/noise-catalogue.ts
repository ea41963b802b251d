import type { Random } from '../company/random.ts';
import type { EventResource } from './deed.ts';

/** Where one kind of event happens, for filling in its parameters. */
export interface NoisePlace {
  accountId: string;
  region: string;
  random: Random;
  /** A data bucket of the account. */
  bucket: string;
  /** A role of the account, by name. */
  roleName: string;
}

/** One kind of event that has nothing to do with keys: most of any trail. */
export interface NoiseKind {
  by: 'workload' | 'person' | 'deployer' | `${string}.amazonaws.com`;
  source: string;
  name: string;
  weight: number;
  readOnly: boolean;
  /** Logged in us-east-1 only (IAM, Organizations, billing). */
  global?: true;
  parameters(place: NoisePlace): unknown;
  response?(place: NoisePlace): unknown;
  additional?(place: NoisePlace): unknown;
  resources?(place: NoisePlace): EventResource[];
  error?: { code: string; message: string };
}

const read = true;
const write = false;
const instance = ({ random }: NoisePlace): string => `i-0${random.hex(16)}`;
const bucketResource = ({ accountId, bucket }: NoisePlace): EventResource[] => [
  { accountId, type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` },
];
const roleArn = ({ accountId, roleName }: NoisePlace): string => `arn:aws:iam::${accountId}:role/${roleName}`;

const s3 = (
  by: NoiseKind['by'],
  name: string,
  parameter: string,
  weight: number,
  error?: NoiseKind['error'],
): NoiseKind => ({
  by,
  source: 's3',
  name,
  weight,
  readOnly: read,
  parameters: ({ bucket, region }) => ({
    bucketName: bucket,
    Host: `${bucket}.s3.${region}.amazonaws.com`,
    [parameter]: '',
  }),
  additional: ({ random }) => ({
    SignatureVersion: 'SigV4',
    CipherSuite: 'TLS_AES_128_GCM_SHA256',
    bytesTransferredIn: 0,
    AuthenticationMethod: 'AuthHeader',
    'x-amz-id-2': `${random.upper(43)}=`,
    bytesTransferredOut: 120 + random.int(900),
  }),
  resources: bucketResource,
  ...(error ? { error } : {}),
});

const ec2 = (
  by: NoiseKind['by'],
  name: string,
  weight: number,
  parameters: NoiseKind['parameters'],
): NoiseKind => ({ by, source: 'ec2', name, weight, readOnly: read, parameters });

const iam = (name: string, weight: number, parameters: NoiseKind['parameters']): NoiseKind => ({
  by: 'deployer',
  source: 'iam',
  name,
  weight,
  readOnly: read,
  global: true,
  parameters,
});

const assumeRole = (service: string, weight: number): NoiseKind => ({
  by: `${service}.amazonaws.com`,
  source: 'sts',
  name: 'AssumeRole',
  weight,
  readOnly: read,
  parameters: (place) => ({
    roleArn: roleArn(place),
    roleSessionName: place.roleName,
    durationSeconds: 3600,
  }),
  // Real entries carry the session token too: it is what a collector must not spread.
  response: (place) => {
    const accessKeyId = `ASIA${place.random.upper(16)}`;
    return {
      credentials: { accessKeyId, sessionToken: `IQoJb3JpZ2luX2Vj${place.random.hex(80)}` },
      assumedRoleUser: {
        assumedRoleId: `AROA${place.random.upper(17)}:${place.roleName}`,
        arn: `arn:aws:sts::${place.accountId}:assumed-role/${place.roleName}/${place.roleName}`,
      },
    };
  },
  resources: (place) => [{ accountId: place.accountId, type: 'AWS::IAM::Role', arn: roleArn(place) }],
});

/**
 * No name in this list is also the name of a recorded change: looking up rare changes by name must not meet routine
 * traffic (`changes.ts` adds the namesakes of other services that real trails have).
 */
export const NOISE: NoiseKind[] = [
  s3('cloudtrail.amazonaws.com', 'GetBucketAcl', 'acl', 9),
  s3('workload', 'GetBucketLocation', 'location', 8),
  s3('deployer', 'GetBucketEncryption', 'encryption', 4),
  s3('deployer', 'GetBucketVersioning', 'versioning', 4),
  s3('deployer', 'GetBucketLifecycle', 'lifecycle', 2, {
    code: 'NoSuchLifecycleConfiguration',
    message: 'The lifecycle configuration does not exist',
  }),
  s3('deployer', 'GetBucketPublicAccessBlock', 'publicAccessBlock', 3),
  s3('person', 'GetBucketPolicyStatus', 'policyStatus', 2),
  ec2('deployer', 'DescribeInstances', 9, (place) => ({
    instancesSet: { items: [{ instanceId: instance(place) }] },
    filterSet: {},
  })),
  ec2('autoscaling.amazonaws.com', 'DescribeInstanceStatus', 8, (place) => ({
    instancesSet: { items: [{ instanceId: instance(place) }] },
    filterSet: {},
    includeAllInstances: false,
  })),
  ec2('deployer', 'DescribeRouteTables', 5, ({ random }) => ({
    routeTableIdSet: { items: [{ routeTableId: `rtb-0${random.hex(16)}` }] },
    filterSet: {},
  })),
  ec2('deployer', 'DescribeSecurityGroups', 5, ({ random }) => ({
    securityGroupSet: {},
    securityGroupIdSet: { items: [{ groupId: `sg-0${random.hex(16)}` }] },
    filterSet: {},
  })),
  ec2('deployer', 'DescribeSubnets', 4, () => ({ subnetSet: {}, filterSet: {} })),
  ec2('deployer', 'DescribeVpcs', 4, () => ({ vpcSet: {}, filterSet: {} })),
  ec2('autoscaling.amazonaws.com', 'DescribeVolumes', 4, ({ random }) => ({
    volumeSet: { items: [{ volumeId: `vol-0${random.hex(16)}` }] },
    filterSet: {},
  })),
  {
    by: 'autoscaling.amazonaws.com',
    source: 'ec2',
    name: 'RunInstances',
    weight: 1,
    readOnly: write,
    parameters: ({ random }) => ({
      instancesSet: { items: [{ imageId: `ami-0${random.hex(16)}`, minCount: 1, maxCount: 1 }] },
      instanceType: 'm7g.large',
      ebsOptimized: true,
    }),
    response: (place) => ({
      requestId: place.random.uuid(),
      instancesSet: { items: [{ instanceId: instance(place), instanceType: 'm7g.large' }] },
    }),
  },
  iam('GetRole', 6, ({ roleName }) => ({ roleName })),
  iam('ListAttachedRolePolicies', 5, ({ roleName }) => ({ roleName })),
  iam('ListRolePolicies', 4, ({ roleName }) => ({ roleName })),
  iam('GetPolicy', 3, ({ accountId }) => ({
    policyArn: `arn:aws:iam::${accountId}:policy/key-administration`,
  })),
  iam('GetUser', 2, () => null),
  {
    by: 'person',
    source: 'iam',
    name: 'ListAccessKeys',
    weight: 1,
    readOnly: read,
    global: true,
    parameters: () => null,
  },
  assumeRole('ecs-tasks', 9),
  assumeRole('lambda', 12),
  assumeRole('glue', 4),
  {
    by: 'workload',
    source: 'sts',
    name: 'GetCallerIdentity',
    weight: 6,
    readOnly: read,
    parameters: () => null,
  },
  {
    by: 'person',
    source: 'sts',
    name: 'AssumeRole',
    weight: 1,
    readOnly: read,
    parameters: () => null,
    error: {
      code: 'AccessDenied',
      message: 'User is not authorized to perform: sts:AssumeRole on the requested resource',
    },
  },
  {
    by: 'workload',
    source: 'ssm',
    name: 'GetParameter',
    weight: 8,
    readOnly: read,
    parameters: ({ random }) => ({ name: `/service/${random.hex(6)}/endpoint`, withDecryption: false }),
  },
  {
    by: 'workload',
    source: 'ssm',
    name: 'UpdateInstanceInformation',
    weight: 8,
    readOnly: write,
    parameters: (place) => ({
      instanceId: instance(place),
      agentVersion: '3.3.2299.0',
      agentStatus: 'Active',
      platformType: 'Linux',
      platformName: 'Amazon Linux',
      platformVersion: '2023',
      iPAddress: `10.20.${place.random.int(30)}.${place.random.int(250)}`,
      agentName: 'amazon-ssm-agent',
    }),
  },
  {
    by: 'deployer',
    source: 'ssm',
    name: 'DescribeParameters',
    weight: 2,
    readOnly: read,
    parameters: () => ({ maxResults: 50 }),
    error: { code: 'ThrottlingException', message: 'Rate exceeded' },
  },
  {
    by: 'workload',
    source: 'secretsmanager',
    name: 'GetSecretValue',
    weight: 7,
    readOnly: read,
    parameters: ({ random }) => ({ secretId: `service/${random.hex(6)}/database` }),
  },
  {
    by: 'deployer',
    source: 'lambda',
    name: 'GetFunction20150331v2',
    weight: 3,
    readOnly: read,
    parameters: ({ random }) => ({ functionName: `job-${random.hex(4)}` }),
  },
  {
    by: 'deployer',
    source: 'rds',
    name: 'DescribeDBInstances',
    weight: 4,
    readOnly: read,
    parameters: ({ random }) => ({ dBInstanceIdentifier: `orders-${random.hex(4)}` }),
  },
  {
    by: 'deployer',
    source: 'dynamodb',
    name: 'DescribeTable',
    weight: 4,
    readOnly: read,
    parameters: ({ random }) => ({ tableName: `table-${random.hex(6)}` }),
  },
  {
    by: 'workload',
    source: 'logs',
    name: 'CreateLogStream',
    weight: 6,
    readOnly: write,
    parameters: ({ random }) => ({
      logGroupName: '/aws/lambda/tracking-stream',
      logStreamName: `2026/[$LATEST]${random.hex(32)}`,
    }),
  },
  {
    by: 'person',
    source: 'health',
    name: 'DescribeEventAggregates',
    weight: 3,
    readOnly: read,
    parameters: () => ({
      aggregateField: 'eventTypeCategory',
      filter: { eventStatusCodes: ['open', 'upcoming'] },
    }),
  },
  {
    by: 'person',
    source: 'cloudtrail',
    name: 'DescribeTrails',
    weight: 1,
    readOnly: read,
    parameters: () => ({ trailNameList: [], includeShadowTrails: true }),
  },
  {
    by: 'person',
    source: 'cloudtrail',
    name: 'LookupEvents',
    weight: 1,
    readOnly: read,
    parameters: () => ({
      maxResults: 50,
      lookupAttributes: [{ attributeKey: 'ReadOnly', attributeValue: 'false' }],
    }),
  },
  {
    by: 'person',
    source: 'kms',
    name: 'DescribeKey',
    weight: 2,
    readOnly: read,
    parameters: () => ({ keyId: 'alias/aws/ebs' }),
  },
  {
    by: 'person',
    source: 'kms',
    name: 'ListAliases',
    weight: 2,
    readOnly: read,
    parameters: () => ({ limit: 100 }),
  },
  { by: 'deployer', source: 'kms', name: 'ListKeys', weight: 2, readOnly: read, parameters: () => null },
];
