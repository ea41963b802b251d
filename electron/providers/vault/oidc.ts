import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CollectError } from '../../collect/error.ts';
import type { Answer } from '../../collect/asker.ts';
import type { VaultLogin } from '../../engagement/vault-source.ts';
import type { VaultOutput } from './ask-vault.ts';
import type { LogIn } from './log-in.ts';
import { signInOperations } from './operations/index.ts';

/** Port of the Vault command line's own callback: roles and identity providers allow it already (auth/jwt#redirect-uris). */
const CALLBACK_PORT = 8250;
/** How long the operator has to sign in, ms. */
const PATIENCE_MS = 5 * 60_000;

/** Signs in through the browser: the provider sends it back to this machine with a code, and Vault takes the code. */
export async function logInWithBrowser(
  { run, prompter, ask, label }: LogIn,
  { mount, role }: Extract<VaultLogin, { from: 'oidc' }>,
): Promise<Answer<VaultOutput>> {
  const { source, asking } = run;
  const refuse = (why: string): CollectError =>
    new CollectError('CREDENTIALS', `cannot sign in to source ${source.id}: ${why}`);
  if (!prompter) throw refuse(`there is nobody to show a page to. ${ELSEWHERE}`);
  const namespace = source.namespace ?? '';
  const callback = await openCallback(CALLBACK_PORT).catch(() => openCallback(0));
  try {
    const nonce = randomBytes(20).toString('hex');
    const { oidcAuthUrl, oidcCallback } = signInOperations;
    const begun = await ask(oidcAuthUrl, {
      ...{ namespace, path: `auth/${mount}/oidc/auth_url`, label: label(oidcAuthUrl) },
      secret: { redirect_uri: callback.uri, client_nonce: nonce, ...(role !== null && { role }) },
    });
    const url = begun.ok ? begun.output.data?.auth_url : undefined;
    if (typeof url !== 'string' || url === '') {
      const why = begun.ok ? 'the role does not allow it' : (begun.message ?? begun.code);
      throw refuse(
        `the server gives no page to sign in on (${why}). ` +
          `Check the role${role === null ? '' : ` ${role}`} of auth/${mount}, and that it allows ${callback.uri} as redirect.`,
      );
    }
    await prompter.openPage(url);
    const given = await Promise.race([
      callback.code,
      sleep(PATIENCE_MS, null, { signal: asking.signal, ref: false }),
    ]);
    if (given === null) throw refuse(`nobody signed in within five minutes. Try again. ${ELSEWHERE}`);
    if ('error' in given) throw refuse(`the provider refused (${given.error}).`);
    return await ask(oidcCallback, {
      ...{ namespace, path: `auth/${mount}/oidc/callback`, label: label(oidcCallback) },
      query: { state: given.state, code: given.code, client_nonce: nonce },
    });
  } finally {
    callback.close();
  }
}

/** The browser must be on this machine: only it can reach the loopback address. */
const ELSEWHERE =
  'Where this machine has no browser, sign in on another with `vault login -method=oidc` and give the token in VAULT_TOKEN.';

type Given = { state: string; code: string } | { error: string };

interface Callback {
  uri: string;
  code: Promise<Given>;
  close(): void;
}

/** @param port 0 for any: of a loopback address the port may differ from what a role allows (RFC 8252, 7.3) */
async function openCallback(port: number): Promise<Callback> {
  let give: (given: Given) => void = () => undefined;
  const code = new Promise<Given>((resolve) => (give = resolve));
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== '/oidc/callback') {
      response.writeHead(404).end();
      return;
    }
    if (request.method !== 'GET') {
      response.writeHead(405, { allow: 'GET', 'content-type': 'text/plain; charset=utf-8' });
      response.end('Not signed in. Go back to Keywitness.');
      give({ error: 'it answers by form_post: take a role with oidc_response_mode=query' });
      return;
    }
    const error = url.searchParams.get('error');
    const [state, got] = [url.searchParams.get('state'), url.searchParams.get('code')];
    const done = error === null && state !== null && got !== null;
    response.writeHead(done ? 200 : 400, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(done ? 'Signed in. You can close this page.' : 'Not signed in. Go back to Keywitness.');
    // Anybody on this machine can call: only an answer that can be used ends the wait.
    if (done) give({ state, code: got });
    else if (error !== null) give({ error: error.slice(0, 200) });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const at = (server.address() as AddressInfo).port;
  return {
    uri: `http://localhost:${at}/oidc/callback`,
    code,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
