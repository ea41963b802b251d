import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { entries } from '../../../../db/ledger/read.ts';
import { credentialsOf, remembered } from '../../../../electron/providers/aws/credentials.ts';
import { signInHandler } from '../../../../electron/providers/aws/sign-in-handler.ts';
import { newEngagement } from '../../../support/ledger.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { sampleSource } from '../../../engine/collect/sample.ts';

afterEach(() => void vi.unstubAllEnvs());

/** Stands for the network below the recorder: says where a request would go, and answers it. */
function wire(body: string) {
  const hosts: string[] = [];
  const inner = {
    handle: async (request: { hostname: string }) => {
      hosts.push(request.hostname);
      return { response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(body)]) } };
    },
  };
  return { hosts, inner: inner as never };
}

test('a role of a profile is taken from AWS itself, whatever the environment says, and its answer is not kept', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'config');
  writeFileSync(
    config,
    `[profile audit]
role_arn = arn:aws:iam::111122223333:role/Auditor
source_profile = base
region = eu-west-1
endpoint_url = http://127.0.0.1:9
[profile base]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = base-secret
`,
  );
  vi.stubEnv('AWS_CONFIG_FILE', config);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
  vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://127.0.0.1:9');
  vi.stubEnv('AWS_REGION', undefined);
  const { writer, db } = newEngagement();
  const { hosts, inner } = wire(`<AssumeRoleResponse><AssumeRoleResult><Credentials>
    <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>taken-secret</SecretAccessKey>
    <SessionToken>taken-token</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>
  </Credentials></AssumeRoleResult></AssumeRoleResponse>`);
  const handler = signInHandler(
    { writer, ingestLines: null, now: () => new Date() },
    inner,
    's1',
    'production',
  );
  const source = sampleSource(
    { endpoint: 'http://unused' },
    { credentials: { from: 'profile', profile: 'audit' } },
  );

  const credentials = await credentialsOf(source, handler)();
  expect(credentials).toMatchObject({ accessKeyId: 'ASIAEXAMPLE', sessionToken: 'taken-token' });
  expect(hosts).toHaveLength(1);
  expect(hosts[0]).toMatch(/^sts(\.[a-z0-9-]+)?\.amazonaws\.com$/);
  const recorded = [...entries(db, 'exchange')];
  expect(recorded).toHaveLength(1);
  expect(recorded[0]!.facts).toMatchObject({
    op: 'aws.sts.AssumeRoleForProfile',
    bodyClass: 'none',
    outcome: 'ok',
  });
  expect(recorded[0]!.values).toEqual({ params: '{}' });
});

test('a profile that does not exist is an error in words', async () => {
  vi.stubEnv('AWS_CONFIG_FILE', join(temporaryFolder(), 'none'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(temporaryFolder(), 'none'));
  const { writer } = newEngagement();
  const handler = signInHandler(
    { writer, ingestLines: null, now: () => new Date() },
    wire('').inner,
    's1',
    'p',
  );
  const source = sampleSource(
    { endpoint: 'http://unused' },
    { credentials: { from: 'profile', profile: 'nobody' } },
  );
  await expect(credentialsOf(source, handler)()).rejects.toThrow(/nobody/);
});

test('credentials are fetched once for all who ask together, and again shortly before they expire', async () => {
  let fetched = 0;
  let expiration = new Date(Date.now() + 60 * 60_000);
  const provider = remembered(async () => {
    fetched += 1;
    return { accessKeyId: 'a', secretAccessKey: 's', expiration };
  });
  await Promise.all([provider(), provider(), provider()]);
  await provider();
  expect(fetched).toBe(1);

  expiration = new Date(Date.now() + 60_000);
  const short = remembered(async () => {
    fetched += 1;
    return { accessKeyId: 'a', secretAccessKey: 's', expiration };
  });
  await short();
  await short();
  expect(fetched).toBe(3);
});

test('a refresh that fails is tried again by whoever asks next', async () => {
  let fail = true;
  const provider = remembered(async () => {
    if (fail) throw new Error('expired');
    return { accessKeyId: 'a', secretAccessKey: 's' };
  });
  await expect(provider()).rejects.toThrow('expired');
  fail = false;
  await expect(provider()).resolves.toMatchObject({ accessKeyId: 'a' });
});
