import { trailKeyArn } from './catalogue-lifecycle.ts';
import type { Frame } from './frame.ts';
import type { Bucket, PolicyDocument } from './types.ts';

export const ORGANIZATION_BUCKET = 'meridian-organization-trail';
export const LOCAL_BUCKET = 'meridian-ops-trail';
/** Home Region of the organisation trail and of its bucket. */
export const TRAIL_HOME = 'eu-central-1';

const trailBucketPolicy = (bucket: string, prefix: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'AWSCloudTrailAclCheck',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:GetBucketAcl',
      Resource: `arn:aws:s3:::${bucket}`,
    },
    {
      Sid: 'AWSCloudTrailWrite',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${bucket}/${prefix}AWSLogs/*`,
      Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});

/** The two log buckets: one protected well, one not. Neither has an object lock. */
export function buildBuckets(frame: Frame): Bucket[] {
  const closed = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  return [
    {
      name: ORGANIZATION_BUCKET,
      accountId: frame.security,
      region: TRAIL_HOME,
      createdAt: frame.daysAgo(1045, ORGANIZATION_BUCKET),
      versioning: 'Enabled',
      mfaDelete: false,
      encryption: { algorithm: 'aws:kms', kmsKeyArn: trailKeyArn(frame), bucketKey: true },
      policy: trailBucketPolicy(ORGANIZATION_BUCKET, ''),
      publicAccessBlock: closed,
      lifecycle: [
        {
          id: 'archive-then-expire',
          enabled: true,
          prefix: '',
          transitions: [{ days: 90, storageClass: 'GLACIER_IR' }],
          expirationDays: 2555,
          noncurrentExpirationDays: 30,
        },
      ],
      logging: { targetBucket: 'meridian-access-logs', targetPrefix: 'organization-trail/' },
      tags: { Owner: 'Ines Carvalho', DataClass: 'Restricted' },
    },
    {
      name: LOCAL_BUCKET,
      accountId: frame.production,
      region: 'us-east-1',
      createdAt: frame.daysAgo(905, LOCAL_BUCKET),
      versioning: 'Never',
      mfaDelete: false,
      encryption: { algorithm: 'AES256', bucketKey: false },
      policy: trailBucketPolicy(LOCAL_BUCKET, '*/'),
      publicAccessBlock: { ...closed, RestrictPublicBuckets: false },
      lifecycle: [{ id: 'expire', enabled: true, prefix: '', transitions: [], expirationDays: 180 }],
      tags: {},
    },
  ];
}
