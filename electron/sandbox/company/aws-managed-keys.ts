import { policyText } from './documents.ts';
import { keyArn, keyIdOf } from './key-birth.ts';
import { lastUseOf } from './last-use.ts';
import { DAY } from './time.ts';
import type { Actor, PolicyDocument, SandboxKey } from './types.ts';
import type { World } from './world.ts';

/** Keys AWS made and manages in the company's accounts. Not in the history: they are older than the records. */
export function addAwsManagedKeys(world: World): void {
  const { production, security } = world.frame;
  const wanted: [string, string, string, string, number][] = [
    ['aws/s3', production, 'us-east-1', 'orders-api', 10],
    ['aws/ebs', production, 'us-east-1', 'autoscaling', 8],
    ['aws/acm', production, 'us-east-1', '', 0],
    ['aws/secretsmanager', production, 'us-east-1', 'billing-batch', 5],
    ['aws/s3', production, 'eu-west-1', 'warehouse-etl', 3],
    ['aws/rds', production, 'eu-west-1', 'rds', 3],
    ['aws/ebs', production, 'eu-central-1', 'autoscaling', 2],
    ['aws/s3', security, 'eu-central-1', 'siem-forwarder', 3],
  ];
  for (const [alias, accountId, region, user, weight] of wanted) {
    world.keys.push(
      managedKey(world, alias, accountId, region, user === '' ? undefined : world.actor(user), weight),
    );
  }
}

function managedKey(
  { frame }: World,
  alias: string,
  accountId: string,
  region: string,
  user: Actor | undefined,
  weight: number,
): SandboxKey {
  const service = alias.slice('aws/'.length);
  const story = `aws-managed-${service}-${accountId}-${region}`;
  const keyId = keyIdOf(frame, story);
  const createdAt = frame.daysAgo(1200, story);
  const random = frame.random('managed', story);
  const rotations = Math.floor((frame.now - createdAt) / (365 * DAY));
  const key: SandboxKey = {
    story,
    keyId,
    arn: keyArn(region, accountId, keyId),
    accountId,
    region,
    description: `Default key that protects my ${service === 'acm' ? 'ACM private keys' : `${service.toUpperCase()} data`} when no other key is defined`,
    manager: 'AWS',
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    state: 'Enabled',
    createdAt,
    createdBy: {
      kind: 'service',
      accountId,
      invokedBy: `${service}.amazonaws.com`,
      sourceIp: `${service}.amazonaws.com`,
      userAgent: `${service}.amazonaws.com`,
    },
    rotation: { enabled: true, periodDays: 365, nextAt: createdAt + (rotations + 1) * 365 * DAY },
    materials: Array.from({ length: rotations + 1 }, (_, i) => ({
      id: random.hex(64),
      state: i === rotations ? ('CURRENT' as const) : ('NON_CURRENT' as const),
      ...(i === 0 ? {} : { rotatedAt: createdAt + i * 365 * DAY, type: 'AUTOMATIC' as const }),
    })),
    get policy() {
      return policyText(managedPolicy(service, accountId, region));
    },
    tags: {},
    grants: [],
    aliases: [`alias/${alias}`],
    uses: user
      ? [
          { operation: 'Decrypt', weight: 6, actor: user, via: `${service}.${region}.amazonaws.com` },
          { operation: 'GenerateDataKey', weight: 2, actor: user, via: `${service}.${region}.amazonaws.com` },
        ]
      : [],
    useWeight: weight,
    usedFrom: createdAt,
    usedTo: frame.now,
  };
  const last = lastUseOf(frame, key);
  if (last) key.lastUse = last;
  return key;
}

/**
 * The policy AWS writes: use through the service only, metadata for the account. The one for ACM lets nobody read the
 * rotation status, not even an administrator.
 */
function managedPolicy(service: string, accountId: string, region: string): PolicyDocument {
  const acm = service === 'acm';
  return {
    Version: '2012-10-17',
    Id: `auto-${service}-2`,
    Statement: [
      {
        Sid: `Allow access through ${service.toUpperCase()} for all principals in the account that are authorized to use ${service.toUpperCase()}`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': accountId,
            'kms:ViaService': `${service}.${region}.amazonaws.com`,
          },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: acm
          ? ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:ListGrants']
          : ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  };
}
