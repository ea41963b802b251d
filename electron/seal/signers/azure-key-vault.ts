import { createPublicKey, hash } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import { CryptographyClient, KeyClient, type CryptographyClientOptions } from '@azure/keyvault-keys';
import { SealError } from '../error.ts';
import { keyProfile, type SigningKey } from '../signer.ts';
import { ecdsaDer } from './ecdsa-der.ts';
import { refused } from './refused.ts';

/** Where an Azure key is: https://VAULT/keys/NAME or …/keys/NAME/VERSION. */
export interface AzureKey {
  readonly url: string;
}

/**
 * A key of Azure Key Vault or Managed HSM as a signing key. Only digests go to Azure. Needs the data actions keys/read
 * and keys/sign (built-in role Key Vault Crypto User).
 *
 * @throws SealError KEY_SERVICE_REFUSED, KEY_UNSUITABLE
 */
export async function openAzureKey(
  { url }: AzureKey,
  credential: TokenCredential,
  options: CryptographyClientOptions = {},
): Promise<SigningKey> {
  const parts = /^(https?:\/\/[^/]+)\/keys\/([^/]+)(?:\/([^/]+))?\/?$/.exec(url);
  if (!parts)
    throw new SealError(
      'KEY_UNSUITABLE',
      `cannot sign with the Azure key "${url}": it is no key address. Give https://VAULT.vault.azure.net/keys/NAME`,
    );
  const [, vault, name, version] = parts as unknown as [string, string, string, string | undefined];
  const description = `Azure Key Vault ${url}`;
  const key = await new KeyClient(vault, credential, options)
    .getKey(name, version ? { version } : {})
    .catch((error: unknown) => Promise.reject(refused(description, error)));
  const publicKey = publicKeyOf(key.key, description);
  const profile = keyProfile(publicKey);
  const bits = profile.digest === 'sha384' ? 384 : 256;
  // Signs with the very version whose public key was read, also when the key is rotated meanwhile.
  const client = new CryptographyClient(key.id ?? url, credential, options);
  return {
    ...profile,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    description,
    async sign(bytes) {
      const digest = hash(profile.digest, bytes, 'buffer');
      const { result } = await client
        .sign(profile.kind === 'rsa' ? `RS${bits}` : `ES${bits}`, digest)
        .catch((error: unknown) => Promise.reject(refused(description, error)));
      return profile.kind === 'rsa' ? result : ecdsaDer(result);
    },
  };
}

interface JsonWebKey {
  kty?: string;
  crv?: string;
  n?: Uint8Array;
  e?: Uint8Array;
  x?: Uint8Array;
  y?: Uint8Array;
}

function publicKeyOf(key: JsonWebKey | undefined, description: string) {
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url');
  try {
    // Kinds kept in an HSM are named RSA-HSM and EC-HSM; JWK has RSA and EC (RFC 7518 §6).
    const jwk = key?.kty?.startsWith('RSA')
      ? { kty: 'RSA', n: text(key.n), e: text(key.e) }
      : { kty: 'EC', crv: key?.crv ?? '', x: text(key?.x), y: text(key?.y) };
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (cause) {
    throw new SealError(
      'KEY_UNSUITABLE',
      `cannot sign with ${description}: it is no RSA or EC key. Use RSA of at least 3072 bits, P-256 or P-384`,
      { cause },
    );
  }
}
