import { ListPublicKeysCommand, LookupEventsCommand, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../../electron/sandbox/index.ts';
import { AS_OF, clients, refusal } from '../sandbox/clients.ts';
import { verifyChain, type Outcome } from './reference-verifier.ts';

const BUCKET = 'meridian-organization-trail';
const REGION = 'us-east-1';

/** The log bucket is the security account's: production's auditor signs in there to read it. */
async function bucketReader(sandbox: Sandbox): Promise<S3Client> {
  const { securityRoleArn: RoleArn, externalId: ExternalId } = sandbox.aws;
  const { Credentials } = await clients(sandbox).sts.send(
    new AssumeRoleCommand({ RoleArn, ExternalId, RoleSessionName: 'trail' }),
  );
  return clients(sandbox, 'eu-central-1', {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  }).s3;
}

/** Everything over HTTP with the real SDK: what a verifier on a laptop would do. */
async function verifyOverHttp(sandbox: Sandbox, region = REGION): Promise<Outcome> {
  const s3 = await bucketReader(sandbox);
  const { cloudtrail } = clients(sandbox, region);
  const base = `AWSLogs/${sandbox.company.organizationId}/${sandbox.company.accounts[0].id}`;
  return verifyChain(
    {
      async keys(prefix) {
        const keys: string[] = [];
        for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: BUCKET, Prefix: prefix })) {
          for (const { Key } of page.Contents ?? []) keys.push(Key!);
        }
        return keys;
      },
      async get(key) {
        try {
          const answer = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
          return { bytes: await answer.Body!.transformToByteArray(), metadata: answer.Metadata ?? {} };
        } catch (error) {
          if (error instanceof NoSuchKey) return undefined;
          throw error;
        }
      },
      async publicKeys(_, StartTime, EndTime) {
        const { PublicKeyList } = await cloudtrail.send(new ListPublicKeysCommand({ StartTime, EndTime }));
        return new Map(
          (PublicKeyList ?? []).map(({ Fingerprint, Value }) => [Fingerprint!, Buffer.from(Value!)]),
        );
      },
    },
    BUCKET,
    { logs: `${base}/CloudTrail/${region}/`, digests: `${base}/CloudTrail-Digest/${region}/` },
    region,
  );
}

describe('the running sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ asOf: AS_OF, logs: { events: 6000 } });
  });
  afterAll(() => sandbox.close());

  test('serves a digest chain that verifies over HTTP', async () => {
    const outcome = await verifyOverHttp(sandbox);
    expect(outcome.problems).toEqual([]);
    expect([outcome.validDigests, outcome.validLogs, outcome.coverage.length]).toEqual([90, 90, 1]);
  });

  test('answers LookupEvents with events that the log files have', async () => {
    const { cloudtrail } = clients(sandbox, REGION);
    const s3 = await bucketReader(sandbox);
    const looked = new Map<string, string>();
    const range = { StartTime: new Date('2026-11-18T23:50:00Z'), EndTime: new Date('2026-11-19T23:49:59Z') };
    for await (const page of paginateLookupEvents({ client: cloudtrail }, range)) {
      for (const event of page.Events ?? []) {
        expect(event.EventTime).toBeInstanceOf(Date);
        looked.set(event.EventId!, event.CloudTrailEvent!);
      }
    }
    const Prefix = `AWSLogs/${sandbox.company.organizationId}/${sandbox.company.accounts[0].id}/CloudTrail/${REGION}/2026/11/19/`;
    const filed = new Map<string, string>();
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: BUCKET, Prefix })) {
      for (const { Key } of page.Contents ?? []) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
        const { Records } = JSON.parse(gunzipSync(await Body!.transformToByteArray()).toString('utf8')) as {
          Records: { eventID: string }[];
        };
        for (const record of Records) filed.set(record.eventID, JSON.stringify(record));
      }
    }
    expect(filed.size).toBeGreaterThan(20);
    expect(new Map([...looked].sort())).toEqual(new Map([...filed].sort()));
  });

  test('finds the last use that a key reports', async () => {
    const key = sandbox.company.keys.find(({ story }) => story === 'rotation-on')!;
    const { cloudtrail } = clients(sandbox, REGION);
    const { Events } = await cloudtrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: key.lastUse!.eventId }],
      }),
    );
    expect(Events?.map(({ EventTime, EventName }) => [EventTime?.getTime(), EventName])).toEqual([
      [key.lastUse!.at, key.lastUse!.operation],
    ]);
  });

  test('refuses what CloudTrail refuses, by its names', async () => {
    const { cloudtrail } = clients(sandbox, REGION);
    const two = ['A', 'B'].map((AttributeValue) => ({ AttributeKey: 'EventName' as const, AttributeValue }));
    expect(await refusal(cloudtrail.send(new LookupEventsCommand({ LookupAttributes: two })))).toBe(
      'InvalidLookupAttributesException 400',
    );
    expect(
      await refusal(
        cloudtrail.send(new LookupEventsCommand({ StartTime: new Date('2026-01-01T00:00:00Z') })),
      ),
    ).toBe('InvalidTimeRangeException 400');
    expect(await refusal(cloudtrail.send(new LookupEventsCommand({ NextToken: 'made-up' })))).toBe(
      'InvalidNextTokenException 400',
    );
    expect(await refusal(cloudtrail.send(new LookupEventsCommand({ MaxResults: 51 })))).toBe(
      'InvalidMaxResultsException 400',
    );
  });
});

test('a bucket tampered with is served as it is, and found out', async () => {
  const sandbox = await startSandbox({
    asOf: AS_OF,
    logs: { events: 3000, faults: ['tampered-log', 'deleted-log'] },
  });
  try {
    const { problems } = await verifyOverHttp(sandbox, 'eu-central-1');
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['log-changed', 'log-missing']);
    // The faults are in one Region; the chain of another is whole.
    expect((await verifyOverHttp(sandbox)).problems).toEqual([]);
  } finally {
    await sandbox.close();
  }
});
