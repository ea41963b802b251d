import type { Operation } from '../../collect/operation.ts';
import { askedOperations } from './operations/index.ts';

/** What the policy is made for. */
export interface AwsPolicyOptions {
  /** `aws`, `aws-us-gov` or `aws-cn`. */
  partition?: string;
  /** Account of the trail; needed with a decryption key. */
  account?: string;
  /** Buckets that trails deliver to; without, the statements for buckets name a placeholder to fill in. */
  logBuckets?: readonly string[];
  /** Leave log files out altogether. */
  readLogFiles?: boolean;
  /** ARN of the key that encrypts log files. Only with it may anything be decrypted, and only log files through S3. */
  logKeyArn?: string;
  /** Role the collector takes with credentials of its own. */
  assumeRoleArn?: string;
}

export interface AwsPolicyStatement {
  Sid: string;
  Effect: 'Allow' | 'Deny';
  Action: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string>>;
}

export interface AwsPolicy {
  Version: '2012-10-17';
  Statement: AwsPolicyStatement[];
}

const BUCKET_PLACEHOLDER = 'TRAIL-BUCKET';

/** What the collector must never be able to do, whatever else its principal is allowed. */
const NO_CRYPTO = [
  'kms:Encrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:GenerateMac',
  'kms:GenerateRandom',
  'kms:Sign',
  'kms:DeriveSharedSecret',
  'kms:Create*',
  'kms:Put*',
  'kms:Update*',
  'kms:Enable*',
  'kms:Disable*',
  'kms:Schedule*',
  'kms:Cancel*',
  'kms:Delete*',
  'kms:Import*',
  'kms:Replicate*',
  'kms:Retire*',
  'kms:Revoke*',
  'kms:Rotate*',
  'kms:Tag*',
  'kms:Untag*',
  'kms:Connect*',
  'kms:Disconnect*',
];

/** The least-privilege policy for a collection, made from the declared operations. */
export function awsPolicy(options: AwsPolicyOptions = {}): AwsPolicy {
  const partition = options.partition ?? 'aws';
  const buckets = options.logBuckets?.length ? options.logBuckets : [BUCKET_PLACEHOLDER];
  const arns = buckets.map((bucket) => `arn:${partition}:s3:::${bucket}`);
  const statements = [
    ...statementPerService(),
    allow('LogBuckets', permissionsOf('log-bucket'), arns),
    ...(options.readLogFiles === false
      ? []
      : [
          allow(
            'LogObjects',
            permissionsOf('log-objects'),
            arns.map((arn) => `${arn}/*AWSLogs/*`),
          ),
        ]),
    ...(options.logKeyArn ? [decryptLogFiles(options.logKeyArn, partition, options.account)] : []),
    ...(options.assumeRoleArn ? [allow('TakeRole', ['sts:AssumeRole'], options.assumeRoleArn)] : []),
    {
      Sid: 'NoCrypto',
      Effect: 'Deny' as const,
      Action: options.logKeyArn ? NO_CRYPTO : [...NO_CRYPTO, 'kms:Decrypt'],
      Resource: '*',
    },
  ];
  return { Version: '2012-10-17', Statement: statements };
}

/** Reading calls whose services know no narrower resource, or whose resources are not known before. */
function statementPerService(): AwsPolicyStatement[] {
  const operations = askedOperations.filter((op) => op.resource === 'any' && op.id !== 'aws.sts.AssumeRole');
  const byService = Map.groupBy(operations, (op) => op.permissions[0]?.split(':')[0]);
  return [...byService].flatMap(([service, members]) =>
    service === undefined
      ? []
      : [
          allow(
            `Read${capital(service)}`,
            members.flatMap((op) => op.permissions),
            '*',
          ),
        ],
  );
}

function permissionsOf(resource: Operation['resource']): string[] {
  return askedOperations.filter((op) => op.resource === resource).flatMap((op) => op.permissions);
}

function decryptLogFiles(keyArn: string, partition: string, account: string | undefined): AwsPolicyStatement {
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    ...allow('DecryptLogFilesOnly', ['kms:Decrypt'], keyArn),
    Condition: {
      StringLike: { 'kms:ViaService': `s3.*.${suffix}` },
      // CloudTrail names its trail in the encryption context; behind an S3 Bucket Key there is only the bucket.
      StringLikeIfExists: {
        'kms:EncryptionContext:aws:cloudtrail:arn': `arn:${partition}:cloudtrail:*:${account ?? '*'}:trail/*`,
      },
    },
  };
}

function allow(Sid: string, actions: readonly string[], Resource: string | string[]): AwsPolicyStatement {
  return { Sid, Effect: 'Allow', Action: [...new Set(actions)].sort(), Resource };
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
