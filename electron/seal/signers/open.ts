import { readFileSync } from 'node:fs';
import { SealError } from '../error.ts';
import { withCertificates, type Signer, type SigningKey } from '../signer.ts';
import type { SignerPlace } from './place.ts';
import { openPkcs12 } from './pkcs12.ts';

/** A key that was opened, with the certificates found beside it (its own first; none for cloud keys). */
export interface OpenedKey {
  readonly key: SigningKey;
  readonly certificates: readonly Uint8Array[];
  /** Logs out of a token. */
  readonly close: () => void;
}

/** How secrets are had: asked from a person, or from the environment. Never stored. */
export type AskSecret = (question: string) => Promise<string>;

const stay = (): void => undefined;

/**
 * Opens a signing key wherever it lives. Libraries of a provider are loaded only when its key is asked for.
 *
 * @throws SealError of the kind of key
 */
export async function openKey(place: SignerPlace, ask: AskSecret): Promise<OpenedKey> {
  switch (place.kind) {
    case 'pkcs12': {
      const signer = await openPkcs12(readFileSync(place.file), await ask(`Passphrase of ${place.file}: `));
      return { key: signer, certificates: signer.certificates, close: stay };
    }
    case 'pkcs11': {
      const { openPkcs11Key } = await import('./pkcs11.ts');
      return openPkcs11Key({ ...place, pin: await ask(`PIN of the token ${place.token ?? ''}: `) });
    }
    case 'aws-kms': {
      const { openAwsKmsKey } = await import('./aws-kms.ts');
      const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
      const credentials = fromNodeProviderChain(place.profile ? { profile: place.profile } : {});
      return { key: await openAwsKmsKey(place, { credentials }), certificates: [], close: stay };
    }
    case 'azure-key-vault': {
      const { openAzureKey } = await import('./azure-key-vault.ts');
      const { DefaultAzureCredential } = await import('@azure/identity');
      return { key: await openAzureKey(place, new DefaultAzureCredential()), certificates: [], close: stay };
    }
    case 'vault-transit': {
      const { openTransitKey } = await import('./vault-transit.ts');
      const address = process.env['VAULT_ADDR'];
      if (!address)
        throw new SealError(
          'KEY_SERVICE_REFUSED',
          'cannot sign with Vault: its address is not known. Set VAULT_ADDR and VAULT_TOKEN',
        );
      const namespace = process.env['VAULT_NAMESPACE'];
      const token = process.env['VAULT_TOKEN'] ?? (await ask('Vault token: '));
      const key = await openTransitKey({ ...place, address, token, ...(namespace ? { namespace } : {}) });
      return { key, certificates: [], close: stay };
    }
  }
}

/**
 * Opens a key as a signer.
 *
 * @param certificates DER, the key's own first; needed where the key comes without (cloud services).
 * @throws SealError CERTIFICATE_MISSING, CERTIFICATE_UNSUITABLE …
 */
export async function openSigner(
  place: SignerPlace,
  ask: AskSecret,
  certificates: readonly Uint8Array[] = [],
): Promise<Signer> {
  const opened = await openKey(place, ask);
  return withCertificates(opened.key, certificates.length > 0 ? certificates : opened.certificates);
}
