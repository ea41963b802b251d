import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCompany } from '../../../electron/sandbox/company/company.ts';
import { logBuckets } from '../../../electron/sandbox/events/log-bucket.ts';
import { setLogOptions } from '../../../electron/sandbox/events/options.ts';
import { handleS3, toPathStyle } from '../../../electron/sandbox/s3/handle.ts';

const ORGANIZATION = 'meridian-organization-trail';
const OPERATIONS = 'meridian-ops-trail';
const company = buildCompany({ asOf: '2026-11-24T00:00:00Z' });
setLogOptions(company, { events: 4000 });
const stored = logBuckets(company).objects(ORGANIZATION);

/** The S3 part alone, without the sandbox's sign-in: what is tested here is what S3 answers, not who may ask. */
let server: Server;
let s3: S3Client;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      const url = request.url ?? '/';
      const mark = url.indexOf('?');
      const answer = handleS3(company, {
        method: request.method ?? 'GET',
        path: mark < 0 ? url : url.slice(0, mark),
        query: mark < 0 ? '' : url.slice(mark + 1),
        headers: request.headers,
        body: Buffer.alloc(0),
      });
      const body = Buffer.from(answer.body as string | Buffer);
      response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  s3 = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
  });
});
afterAll(() => {
  s3.destroy();
  server.close();
});

async function listAll(
  input: Partial<ListObjectsV2Command['input']>,
): Promise<{ keys: string[]; prefixes: string[]; pages: number }> {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let pages = 0;
  let token: string | undefined;
  do {
    const answer = await s3.send(
      new ListObjectsV2Command({ Bucket: ORGANIZATION, ...input, ContinuationToken: token }),
    );
    for (const { Key } of answer.Contents ?? []) keys.push(Key!);
    for (const { Prefix } of answer.CommonPrefixes ?? []) prefixes.push(Prefix!);
    expect(answer.KeyCount).toBe((answer.Contents?.length ?? 0) + (answer.CommonPrefixes?.length ?? 0));
    expect(answer.IsTruncated).toBe(answer.NextContinuationToken !== undefined);
    token = answer.NextContinuationToken;
    pages++;
  } while (token !== undefined);
  return { keys, prefixes, pages };
}

/** Name and status of the refusal. */
const refused = async (answer: Promise<unknown>): Promise<string> => {
  const error: unknown = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof S3ServiceException
    ? `${error.name} ${error.$metadata.httpStatusCode}`
    : String(error);
};

describe('listing', () => {
  test('pages of 1000 give every key once, in order', async () => {
    const { keys, pages } = await listAll({});
    expect(keys).toEqual(stored.map(({ key }) => key));
    expect(keys).toEqual(keys.toSorted());
    expect(pages).toBe(Math.ceil(keys.length / 1000));
  });

  test('small pages give the same', async () => {
    const Prefix = `AWSLogs/${company.organizationId}/111122223333/CloudTrail-Digest/`;
    const whole = await listAll({ Prefix });
    expect(whole.keys).toHaveLength(270);
    expect(await listAll({ Prefix, MaxKeys: 7 })).toEqual({ ...whole, pages: 39 });
  });

  test('a delimiter rolls keys up, also across pages', async () => {
    const Prefix = `AWSLogs/${company.organizationId}/111122223333/`;
    expect((await listAll({ Prefix, Delimiter: '/' })).prefixes).toEqual([
      `${Prefix}CloudTrail-Digest/`,
      `${Prefix}CloudTrail/`,
    ]);
    const months = { Prefix: `${Prefix}CloudTrail/us-east-1/2026/`, Delimiter: '/' };
    const wanted = ['08', '09', '10', '11'].map((month) => `${months.Prefix}${month}/`);
    expect((await listAll(months)).prefixes).toEqual(wanted);
    expect(await listAll({ ...months, MaxKeys: 1 })).toEqual({ keys: [], prefixes: wanted, pages: 4 });
  });

  test('starting after a key leaves it and all before it out', async () => {
    const { key } = stored[500]!;
    expect((await listAll({ StartAfter: key })).keys).toEqual(stored.slice(501).map((object) => object.key));
    expect((await listAll({ StartAfter: `${key.slice(0, -1)}` })).keys[0]).toBe(key);
  });

  test('starting after a key applies with a delimiter as well', async () => {
    const Prefix = `AWSLogs/${company.organizationId}/111122223333/CloudTrail/us-east-1/2026/`;
    const inside = stored.find(({ key }) => key.startsWith(`${Prefix}09/`))!.key;
    expect((await listAll({ Prefix, Delimiter: '/', StartAfter: inside })).prefixes).toEqual(
      ['09', '10', '11'].map((month) => `${Prefix}${month}/`),
    );
  });

  test('sizes, ETags and times are those of the objects', async () => {
    const answer = await s3.send(new ListObjectsV2Command({ Bucket: ORGANIZATION, MaxKeys: 3 }));
    for (const entry of answer.Contents ?? []) {
      const object = await s3.send(new GetObjectCommand({ Bucket: ORGANIZATION, Key: entry.Key }));
      const bytes = await object.Body!.transformToByteArray();
      expect([entry.Size, entry.ETag, entry.LastModified]).toEqual([
        bytes.length,
        object.ETag,
        object.LastModified,
      ]);
    }
  });

  test('a prefix without keys gives none; an invented token is refused', async () => {
    expect(await listAll({ Prefix: 'nothing/' })).toEqual({ keys: [], prefixes: [], pages: 1 });
    expect(
      await refused(s3.send(new ListObjectsV2Command({ Bucket: ORGANIZATION, ContinuationToken: 'xyz' }))),
    ).toBe('InvalidArgument 400');
  });
});

describe('objects', () => {
  const log = stored.find(({ kind, region }) => kind === 'log' && region === 'us-east-1')!;
  const digest = stored.find(({ kind }) => kind === 'digest')!;

  test('a log file comes as its gzip bytes, with the checksum that the SDK verifies', async () => {
    const answer = await s3.send(
      new GetObjectCommand({ Bucket: ORGANIZATION, Key: log.key, ChecksumMode: 'ENABLED' }),
    );
    const bytes = Buffer.from(await answer.Body!.transformToByteArray());
    expect(JSON.parse(gunzipSync(bytes).toString('utf8'))).toHaveProperty('Records');
    expect(answer.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    expect(Buffer.from(answer.ChecksumCRC32!, 'base64').readUInt32BE()).toBe(crc32(bytes));
    expect(answer.ContentEncoding).toBe('gzip');
    expect(answer.ServerSideEncryption).toBe('aws:kms');
    expect(answer.SSEKMSKeyId).toBe(company.trails[0]!.kmsKeyArn);
  });

  test('a digest carries its signature as metadata, with GET and HEAD alike', async () => {
    for (const answer of [
      await s3.send(new GetObjectCommand({ Bucket: ORGANIZATION, Key: digest.key })),
      await s3.send(new HeadObjectCommand({ Bucket: ORGANIZATION, Key: digest.key })),
    ]) {
      expect(answer.Metadata).toEqual({
        signature: expect.stringMatching(/^[0-9a-f]{512}$/) as string,
        'signature-algorithm': 'SHA256withRSA',
      });
      expect(answer.ContentLength).toBe(digest.bytes().length);
      expect(answer.ServerSideEncryption).toBe('AES256');
    }
  });

  test.each([
    ['bytes=0-9', 0, 10],
    ['bytes=100-', 100, undefined],
    ['bytes=-20', -20, undefined],
  ])('the range %s gives that part', async (Range, from, to) => {
    const answer = await s3.send(new GetObjectCommand({ Bucket: ORGANIZATION, Key: log.key, Range }));
    expect(answer.$metadata.httpStatusCode).toBe(206);
    expect(Buffer.from(await answer.Body!.transformToByteArray())).toEqual(log.bytes().subarray(from, to));
    expect(answer.ContentRange).toMatch(new RegExp(`/${log.bytes().length}$`));
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a missing key',
      () => s3.send(new GetObjectCommand({ Bucket: ORGANIZATION, Key: 'AWSLogs/none' })),
      'NoSuchKey 404',
    ],
    [
      'a missing bucket',
      () => s3.send(new GetObjectCommand({ Bucket: 'nobody', Key: 'x' })),
      'NoSuchBucket 404',
    ],
    [
      'a missing key by HEAD',
      () => s3.send(new HeadObjectCommand({ Bucket: ORGANIZATION, Key: 'AWSLogs/none' })),
      'NotFound 404',
    ],
    [
      'a range behind the end',
      () => s3.send(new GetObjectCommand({ Bucket: ORGANIZATION, Key: log.key, Range: 'bytes=99999999-' })),
      'InvalidRange 416',
    ],
    [
      'another ETag than wanted',
      () => s3.send(new GetObjectCommand({ Bucket: ORGANIZATION, Key: log.key, IfMatch: '"0"' })),
      'PreconditionFailed 412',
    ],
    [
      'writing',
      () => s3.send(new PutObjectCommand({ Bucket: ORGANIZATION, Key: 'x', Body: 'x' })),
      'MethodNotAllowed 405',
    ],
  ])('%s is refused as S3 does', async (_, send, expected) => {
    expect(await refused(send())).toBe(expected);
  });

  test('a bucket in the host name is the same as in the path', () => {
    const request = {
      method: 'GET',
      path: `/${log.key}`,
      query: '',
      headers: { host: `${ORGANIZATION}.s3.eu-central-1.amazonaws.com` },
      body: Buffer.alloc(0),
    };
    expect(toPathStyle(company, request).path).toBe(`/${ORGANIZATION}/${log.key}`);
    expect(handleS3(company, request).body).toEqual(log.bytes());
  });
});

describe('settings of a bucket', () => {
  const organization = company.buckets.find(({ name }) => name === ORGANIZATION)!;
  const of = { Bucket: ORGANIZATION };

  test('are those of the company', async () => {
    expect(JSON.parse((await s3.send(new GetBucketPolicyCommand(of))).Policy!)).toEqual(organization.policy);
    expect(await s3.send(new GetBucketVersioningCommand(of))).toMatchObject({
      Status: 'Enabled',
      MFADelete: 'Disabled',
    });
    expect((await s3.send(new GetPublicAccessBlockCommand(of))).PublicAccessBlockConfiguration).toEqual(
      organization.publicAccessBlock,
    );
    expect(
      (await s3.send(new GetBucketEncryptionCommand(of))).ServerSideEncryptionConfiguration?.Rules,
    ).toEqual([
      {
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: 'aws:kms',
          KMSMasterKeyID: organization.encryption.kmsKeyArn,
        },
        BucketKeyEnabled: true,
      },
    ]);
    expect((await s3.send(new GetBucketLoggingCommand(of))).LoggingEnabled).toEqual({
      TargetBucket: 'meridian-access-logs',
      TargetPrefix: 'organization-trail/',
    });
    expect((await s3.send(new GetBucketOwnershipControlsCommand(of))).OwnershipControls?.Rules).toEqual([
      { ObjectOwnership: 'BucketOwnerEnforced' },
    ]);
    expect((await s3.send(new GetBucketAclCommand(of))).Grants?.[0]?.Permission).toBe('FULL_CONTROL');
    const [rule] = (await s3.send(new GetBucketLifecycleConfigurationCommand(of))).Rules!;
    expect(rule).toMatchObject({
      ID: 'archive-then-expire',
      Status: 'Enabled',
      Expiration: { Days: 2555 },
      Transitions: [{ Days: 90, StorageClass: 'GLACIER_IR' }],
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    });
  });

  test('that were never set are missing, or empty, as S3 has it', async () => {
    const other = { Bucket: OPERATIONS };
    expect(await refused(s3.send(new GetObjectLockConfigurationCommand(other)))).toBe(
      'ObjectLockConfigurationNotFoundError 404',
    );
    expect((await s3.send(new GetBucketLoggingCommand(other))).LoggingEnabled).toBeUndefined();
    expect((await s3.send(new GetBucketVersioningCommand(other))).Status).toBeUndefined();
    const bare = structuredClone({ ...company.buckets[1]!, lifecycle: [], name: 'bare' });
    delete bare.policy;
    delete bare.publicAccessBlock;
    company.buckets.push(bare);
    try {
      expect(await refused(s3.send(new GetBucketPolicyCommand({ Bucket: 'bare' })))).toBe(
        'NoSuchBucketPolicy 404',
      );
      expect(await refused(s3.send(new GetPublicAccessBlockCommand({ Bucket: 'bare' })))).toBe(
        'NoSuchPublicAccessBlockConfiguration 404',
      );
      expect(await refused(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: 'bare' })))).toBe(
        'NoSuchLifecycleConfiguration 404',
      );
    } finally {
      company.buckets.pop();
    }
  });

  test('the location of a bucket in us-east-1 is empty, elsewhere its Region', async () => {
    expect((await s3.send(new GetBucketLocationCommand(of))).LocationConstraint).toBe('eu-central-1');
    expect(
      (await s3.send(new GetBucketLocationCommand({ Bucket: OPERATIONS }))).LocationConstraint,
    ).toBeFalsy();
  });
});
