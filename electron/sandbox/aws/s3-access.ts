import { AwsError } from '../server/aws-error.ts';
import type { WireRequest } from '../server/message.ts';
import type { Bucket } from '../company/types.ts';
import { allow, type Call } from './call.ts';

/** The IAM action of reading each subresource of a bucket (Service Authorization Reference, Amazon S3). */
const BUCKET_ACTIONS: Record<string, string> = {
  policy: 's3:GetBucketPolicy',
  policyStatus: 's3:GetBucketPolicyStatus',
  versioning: 's3:GetBucketVersioning',
  encryption: 's3:GetEncryptionConfiguration',
  publicAccessBlock: 's3:GetBucketPublicAccessBlock',
  lifecycle: 's3:GetLifecycleConfiguration',
  logging: 's3:GetBucketLogging',
  'object-lock': 's3:GetBucketObjectLockConfiguration',
  location: 's3:GetBucketLocation',
  ownershipControls: 's3:GetBucketOwnershipControls',
  acl: 's3:GetBucketAcl',
  tagging: 's3:GetBucketTagging',
  versions: 's3:ListBucketVersions',
};

export interface S3Target {
  action: string;
  bucket: string | undefined;
  key: string | undefined;
}

/** What a path-style request asks for. Only reading is known; anything else is named after its method. */
export function s3Target(request: WireRequest): S3Target {
  const [, bucket = '', ...rest] = request.path.split('/');
  const key = decoded(rest.join('/'));
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { action: `s3:${request.method === 'DELETE' ? 'Delete' : 'Put'}Object`, bucket, key };
  if (bucket === '') return { action: 's3:ListAllMyBuckets', bucket: undefined, key: undefined };
  if (key !== '') return { action: 's3:GetObject', bucket, key };
  const names = request.query.split('&').map((pair) => decoded(pair.split('=')[0]!));
  const subresource = names.find((name) => Object.hasOwn(BUCKET_ACTIONS, name));
  return {
    action: subresource === undefined ? 's3:ListBucket' : BUCKET_ACTIONS[subresource]!,
    bucket,
    key: undefined,
  };
}

/** What is not well-formed stays as it is, and names nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Decides an S3 request, and the decryption behind it where the bucket encrypts with a KMS key.
 * @throws AwsError AccessDeniedException, NoSuchBucket, UnknownOperationException
 */
export function authorizeS3(call: Call, target: S3Target): void {
  if (!target.action.startsWith('s3:Get') && !target.action.startsWith('s3:List')) {
    throw new AwsError('UnknownOperationException', 'The sample environment is read-only.');
  }
  if (target.bucket === undefined) {
    allow(call, target.action);
    return;
  }
  const bucket = call.company.buckets.find((candidate) => candidate.name === target.bucket);
  if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  const arn = `arn:aws:s3:::${bucket.name}${target.key === undefined ? '' : `/${target.key}`}`;
  const side = { accountId: bucket.accountId, policy: bucket.policy, delegates: 'always' as const };
  // Requests come over loopback; towards the policies they count as TLS, as they are on AWS.
  allow(call, target.action, arn, side, { 'aws:securetransport': 'true' });
  if (target.action !== 's3:GetObject' || bucket.encryption.kmsKeyArn === undefined) return;
  const [, , , region = '', account = '', keyId = ''] = bucket.encryption.kmsKeyArn
    .split(/[:/]/)
    .filter((part) => part !== 'key');
  const key = call.keys.shelf(account, region).byId.get(keyId);
  if (!key)
    throw new AwsError(
      'AccessDeniedException',
      `The key ${bucket.encryption.kmsKeyArn} of bucket ${bucket.name} does not exist.`,
    );
  allow(
    call,
    'kms:Decrypt',
    key.arn,
    { accountId: key.accountId, policy: call.keys.policyOf(key), delegates: 'by-policy' },
    { 'kms:viaservice': `s3.${bucket.region}.amazonaws.com`, ...encryptionContext(call, bucket, arn) },
  );
}

/** CloudTrail adds its trail to S3's own context; behind a Bucket Key there is only the bucket (S3 User Guide, "SSE-KMS"). */
function encryptionContext(call: Call, bucket: Bucket, object: string): Record<string, string> {
  const context = 'kms:encryptioncontext';
  if (bucket.encryption.bucketKey) return { [`${context}:aws:s3:arn`]: `arn:aws:s3:::${bucket.name}` };
  const trail = call.company.trails.find((candidate) => candidate.bucket === bucket.name);
  return {
    [`${context}:aws:s3:arn`]: object,
    ...(trail ? { [`${context}:aws:cloudtrail:arn`]: trail.arn } : {}),
  };
}
