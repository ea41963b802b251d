import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttps, request as httpsRequest } from 'node:https';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { entries } from '../../../db/ledger/read.ts';
import { createLoopbackTls, type LoopbackTls } from '../../../electron/sandbox/azure/tls.ts';
import type { VaultLogin } from '../../../electron/engagement/vault-source.ts';
import type { VaultSandbox } from '../../../electron/sandbox/vault/index.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { collectVaultSample, given, vaultFor, vaultSampleSource } from './support.ts';

/** The sample's Vault over TLS, behind an authority that only the source knows. */
async function overTls() {
  const tls = await createLoopbackTls();
  const key = tls.key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const sandbox = await vaultFor({ tls: { key, cert: tls.certificate } });
  const caFile = join(temporaryFolder(), 'ca.pem');
  writeFileSync(caFile, tls.ca);
  const address = sandbox.endpoint.replace('127.0.0.1', 'localhost');
  return { sandbox, tls, caFile, address };
}

/** What a browser does: goes where it is sent, and says what page it ends on. */
function browse(url: string, ca: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const take = (answer: IncomingMessage): void => {
      const { location } = answer.headers;
      if (location !== undefined) {
        answer.resume();
        return void browse(location, ca).then(resolve, reject);
      }
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString('utf8')));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    };
    const asked = url.startsWith('https:') ? httpsRequest(url, { ca }, take) : get(url, take);
    asked.on('error', reject);
    asked.end();
  });
}

const secretOf = (sandbox: VaultSandbox, login: VaultLogin): string =>
  ({
    token: sandbox.tokens.auditor,
    approle: sandbox.approle.secretId,
    userpass: sandbox.userpass.password,
    oidc: '',
  })[login.from];

function expectNothingSecret(db: Parameters<typeof entries>[0], sandbox: VaultSandbox, secret: string): void {
  db.pragma('wal_checkpoint(TRUNCATE)');
  const stored = readFileSync(db.name, 'latin1');
  if (secret !== '') expect(stored).not.toContain(secret);
  for (const token of sandbox.world.tokens.keys()) expect(stored).not.toContain(token);
}

test('every way to sign in works over TLS with an authority of its own, and leaves no secret behind', async () => {
  const { sandbox, tls, caFile, address } = await overTls();
  const logins: VaultLogin[] = [
    { from: 'token' },
    { from: 'approle', mount: 'approle', roleId: sandbox.approle.roleId },
    { from: 'userpass', mount: 'userpass', username: sandbox.userpass.username },
    { from: 'oidc', mount: 'oidc', role: 'auditor' },
  ];
  for (const login of logins) {
    const secret = secretOf(sandbox, login);
    const pages: Promise<{ status: number; text: string }>[] = [];
    const vault = {
      secret: () => Promise.resolve(secret),
      openPage: (url: string) => {
        pages.push(browse(url, tls.ca));
        return Promise.resolve();
      },
    };
    const { db, result } = await collectVaultSample(sandbox, {
      sources: [vaultSampleSource(sandbox, { address, caFile, login, mounts: ['payments-transit'] })],
      credentialsFor: () => ({ vault }),
    });
    expect([login.from, result.state, result.stopped]).toEqual([login.from, 'complete-with-gaps', []]);
    expect(pages).toHaveLength(login.from === 'oidc' ? 1 : 0);
    for (const page of pages)
      expect(await page).toEqual({ status: 200, text: 'Signed in. You can close this page.' });
    expectNothingSecret(db, sandbox, secret);
    // Codes and states are good for a token as long as they live.
    const called = [...entries(db, 'exchange')].filter(({ facts }) => facts.op.startsWith('vault.auth.Oidc'));
    expect(called).toHaveLength(login.from === 'oidc' ? 2 : 0);
    for (const { facts, values } of called) {
      expect([facts.bodyClass, facts.bodyBytes]).toEqual(['none', null]);
      expect(Object.keys(JSON.parse(values.params!) as object)).toEqual(['path']);
    }
  }
});

test('an OIDC sign-in that cannot be had says why, and what to do', async () => {
  const { sandbox, tls, caFile, address } = await overTls();
  const reason = async (role: string, openPage: ((url: string) => Promise<void>) | null) => {
    const login: VaultLogin = { from: 'oidc', mount: 'oidc', role };
    const { result } = await collectVaultSample(sandbox, {
      sources: [vaultSampleSource(sandbox, { address, caFile, login })],
      credentialsFor: () => (openPage ? { vault: { secret: () => Promise.resolve(null), openPage } } : {}),
    });
    expect(result.stopped[0]).toMatchObject({ code: 'CREDENTIALS' });
    return result.stopped[0]!.message;
  };
  const never = () => Promise.resolve();
  expect(await reason('nobody', never)).toContain('role "nobody" could not be found');
  expect(await reason('auditor', null)).toContain('give the token in VAULT_TOKEN');
  // The provider refuses; and a forged state does not end as a token.
  const back = (url: string) => new URL(new URL(url).searchParams.get('redirect_uri')!);
  const refused = (url: string) => {
    const to = back(url);
    to.searchParams.set('error', 'access_denied');
    return browse(to.href, tls.ca).then(() => undefined);
  };
  expect(await reason('auditor', refused)).toContain('the provider refused (access_denied)');
  const forged = (url: string) => {
    const to = back(url);
    to.searchParams.set('state', 'st_forged');
    to.searchParams.set('code', 'forged');
    return browse(to.href, tls.ca).then(() => undefined);
  };
  expect(await reason('auditor', forged)).toContain('Expired or missing OAuth state');
});

/** A node that stands by: says so, and points every other request to the active node, as Vault does. */
async function standbyBefore(active: string, { key, certificate }: LoopbackTls): Promise<string> {
  const standby = createHttps(
    { key: key.export({ type: 'pkcs8', format: 'pem' }), cert: certificate },
    (request, response) => {
      if (request.url!.startsWith('/v1/sys/health')) {
        response.end(JSON.stringify({ initialized: true, sealed: false, standby: true, cluster_id: 'c-1' }));
      } else response.writeHead(307, { location: `${active}${request.url!}` }).end();
    },
  );
  await new Promise<void>((resolve) => standby.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void standby.close());
  return `https://localhost:${(standby.address() as AddressInfo).port}`;
}

test('a standby that points to the active node does not get the token, the secret id or the password there', async () => {
  const { sandbox, tls, caFile } = await overTls();
  const heard: string[] = [];
  const active = createServer((request, response) => {
    heard.push(request.url!);
    response.end('{}');
  });
  await new Promise<void>((resolve) => active.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void active.close());
  const address = await standbyBefore(`http://127.0.0.1:${(active.address() as AddressInfo).port}`, tls);
  const logins: VaultLogin[] = [
    { from: 'token' },
    { from: 'approle', mount: 'approle', roleId: 'r-1' },
    { from: 'userpass', mount: 'userpass', username: 'ann' },
    { from: 'oidc', mount: 'oidc', role: null },
  ];
  for (const login of logins) {
    const { db, result } = await collectVaultSample(sandbox, {
      sources: [vaultSampleSource(sandbox, { address, caFile, login })],
      credentialsFor: () => ({ vault: given('s-1') }),
    });
    expect(result.stopped[0]).toMatchObject({ code: 'CREDENTIALS' });
    expect(result.stopped[0]!.message).toContain('Redirected');
    expect([...entries(db, 'exchange')].at(-1)!.facts).toMatchObject({
      ...{ httpStatus: 307, errorCode: 'Redirected' },
    });
  }
  expect(heard).toEqual([]);
});
