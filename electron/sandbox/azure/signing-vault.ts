import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { signDigest } from '../server/sign-digest.ts';

/** A key vault with one signing key, over the Key Vault REST protocol on loopback; SAMPLE — NOT EVIDENCE. */
export interface SigningVault {
  /** https://VAULT/keys/NAME, here with http. */
  readonly keyUrl: string;
  /** What a caller must present. */
  readonly token: string;
  readonly publicKey: KeyObject;
  close(): Promise<void>;
}

const KINDS = {
  'RSA-3072': { kty: 'RSA-HSM', algorithms: { RS256: 32, RS384: 48 } },
  'P-256': { kty: 'EC-HSM', algorithms: { ES256: 32 } },
  'P-384': { kty: 'EC', algorithms: { ES384: 48 } },
} as const;
const CURVES = { 'P-256': 'prime256v1', 'P-384': 'secp384r1' } as const;
const VERSION = '0123456789abcdef0123456789abcdef';

/**
 * Starts it. Answers GET /keys/NAME[/VERSION] and POST /keys/NAME/VERSION/sign, after the bearer challenge that clients
 * find their tenant by (Key Vault REST API 7.x).
 */
export async function startSigningVault(kind: keyof typeof KINDS, name = 'evidence'): Promise<SigningVault> {
  const { kty, algorithms } = KINDS[kind];
  const { publicKey, privateKey } =
    kind === 'RSA-3072'
      ? generateKeyPairSync('rsa', { modulusLength: 3072 })
      : generateKeyPairSync('ec', { namedCurve: CURVES[kind] });
  const token = 'sample-token';
  const server = createServer((request, response) => {
    const send = (status: number, body: object, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    const refuse = (status: number, code: string, message: string, headers = {}) =>
      send(status, { error: { code, message } }, headers);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.headers.authorization !== `Bearer ${token}`)
        return refuse(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.', {
          'www-authenticate':
            'Bearer authorization="https://login.windows.net/00000000-0000-0000-0000-000000000000", resource="https://vault.azure.net"',
        });
      const path = new URL(request.url ?? '/', base).pathname;
      const kid = `${base}/keys/${name}/${VERSION}`;
      if (
        request.method === 'GET' &&
        (path === `/keys/${name}` || path === `/keys/${name}/${VERSION}` || path === `/keys/${name}/`)
      )
        return send(200, {
          key: { ...publicKey.export({ format: 'jwk' }), kty, kid, key_ops: ['sign', 'verify'] },
          attributes: { enabled: true },
        });
      if (request.method === 'POST' && path === `/keys/${name}/${VERSION}/sign`) {
        const { alg, value } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>;
        const digest = Buffer.from(value ?? '', 'base64url');
        if ((algorithms as Record<string, number>)[alg ?? ''] !== digest.length)
          return refuse(
            400,
            'BadParameter',
            `Key and signing key algorithm are incompatible. Key type is '${kty}'.`,
          );
        return send(200, { kid, value: signDigest(privateKey, digest, 'raw').toString('base64url') });
      }
      return refuse(404, 'KeyNotFound', 'A key with (name/id) was not found in this key vault.');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    keyUrl: `${base}/keys/${name}`,
    token,
    publicKey,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
