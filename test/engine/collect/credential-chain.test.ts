import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ReadableDb } from '../../../db/handle.ts';
import { bodyChunks } from '../../../db/ledger/bodies.ts';
import { entries, storedLines } from '../../../db/ledger/read.ts';
import { testSource } from '../../../electron/collect/test-source.ts';
import type { AwsSource } from '../../../electron/engagement/engagement.ts';
import { remembered } from '../../../electron/providers/aws/credentials.ts';
import { ledgerFiles } from '../../../electron/pack/files/ledger-files.ts';
import type * as Adapter from '../../../electron/recorder/aws-adapter.ts';
import type { Sandbox } from '../../../electron/sandbox/index.ts';
import { newEngagement } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { sampleEngagement, sampleSource } from './sample.ts';
import { sandboxFor } from './support.ts';

/*
 * Every way of AWS's standard credential chain, driven by the real SDK through our own set-up of a source, against a
 * server on loopback. Only the name of AWS's hosts is changed on the way: what the SDK sends and reads is real HTTP.
 */

/** Where requests to AWS's own hosts go. */
const aws = vi.hoisted(() => ({ port: 0 }));

vi.mock(import('../../../electron/recorder/aws-adapter.ts'), async (original) => {
  const adapter: typeof Adapter = await original();
  return {
    ...adapter,
    plainHandler: (agents) => {
      const handler = adapter.plainHandler(agents);
      const handle = handler.handle.bind(handler);
      handler.handle = (request, options) => {
        if (request.hostname.endsWith('.amazonaws.com')) {
          request.headers['x-meant-for'] = request.hostname;
          Object.assign(request, { protocol: 'http:', hostname: '127.0.0.1', port: aws.port });
        }
        return handle(request, options);
      };
      return handler;
    },
  };
});

const SSO_TOKEN = 'sso-access-token-that-nobody-may-keep';
const IMDS_TOKEN = 'imds-session-token-that-nobody-may-keep';
const CONTAINER_TOKEN = 'container-token-that-nobody-may-keep';
const WEB_TOKEN = 'web-identity-token-that-nobody-may-keep';
const SESSION_TOKEN = 'session-token-that-nobody-may-keep';
const REFRESH_TOKEN = 'refresh-token-that-nobody-may-keep';
const CLIENT_SECRET = 'client-secret-that-nobody-may-keep';
const LONG_LIVED = { id: 'AKIALONGLIVEDEXAMPLE', secret: 'long-lived-secret-that-nobody-may-keep' };

interface Hit {
  what: string;
  headers: IncomingMessage['headers'];
  body: string;
}

interface Chain {
  sandbox: Sandbox;
  url: string;
  hits: Hit[];
  /** When the credentials it gives end, ms from now. */
  lasts: number;
  /** Refuses everything with this status. */
  refuse: number | null;
}

/** The servers that turn a sign-in into credentials: they give those of the sandbox's auditor. */
async function chain(): Promise<Chain> {
  const sandbox = await sandboxFor();
  const state: Chain = { sandbox, url: '', hits: [], lasts: 3_600_000, refuse: null };
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => answer(state, request, Buffer.concat(parts).toString(), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  aws.port = (server.address() as AddressInfo).port;
  state.url = `http://127.0.0.1:${aws.port}`;
  return state;
}

function answer(state: Chain, request: IncomingMessage, body: string, response: ServerResponse): void {
  const { accessKeyId, secretAccessKey } = state.sandbox.aws.credentials.auditor;
  const expiration = new Date(Date.now() + state.lasts);
  const path = new URL(request.url!, 'http://x').pathname;
  const action = new URLSearchParams(body).get('Action') ?? '';
  state.hits.push({ what: `${request.method} ${path} ${action}`.trim(), headers: request.headers, body });
  const give = (text: string, type: string): void => {
    response.writeHead(200, { 'content-type': type });
    response.end(text);
  };
  if (state.refuse !== null) {
    response.writeHead(state.refuse, { 'content-type': 'application/json' });
    response.end('{"message":"Session token not found or invalid"}');
  } else if (path === '/federation/credentials') {
    const roleCredentials = { accessKeyId, secretAccessKey, sessionToken: SESSION_TOKEN };
    give(
      JSON.stringify({ roleCredentials: { ...roleCredentials, expiration: +expiration } }),
      'application/json',
    );
  } else if (path === '/token') {
    give(
      JSON.stringify({ accessToken: SSO_TOKEN, expiresIn: 3600, tokenType: 'Bearer' }),
      'application/json',
    );
  } else if (path === '/latest/api/token') {
    response.setHeader('x-aws-ec2-metadata-token-ttl-seconds', '21600');
    give(IMDS_TOKEN, 'text/plain');
  } else if (path === '/latest/meta-data/iam/security-credentials/') {
    give('auditor-role', 'text/plain');
  } else if (path.startsWith('/latest/meta-data/iam/security-credentials/') || path === '/container') {
    const found = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: SESSION_TOKEN };
    give(
      JSON.stringify({ Code: 'Success', Type: 'AWS-HMAC', ...found, Expiration: expiration.toISOString() }),
      'application/json',
    );
  } else if (action.startsWith('AssumeRole')) {
    const credentials = `<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${SESSION_TOKEN}</SessionToken><Expiration>${expiration.toISOString()}</Expiration></Credentials>`;
    const user = `<AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/r/s</Arn><AssumedRoleId>AROAEXAMPLE:s</AssumedRoleId></AssumedRoleUser>`;
    give(
      `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${credentials}${user}</${action}Result></${action}Response>`,
      'text/xml',
    );
  } else {
    response.writeHead(404);
    response.end();
  }
}

let home = '';

/** A home of its own: nothing of this machine's AWS set-up is seen. */
beforeEach(() => {
  home = temporaryFolder();
  mkdirSync(join(home, '.aws', 'sso', 'cache'), { recursive: true });
  for (const name of Object.keys(process.env).filter((n) => n.startsWith('AWS_')))
    vi.stubEnv(name, undefined);
  vi.stubEnv('HOME', home);
  vi.stubEnv('USERPROFILE', home);
  // The SDK keeps what it read of configuration files by path: each test has its own.
  vi.stubEnv('AWS_CONFIG_FILE', join(home, '.aws', 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, '.aws', 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  writeFileSync(join(home, '.aws', 'config'), '');
  writeFileSync(join(home, '.aws', 'credentials'), '');
  return () => void vi.unstubAllEnvs();
});

const config = (text: string): void => writeFileSync(join(home, '.aws', 'config'), text);

/** Tries the source as `keywitness source test` does. */
async function tried(
  state: Chain,
  overrides: Partial<AwsSource>,
  mfaCode?: (device: string) => Promise<string>,
) {
  const open = newEngagement();
  const source = sampleSource(state.sandbox.aws, { regions: ['eu-central-1'], ...overrides });
  const result = await testSource({
    ...{
      writer: open.writer,
      engagement: sampleEngagement(),
      operator: { name: 'Ann', email: null },
      source,
    },
    ...{ quotas: { multiplier: 100, reason: 'test' } },
    credentialsFor: () => (mfaCode ? { awsMfaCode: mfaCode } : null),
  }).catch((error: Error) => error);
  return { ...open, result };
}

type Tried = Awaited<ReturnType<typeof tried>>;

const ops = ({ db }: Tried) => [...entries(db, 'exchange')].map(({ facts }) => facts.op);

/** Everything that a ledger and its pack hold, as bytes. */
function everything(db: ReadableDb, path: string): Buffer[] {
  const bodies = db.prepare<[], Buffer>('SELECT sha256 FROM body').pluck().all();
  const packed = ledgerFiles(db, [...storedLines(db)].length).flatMap((file) => {
    const content = file.content() as string | Iterable<Uint8Array>;
    return typeof content === 'string'
      ? [Buffer.from(content)]
      : [...content].map((piece) => Buffer.from(piece));
  });
  return [
    readFileSync(path),
    ...[...storedLines(db)].map(({ line }) => Buffer.from(line)),
    ...db
      .prepare<[], string>('SELECT value FROM disclosure')
      .pluck()
      .all()
      .map((value) => Buffer.from(value)),
    ...db
      .prepare<[], string>('SELECT facts || sealed FROM intent')
      .pluck()
      .all()
      .map((text) => Buffer.from(text)),
    ...bodies.map((sha256) => Buffer.concat([...bodyChunks(db, sha256.toString('hex'))])),
    ...packed,
  ];
}

/** It signed in as the auditor, and left no secret behind. */
function assertSignedIn(state: Chain, found: Tried): void {
  const { db, path, result } = found;
  if (result instanceof Error) throw result;
  expect(result.account).toBe(state.sandbox.aws.accounts[0].id);
  expect(result.permissions.filter((p) => p.status === 'ok').length).toBeGreaterThan(3);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const { secretAccessKey } = state.sandbox.aws.credentials.auditor;
  const secrets = [
    SSO_TOKEN,
    IMDS_TOKEN,
    CONTAINER_TOKEN,
    WEB_TOKEN,
    SESSION_TOKEN,
    REFRESH_TOKEN,
    CLIENT_SECRET,
    LONG_LIVED.secret,
    secretAccessKey,
  ];
  const held = everything(db, path);
  for (const secret of secrets)
    expect(
      held.some((bytes) => bytes.includes(secret)),
      secret,
    ).toBe(false);
}

const SSO = `[profile audit]
sso_session = firm
sso_account_id = 111122223333
sso_role_name = Auditor
region = eu-central-1
[sso-session firm]
sso_region = eu-west-1
sso_start_url = https://firm.awsapps.com/start
sso_registration_scopes = sso:account:access
`;

function cacheToken(expiresAt: Date, more: Record<string, string> = {}): void {
  const name = `${createHash('sha1').update('firm').digest('hex')}.json`;
  const token = { accessToken: SSO_TOKEN, expiresAt: expiresAt.toISOString(), region: 'eu-west-1' };
  writeFileSync(
    join(home, '.aws', 'sso', 'cache', name),
    JSON.stringify({ ...token, ...more, startUrl: 'https://firm.awsapps.com/start' }),
  );
}

describe('AWS credentials', () => {
  test('of IAM Identity Center: the cached token, then the portal', async () => {
    const state = await chain();
    config(SSO);
    cacheToken(new Date(Date.now() + 3_600_000));
    const found = await tried(state, { credentials: { from: 'sso', profile: 'audit' } });
    assertSignedIn(state, found);
    expect(state.hits.map((h) => h.what)).toEqual(['GET /federation/credentials']);
    expect(state.hits[0]!.headers['x-meant-for']).toBe('portal.sso.eu-west-1.amazonaws.com');
    expect(state.hits[0]!.headers['x-amz-sso_bearer_token']).toBe(SSO_TOKEN);
    expect(ops(found)[0]).toBe('aws.sso.GetRoleCredentials');
  });

  test('of IAM Identity Center: an expired token says which command signs in again', async () => {
    const state = await chain();
    config(SSO);
    cacheToken(new Date(Date.now() - 60_000));
    const { result } = await tried(state, { credentials: { from: 'sso', profile: 'audit' } });
    expect((result as Error).message).toMatch(
      /^cannot ask GetCallerIdentity for source production: no credentials \(.*aws sso login.*\)\. Sign in \(for IAM Identity Center: aws sso login\), then resume\.$/,
    );
    expect((result as Error).message).not.toContain('\n');
    expect(state.hits).toEqual([]);
  });

  test('of IAM Identity Center: an expired token that can be renewed is, over HTTP and on the record', async () => {
    const state = await chain();
    config(SSO);
    cacheToken(new Date(Date.now() - 60_000), {
      ...{ clientId: 'client', clientSecret: CLIENT_SECRET, refreshToken: REFRESH_TOKEN },
      registrationExpiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const found = await tried(state, { credentials: { from: 'sso', profile: 'audit' } });
    assertSignedIn(state, found);
    expect(state.hits.map((h) => h.what)).toEqual(['POST /token', 'GET /federation/credentials']);
    expect(state.hits[0]!.headers['x-meant-for']).toBe('oidc.eu-west-1.amazonaws.com');
    expect(ops(found).slice(0, 2)).toEqual(['aws.sso-oidc.CreateToken', 'aws.sso.GetRoleCredentials']);
  });

  test('of IAM Identity Center: a portal that refuses is in the ledger, without the token', async () => {
    const state = await chain();
    config(SSO);
    cacheToken(new Date(Date.now() + 3_600_000));
    state.refuse = 401;
    const { db, path, result } = await tried(state, { credentials: { from: 'sso', profile: 'audit' } });
    expect((result as Error).message).toMatch(
      /^cannot ask GetCallerIdentity for source production: no credentials/,
    );
    const [exchange] = [...entries(db, 'exchange')];
    expect(exchange!.facts).toMatchObject({
      op: 'aws.sso.GetRoleCredentials',
      outcome: 'error',
      httpStatus: 401,
    });
    expect(everything(db, path).some((bytes) => bytes.includes(SSO_TOKEN))).toBe(false);
  });

  test('of an instance: a session token first (IMDSv2), then those of its role', async () => {
    const state = await chain();
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', undefined);
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', state.url);
    assertSignedIn(state, await tried(state, { credentials: { from: 'default-chain' } }));
    expect(state.hits.map((h) => h.what).slice(0, 3)).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/',
      'GET /latest/meta-data/iam/security-credentials/auditor-role',
    ]);
    expect(state.hits[2]!.headers['x-aws-ec2-metadata-token']).toBe(IMDS_TOKEN);
  });

  test('of a container: from its address, with its token', async () => {
    const state = await chain();
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${state.url}/container`);
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', CONTAINER_TOKEN);
    assertSignedIn(state, await tried(state, { credentials: { from: 'default-chain' } }));
    expect(state.hits.map((h) => [h.what, h.headers.authorization])).toEqual([
      ['GET /container', CONTAINER_TOKEN],
    ]);
  });

  const ROLE = `[profile base]
aws_access_key_id = ${LONG_LIVED.id}
aws_secret_access_key = ${LONG_LIVED.secret}
[profile audit]
role_arn = arn:aws:iam::111122223333:role/Auditor
source_profile = base
external_id = agreed
region = eu-central-1
`;

  test('of a role that a profile takes with those of another profile', async () => {
    const state = await chain();
    config(ROLE);
    const found = await tried(state, { credentials: { from: 'profile', profile: 'audit' } });
    assertSignedIn(state, found);
    const [hit] = state.hits;
    const asked = new URLSearchParams(hit!.body);
    expect([asked.get('RoleArn'), asked.get('ExternalId')]).toEqual([
      'arn:aws:iam::111122223333:role/Auditor',
      'agreed',
    ]);
    expect(hit!.headers.authorization).toContain(LONG_LIVED.id);
    expect(ops(found)[0]).toBe('aws.sts.AssumeRoleForProfile');
  });

  test('of a role that asks for a second factor: the code is asked, sent, and kept nowhere', async () => {
    const state = await chain();
    config(`${ROLE}mfa_serial = arn:aws:iam::111122223333:mfa/ann\n`);
    const devices: string[] = [];
    const found = await tried(state, { credentials: { from: 'profile', profile: 'audit' } }, (device) => {
      devices.push(device);
      return Promise.resolve('492837');
    });
    assertSignedIn(state, found);
    expect(devices).toEqual(['arn:aws:iam::111122223333:mfa/ann']);
    const asked = new URLSearchParams(state.hits[0]!.body);
    expect([asked.get('SerialNumber'), asked.get('TokenCode')]).toEqual([devices[0], '492837']);
    expect(
      everything(found.db, found.path)
        .slice(1)
        .some((bytes) => bytes.includes('492837')),
    ).toBe(false);
  });

  test('of a role that asks for a second factor, where nobody can be asked: one sentence', async () => {
    const state = await chain();
    config(`${ROLE}mfa_serial = arn:aws:iam::111122223333:mfa/ann\n`);
    const { result } = await tried(state, { credentials: { from: 'profile', profile: 'audit' } });
    expect((result as Error).message).toMatch(
      /^cannot ask GetCallerIdentity for source production: no credentials \(.*multi-factor.*\)\. Run it in a terminal/,
    );
    expect(state.hits).toEqual([]);
  });

  test('of a web identity: its token file, exchanged for a role', async () => {
    const state = await chain();
    const file = join(home, 'token');
    writeFileSync(file, WEB_TOKEN);
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', file);
    vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::111122223333:role/Auditor');
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    const found = await tried(state, { credentials: { from: 'default-chain' } });
    assertSignedIn(state, found);
    expect(new URLSearchParams(state.hits[0]!.body).get('WebIdentityToken')).toBe(WEB_TOKEN);
    expect(ops(found)[0]).toBe('aws.sts.AssumeRoleWithWebIdentity');
  });

  test('of a process that the profile names', async () => {
    const state = await chain();
    const { accessKeyId, secretAccessKey } = state.sandbox.aws.credentials.auditor;
    const script = join(home, 'give.mjs');
    const given = {
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: SESSION_TOKEN,
    };
    writeFileSync(script, `console.log(JSON.stringify(${JSON.stringify(given)}))`);
    chmodSync(script, 0o700);
    config(`[profile audit]\ncredential_process = "${process.execPath}" "${script}"\n`);
    assertSignedIn(state, await tried(state, { credentials: { from: 'profile', profile: 'audit' } }));
    expect(state.hits).toEqual([]);
  });

  test('that nobody has: one sentence that says what to do', async () => {
    const state = await chain();
    for (const credentials of [
      { from: 'default-chain' },
      { from: 'profile', profile: 'audit' },
      { from: 'environment' },
    ] as const) {
      const { result } = await tried(state, { credentials });
      expect((result as Error).message).toMatch(
        /^cannot ask GetCallerIdentity for source production: no credentials \([^\n]*\)\. [A-Z][^\n]*resume\.$/,
      );
    }
  });

  test('are fetched again shortly before they end, once for all who ask', async () => {
    let given = 0;
    const ask = remembered(() => {
      given += 1;
      return Promise.resolve({
        ...{ accessKeyId: `A${given}`, secretAccessKey: 's' },
        expiration: new Date(Date.now() + 5 * 60_000 + (given === 1 ? 150 : 3_600_000)),
      });
    });
    expect((await ask()).accessKeyId).toBe('A1');
    expect((await ask()).accessKeyId).toBe('A1');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await Promise.all([ask(), ask(), ask()])).map((c) => c.accessKeyId)).toEqual(['A2', 'A2', 'A2']);
    expect(given).toBe(2);
  });

  test('that end while a source is asked are fetched again from where they came', async () => {
    const state = await chain();
    state.lasts = 60_000; // less than what is left when they are renewed: every call asks for new ones
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${state.url}/container`);
    assertSignedIn(state, await tried(state, { credentials: { from: 'default-chain' } }));
    expect(state.hits.length).toBeGreaterThan(3);
  });
});
