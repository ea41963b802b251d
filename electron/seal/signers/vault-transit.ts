import { createPublicKey, hash } from 'node:crypto';
import { z } from 'zod';
import { SealError } from '../error.ts';
import { keyProfile, type SigningKey } from '../signer.ts';
import type { Fetch } from '../timestamp/transport.ts';
import { refused } from './refused.ts';

/** Where a transit key is and how to sign in; Vault and OpenBao alike. */
export interface TransitKeyPlace {
  /** https://HOST:PORT */
  readonly address: string;
  /** Default "transit". */
  readonly mount?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly token: string;
  readonly fetch?: Fetch;
}

const keyAnswer = z.looseObject({
  data: z.looseObject({
    type: z.string(),
    latest_version: z.int(),
    keys: z.record(z.string(), z.unknown()),
  }),
});
const keyVersion = z.looseObject({ public_key: z.string() });
const signAnswer = z.looseObject({ data: z.looseObject({ signature: z.string() }) });

/**
 * A transit key as a signing key. Only digests go to Vault. Needs read on MOUNT/keys/NAME and update on
 * MOUNT/sign/NAME/*.
 *
 * @throws SealError KEY_SERVICE_REFUSED, KEY_UNSUITABLE
 */
export async function openTransitKey(place: TransitKeyPlace): Promise<SigningKey> {
  const mount = place.mount ?? 'transit';
  const description = `Vault ${mount}/${place.name}`;
  const { data } = keyAnswer.parse(await ask(place, description, `${mount}/keys/${place.name}`));
  const version = keyVersion.safeParse(data.keys[String(data.latest_version)]);
  if (!version.success || !/^(rsa|ecdsa)-/.test(data.type))
    throw new SealError(
      'KEY_UNSUITABLE',
      `cannot sign with ${description}: its type is ${data.type}. Use rsa-3072, rsa-4096, ecdsa-p256 or ecdsa-p384`,
    );
  const publicKey = createPublicKey(version.data.public_key);
  const profile = keyProfile(publicKey);
  const algorithm = profile.digest === 'sha384' ? 'sha2-384' : 'sha2-256';
  return {
    ...profile,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    description,
    async sign(bytes) {
      const answer = await ask(place, description, `${mount}/sign/${place.name}/${algorithm}`, {
        input: hash(profile.digest, bytes, 'buffer').toString('base64'),
        prehashed: true,
        // The very version whose public key was read, also when the key is rotated meanwhile.
        key_version: data.latest_version,
        // Vault signs RSA with PSS unless told otherwise.
        ...(profile.kind === 'rsa' ? { signature_algorithm: 'pkcs1v15' } : { marshaling_algorithm: 'asn1' }),
      });
      // "vault:v3:BASE64"
      const { signature } = signAnswer.parse(answer).data;
      return Buffer.from(signature.slice(signature.lastIndexOf(':') + 1), 'base64');
    },
  };
}

async function ask(
  place: TransitKeyPlace,
  description: string,
  path: string,
  body?: object,
): Promise<unknown> {
  try {
    const response = await (place.fetch ?? fetch)(new URL(`/v1/${path}`, place.address), {
      method: body ? 'POST' : 'GET',
      redirect: 'error',
      signal: AbortSignal.timeout(30_000),
      headers: {
        'x-vault-token': place.token,
        'x-vault-request': 'true',
        ...(place.namespace ? { 'x-vault-namespace': place.namespace } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const errors = z.looseObject({ errors: z.array(z.string()) }).safeParse(answer);
    throw new Error(
      `HTTP ${response.status}: ${errors.success ? errors.data.errors.join('; ') : 'no reason given'}`,
    );
  } catch (error) {
    throw refused(description, error);
  }
}
