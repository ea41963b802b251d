import { createPublicKey, hash } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand, type KMSClientConfig } from '@aws-sdk/client-kms';
import { SealError } from '../error.ts';
import { keyProfile, type SigningKey } from '../signer.ts';
import { refused } from './refused.ts';

/** Where an AWS KMS key is: id, ARN or alias. */
export interface AwsKmsKey {
  readonly keyId: string;
  /** Taken from the ARN, or from the environment, when absent. */
  readonly region?: string;
}

/**
 * An asymmetric AWS KMS key (usage SIGN_VERIFY) as a signing key. Only digests go to KMS; CloudTrail keeps a record of
 * each signature, which is a second witness of it. Needs kms:GetPublicKey and kms:Sign.
 *
 * @throws SealError KEY_SERVICE_REFUSED, KEY_UNSUITABLE
 */
export async function openAwsKmsKey(
  { keyId, region }: AwsKmsKey,
  config: KMSClientConfig = {},
): Promise<SigningKey> {
  const own = region ?? /^arn:[^:]+:kms:([^:]+):/.exec(keyId)?.[1];
  const client = new KMSClient({ ...(own ? { region: own } : {}), ...config });
  const description = `AWS KMS ${keyId}`;
  const found = await client
    .send(new GetPublicKeyCommand({ KeyId: keyId }))
    .catch((error: unknown) => Promise.reject(refused(description, error)));
  if (!found.PublicKey || found.KeyUsage !== 'SIGN_VERIFY')
    throw new SealError(
      'KEY_UNSUITABLE',
      `cannot sign with ${description}: its usage is ${found.KeyUsage ?? 'unknown'}. Use an asymmetric key for SIGN_VERIFY`,
    );
  const publicKey = found.PublicKey;
  const profile = keyProfile(createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }));
  const bits = profile.digest === 'sha384' ? '384' : '256';
  return {
    ...profile,
    publicKey,
    description,
    async sign(bytes) {
      const signed = await client
        .send(
          new SignCommand({
            KeyId: keyId,
            Message: hash(profile.digest, bytes, 'buffer'),
            MessageType: 'DIGEST',
            SigningAlgorithm: profile.kind === 'rsa' ? `RSASSA_PKCS1_V1_5_SHA_${bits}` : `ECDSA_SHA_${bits}`,
          }),
        )
        .catch((error: unknown) => Promise.reject(refused(description, error)));
      // ECDSA signatures of KMS are DER already (AWS KMS API, Sign).
      return signed.Signature ?? new Uint8Array();
    },
  };
}
