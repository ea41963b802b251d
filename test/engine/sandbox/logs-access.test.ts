import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../../electron/sandbox/company/company.ts';
import { startSandbox, type Sandbox } from '../../../electron/sandbox/index.ts';
import { AS_OF, clients, refusal } from './clients.ts';

const BUCKET = 'meridian-organization-trail';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ asOf: AS_OF });
});
afterAll(() => sandbox.close());
const security = () => clients(sandbox, 'eu-central-1', sandbox.aws.credentials.auditorSecurity);

describe('the log bucket', () => {
  it('is open to the auditor of its own account only', async () => {
    const list = new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 1 });
    const { Contents } = await security().s3.send(list);
    expect(Contents).toHaveLength(1);
    expect(await refusal(clients(sandbox, 'eu-central-1').s3.send(list))).toBe('AccessDenied 403');
    expect(await refusal(security().s3.send(new ListObjectsV2Command({ Bucket: 'meridian-none' })))).toBe(
      'NoSuchBucket 404',
    );
  });
  it('gives objects, and their sizes without them', async () => {
    const { s3 } = security();
    const Key = (await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 1 }))).Contents![0]!.Key!;
    const body = await (
      await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
    ).Body!.transformToByteArray();
    expect([body[0], body[1]]).toEqual([0x1f, 0x8b]);
    expect((await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).ContentLength).toBe(body.length);
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'none' })))).toBe(
      'NoSuchKey 404',
    );
    expect(await refusal(s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'x', Body: 'y' })))).toMatch(
      /^(NotImplemented|MethodNotAllowed|AccessDenied) /,
    );
  });
  it('shows how it is protected', async () => {
    const { s3 } = security();
    expect(JSON.parse((await s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET }))).Policy!)).toMatchObject(
      { Version: '2012-10-17' },
    );
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: BUCKET }))).Status).toBe('Enabled');
    expect(
      (await s3.send(new GetBucketEncryptionCommand({ Bucket: BUCKET }))).ServerSideEncryptionConfiguration!
        .Rules![0]!.ApplyServerSideEncryptionByDefault!.KMSMasterKeyID,
    ).toBe(keyOf(sandbox.company, 'trail-logs').arn);
    expect(
      (await s3.send(new GetPublicAccessBlockCommand({ Bucket: BUCKET }))).PublicAccessBlockConfiguration!
        .BlockPublicPolicy,
    ).toBe(true);
    expect(
      (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }))).Rules,
    ).toHaveLength(1);
    expect(await refusal(s3.send(new GetObjectLockConfigurationCommand({ Bucket: BUCKET })))).toMatch(
      /^ObjectLockConfigurationNotFoundError/,
    );
  });
  it('is closed without the right to decrypt with its key, as an SSE-KMS bucket is', async () => {
    const only = await startSandbox({
      asOf: AS_OF,
      policies: {
        auditorSecurity: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
        },
      },
    });
    try {
      const { s3 } = clients(only, 'eu-central-1', only.aws.credentials.auditorSecurity);
      const Key = (await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 1 }))).Contents![0]!
        .Key!;
      await expect(s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).rejects.toThrow('kms:Decrypt');
    } finally {
      await only.close();
    }
  });
  it.each([
    ['unknown key', { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' }, 'InvalidAccessKeyId 403'],
    ['expired session', undefined, 'ExpiredToken 400'],
  ])('refuses an %s in the words of S3', async (_what, credentials, expected) => {
    const { s3 } = clients(sandbox, 'eu-central-1', credentials ?? sandbox.aws.credentials.expired);
    expect(await refusal(s3.send(new ListObjectsV2Command({ Bucket: BUCKET })))).toBe(expected);
  });
});

describe('LookupEvents', () => {
  it('finds the recorded change by name, and the last use that GetKeyLastUsage names', async () => {
    const { cloudtrail } = clients(sandbox);
    const found = await cloudtrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'DisableKeyRotation' }],
      }),
    );
    expect(found.Events!.map((event) => event.Resources![0]!.ResourceName)).toContain(
      keyOf(sandbox.company, 'rotation-paused').arn,
    );
    const { lastUse } = keyOf(sandbox.company, 'rotation-on');
    const use = await cloudtrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: lastUse!.eventId }],
      }),
    );
    expect(use.Events).toMatchObject([{ EventName: lastUse!.operation, EventTime: new Date(lastUse!.at) }]);
  });
  it('needs its permission, and refuses more than one attribute', async () => {
    const only = await startSandbox({
      asOf: AS_OF,
      policies: {
        auditor: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'cloudtrail:Describe*', Resource: '*' }],
        },
      },
    });
    try {
      expect(await refusal(clients(only).cloudtrail.send(new LookupEventsCommand({})))).toBe(
        'AccessDeniedException 400',
      );
    } finally {
      await only.close();
    }
    const two = [
      { AttributeKey: 'EventName' as const, AttributeValue: 'a' },
      { AttributeKey: 'Username' as const, AttributeValue: 'b' },
    ];
    expect(
      await refusal(clients(sandbox).cloudtrail.send(new LookupEventsCommand({ LookupAttributes: two }))),
    ).toBe('InvalidLookupAttributesException 400');
  });
});
