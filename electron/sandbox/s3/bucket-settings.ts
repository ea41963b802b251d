import type { Bucket, Company } from '../company/types.ts';
import type { WireResponse } from '../server/message.ts';
import { element, errorAnswer, xmlAnswer } from './answer.ts';

type Setting = (bucket: Bucket, company: Company) => WireResponse;

const notFound = (code: string, message: string, bucket: Bucket): WireResponse =>
  errorAnswer(404, code, message, { BucketName: bucket.name });

/** The subresources of a bucket that can be read, by the query parameter that asks for them (S3 API reference). */
export const BUCKET_SETTINGS: Readonly<Record<string, Setting>> = {
  location: (bucket) => xmlAnswer('LocationConstraint', bucket.region === 'us-east-1' ? '' : bucket.region),

  policy: (bucket) =>
    bucket.policy === undefined
      ? notFound('NoSuchBucketPolicy', 'The bucket policy does not exist', bucket)
      : { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(bucket.policy) },

  policyStatus: (bucket) =>
    bucket.policy === undefined
      ? notFound('NoSuchBucketPolicy', 'The bucket policy does not exist', bucket)
      : xmlAnswer('PolicyStatus', element('IsPublic', isPublic(bucket))),

  versioning: (bucket) =>
    xmlAnswer(
      'VersioningConfiguration',
      bucket.versioning === 'Never'
        ? ''
        : element('Status', bucket.versioning) +
            element('MfaDelete', bucket.mfaDelete ? 'Enabled' : 'Disabled'),
    ),

  'object-lock': (bucket) =>
    bucket.objectLock === undefined
      ? notFound(
          'ObjectLockConfigurationNotFoundError',
          'Object Lock configuration does not exist for this bucket',
          bucket,
        )
      : xmlAnswer(
          'ObjectLockConfiguration',
          `${element('ObjectLockEnabled', 'Enabled')}<Rule><DefaultRetention>${element('Mode', bucket.objectLock.mode)}${element('Days', bucket.objectLock.days)}</DefaultRetention></Rule>`,
        ),

  encryption: ({ encryption }) =>
    xmlAnswer(
      'ServerSideEncryptionConfiguration',
      `<Rule><ApplyServerSideEncryptionByDefault>${element('SSEAlgorithm', encryption.algorithm)}${
        encryption.kmsKeyArn === undefined ? '' : element('KMSMasterKeyID', encryption.kmsKeyArn)
      }</ApplyServerSideEncryptionByDefault>${element('BucketKeyEnabled', encryption.bucketKey)}</Rule>`,
    ),

  publicAccessBlock: (bucket) =>
    bucket.publicAccessBlock === undefined
      ? notFound(
          'NoSuchPublicAccessBlockConfiguration',
          'The public access block configuration was not found',
          bucket,
        )
      : xmlAnswer(
          'PublicAccessBlockConfiguration',
          Object.entries(bucket.publicAccessBlock)
            .map(([name, value]) => element(name, value))
            .join(''),
        ),

  logging: ({ logging }) =>
    xmlAnswer(
      'BucketLoggingStatus',
      logging
        ? `<LoggingEnabled>${element('TargetBucket', logging.targetBucket)}${element('TargetPrefix', logging.targetPrefix)}</LoggingEnabled>`
        : '',
    ),

  lifecycle: (bucket) =>
    bucket.lifecycle.length === 0
      ? notFound('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', bucket)
      : xmlAnswer('LifecycleConfiguration', bucket.lifecycle.map(lifecycleRule).join('')),

  ownershipControls: () =>
    xmlAnswer('OwnershipControls', '<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>'),

  acl: (bucket) =>
    xmlAnswer(
      'AccessControlPolicy',
      `${owner(bucket)}<AccessControlList><Grant>${grantee(bucket)}<Permission>FULL_CONTROL</Permission></Grant></AccessControlList>`,
    ),

  tagging: (bucket) =>
    Object.keys(bucket.tags).length === 0
      ? notFound('NoSuchTagSet', 'The TagSet does not exist', bucket)
      : xmlAnswer(
          'Tagging',
          `<TagSet>${Object.entries(bucket.tags)
            .map(([key, value]) => `<Tag>${element('Key', key)}${element('Value', value)}</Tag>`)
            .join('')}</TagSet>`,
        ),

  replication: (bucket) =>
    notFound('ReplicationConfigurationNotFoundError', 'The replication configuration was not found', bucket),
};

function lifecycleRule(rule: Bucket['lifecycle'][number]): string {
  const transitions = rule.transitions
    .map(
      ({ days, storageClass }) =>
        `<Transition>${element('Days', days)}${element('StorageClass', storageClass)}</Transition>`,
    )
    .join('');
  const expiration =
    rule.expirationDays === undefined
      ? ''
      : `<Expiration>${element('Days', rule.expirationDays)}</Expiration>`;
  const noncurrent =
    rule.noncurrentExpirationDays === undefined
      ? ''
      : `<NoncurrentVersionExpiration>${element('NoncurrentDays', rule.noncurrentExpirationDays)}</NoncurrentVersionExpiration>`;
  return `<Rule>${element('ID', rule.id)}<Filter>${element('Prefix', rule.prefix)}</Filter>${element('Status', rule.enabled ? 'Enabled' : 'Disabled')}${transitions}${expiration}${noncurrent}</Rule>`;
}

/** Canonical user ids are 64 hexadecimal digits; this one is the account id, padded. */
export const canonicalId = (accountId: string): string => accountId.padStart(64, '0');

const owner = (bucket: Bucket): string => `<Owner>${element('ID', canonicalId(bucket.accountId))}</Owner>`;

const grantee = (bucket: Bucket): string =>
  `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${element('ID', canonicalId(bucket.accountId))}</Grantee>`;

/** Public: a statement allows everybody without a condition. */
const isPublic = (bucket: Bucket): boolean =>
  bucket.policy?.Statement.some(
    ({ Effect, Principal, Condition }) =>
      Effect === 'Allow' &&
      Condition === undefined &&
      (Principal === '*' || (Principal !== undefined && Object.values(Principal).flat().includes('*'))),
  ) ?? false;
