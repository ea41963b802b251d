import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { entries } from '../../../db/ledger/read.ts';
import { storedLines } from '../../../db/ledger/read.ts';
import { bodyChunks } from '../../../db/ledger/bodies.ts';
import { createAgents } from '../../../electron/recorder/agents.ts';
import { plainHandler } from '../../../electron/recorder/aws-adapter.ts';
import { createClients } from '../../../electron/providers/aws/clients.ts';
import { declared } from '../../../electron/engagement/declarations.ts';
import { collectSample, sandboxFor } from './support.ts';
import { sampleSource } from './sample.ts';

test('no credential, token or signature is anywhere in the engagement file', async () => {
  const sandbox = await sandboxFor();
  const { auditor } = sandbox.aws.credentials;
  const roleArn = sandbox.aws.securityRoleArn;
  const assumeRole = { roleArn, externalId: sandbox.aws.externalId };
  const { db, path } = await collectSample(sandbox, {
    sources: [sampleSource(sandbox.aws), sampleSource(sandbox.aws, { id: 'security', assumeRole })],
    credentialsFor: () => ({
      aws: async () => ({ ...auditor, sessionToken: auditor.sessionToken ?? undefined! }),
    }),
  });
  const session = (await sandbox.calls()).find((c) => c.accountId === sandbox.aws.accounts[1].id)!;
  // Access key ids are no secrets, but the collector's own have no business in evidence either.
  const planted = [
    auditor.secretAccessKey,
    session.accessKeyId,
    'AWS4-HMAC-SHA256',
    'X-Amz-Security-Token',
    'X-Amz-Signature',
  ];
  db.pragma('wal_checkpoint(TRUNCATE)');
  const everything = [
    readFileSync(path),
    ...[...storedLines(db)].map((line) => Buffer.from(line.line)),
    ...db
      .prepare<[], string>('SELECT value FROM disclosure')
      .pluck()
      .all()
      .map((value) => Buffer.from(value)),
    // Bodies are compressed in the file: look into each.
    ...db
      .prepare<[], Buffer>('SELECT sha256 FROM body')
      .pluck()
      .all()
      .map((sha256) => Buffer.concat([...bodyChunks(db, sha256.toString('hex'))])),
  ];
  const ownLogged = [...entries(db, 'exchange', { op: 'aws.cloudtrail.LookupEvents' })].length;
  expect(ownLogged).toBeGreaterThan(0);
  for (const secret of planted) {
    expect(
      everything.some((bytes) => bytes.includes(secret)),
      secret,
    ).toBe(false);
  }
});

test('AWS_ENDPOINT_URL in the environment sends nothing elsewhere, and is named in the ledger', async () => {
  const hits: string[] = [];
  const trap = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void trap.close());
  await new Promise((resolve) => trap.once('listening', resolve));
  const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_KMS', 'AWS_ENDPOINT_URL_S3'])
    vi.stubEnv(name, url);
  vi.stubEnv('AWS_CA_BUNDLE', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());

  // Without a sample endpoint a client goes to AWS: see where it would, without going there.
  const agents = createAgents();
  onTestFinished(() => agents.destroy());
  const hosts: string[] = [];
  const handler = {
    ...plainHandler(agents),
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request: { hostname: string; protocol: string }) => {
      hosts.push(`${request.protocol}//${request.hostname}`);
      throw new Error('not sent');
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
  const credentials = async () => ({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' });
  const clients = createClients(handler, credentials, null);
  const { ListKeysCommand } = await import('@aws-sdk/client-kms');
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const options = { ticket: null as never };
  await expect(clients.of('kms', 'eu-west-1').send(new ListKeysCommand({}), options)).rejects.toThrow(
    'not sent',
  );
  await expect(
    clients.of('s3', 'eu-west-1').send(new ListObjectsV2Command({ Bucket: 'logs-of-ours' }), options),
  ).rejects.toThrow('not sent');
  expect(hosts).toEqual([
    'https://kms.eu-west-1.amazonaws.com',
    'https://logs-of-ours.s3.eu-west-1.amazonaws.com',
  ]);

  const sandbox = await sandboxFor();
  const { db } = await collectSample(sandbox);
  expect(hits).toEqual([]);
  expect(declared(db, 'collect.settings')[0]!.value.ignoredEnvironment).toEqual([
    'AWS_ENDPOINT_URL',
    'AWS_ENDPOINT_URL_KMS',
    'AWS_ENDPOINT_URL_S3',
  ]);
});
