import { createHash, generateKeyPairSync, sign, constants, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { signDigest } from '../server/sign-digest.ts';

/** A Vault with one transit key that really signs, over Vault's HTTP protocol on loopback; SAMPLE — NOT EVIDENCE. */
export interface SigningTransit {
  readonly address: string;
  readonly token: string;
  /** Of the newest version. */
  readonly publicKey: KeyObject;
  /** Adds a version, as rotation does. */
  rotate(): void;
  close(): Promise<void>;
}

const BITS: Record<string, number> = { 'sha2-256': 32, 'sha2-384': 48 };
const CURVES: Record<string, string> = { 'ecdsa-p256': 'prime256v1', 'ecdsa-p384': 'secp384r1' };

/**
 * Starts it. Answers GET transit/keys/NAME and POST transit/sign/NAME/HASH (Vault API, secrets/transit). As Vault does, it
 * signs RSA with PSS unless asked for PKCS#1, and gives ECDSA as ASN.1 unless asked otherwise.
 */
export async function startSigningTransit(
  type: 'rsa-3072' | 'ecdsa-p256' | 'ecdsa-p384',
  name = 'evidence',
): Promise<SigningTransit> {
  const make = () =>
    type === 'rsa-3072'
      ? generateKeyPairSync('rsa', { modulusLength: 3072 })
      : generateKeyPairSync('ec', { namedCurve: CURVES[type]! });
  const versions = [make()];
  const token = 'hvs.sample';
  const server = createServer((request, response) => {
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.headers['x-vault-token'] !== token) return send(403, { errors: ['permission denied'] });
      if (request.method === 'GET' && request.url === `/v1/transit/keys/${name}`) {
        const keys = versions.map(({ publicKey }, index) => [
          String(index + 1),
          {
            name: type,
            creation_time: '2026-01-01T00:00:00Z',
            public_key: publicKey.export({ type: 'spki', format: 'pem' }),
          },
        ]);
        return send(200, {
          data: { name, type, latest_version: versions.length, keys: Object.fromEntries(keys) as object },
        });
      }
      const algorithm = new RegExp(`^/v1/transit/sign/${name}/(sha2-256|sha2-384)$`).exec(
        request.url ?? '',
      )?.[1];
      if (request.method !== 'POST' || !algorithm) return send(404, { errors: [] });
      const asked = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        input: string;
        prehashed?: boolean;
        key_version?: number;
        signature_algorithm?: string;
        marshaling_algorithm?: string;
      };
      const input = Buffer.from(asked.input, 'base64');
      const digest = asked.prehashed
        ? input
        : createHash(algorithm.replace('sha2-', 'sha')).update(input).digest();
      if (digest.length !== BITS[algorithm]) return send(400, { errors: ['invalid digest length'] });
      const version = asked.key_version ?? versions.length;
      const { privateKey } = versions[version - 1]!;
      const signature =
        type === 'rsa-3072' && asked.signature_algorithm !== 'pkcs1v15'
          ? sign('sha256', input, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING })
          : signDigest(privateKey, digest, asked.marshaling_algorithm === 'jws' ? 'raw' : 'der');
      return send(200, {
        data: { signature: `vault:v${version}:${signature.toString('base64')}`, key_version: version },
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    get publicKey() {
      return versions.at(-1)!.publicKey;
    },
    rotate: () => void versions.push(make()),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
