import { SealError } from '../error.ts';

/** Where a signing key is, as named on the command line. */
export type SignerPlace =
  | { readonly kind: 'pkcs12'; readonly file: string }
  | { readonly kind: 'pkcs11'; readonly module: string; readonly token?: string; readonly object?: string }
  | { readonly kind: 'aws-kms'; readonly keyId: string; readonly region?: string; readonly profile?: string }
  | { readonly kind: 'azure-key-vault'; readonly url: string }
  | { readonly kind: 'vault-transit'; readonly mount: string; readonly name: string };

export const SIGNER_FORMS =
  'FILE.p12, "pkcs11:token=LABEL;object=LABEL?module-path=/path/to/library.so" (RFC 7512), aws-kms:KEY-ID-ARN-OR-ALIAS ' +
  '(?region=…&profile=…), azure-key-vault:https://VAULT.vault.azure.net/keys/NAME, vault-transit:MOUNT/NAME (VAULT_ADDR, VAULT_TOKEN)';

/** @throws SealError SIGNER_UNKNOWN */
export function parseSignerPlace(text: string): SignerPlace {
  const [scheme = '', rest = ''] = split(text, ':');
  const [path = '', query = ''] = split(rest, '?');
  switch (scheme) {
    case 'pkcs11': {
      const attributes = new Map([...path.split(';'), ...query.split('&')].filter(Boolean).map(pair));
      const module = attributes.get('module-path');
      if (!module) throw unknown(text, 'it names no module-path');
      const [token, object] = [attributes.get('token'), attributes.get('object')];
      return { kind: 'pkcs11', module, ...(token ? { token } : {}), ...(object ? { object } : {}) };
    }
    case 'aws-kms': {
      const options = new Map(query.split('&').filter(Boolean).map(pair));
      const [region, profile] = [options.get('region'), options.get('profile')];
      if (path === '') throw unknown(text, 'it names no key');
      return {
        kind: 'aws-kms',
        keyId: path,
        ...(region ? { region } : {}),
        ...(profile ? { profile } : {}),
      };
    }
    case 'azure-key-vault':
      return { kind: 'azure-key-vault', url: rest };
    case 'vault-transit': {
      const at = path.lastIndexOf('/');
      if (at <= 0 || at === path.length - 1) throw unknown(text, 'it is not MOUNT/NAME');
      return { kind: 'vault-transit', mount: path.slice(0, at), name: path.slice(at + 1) };
    }
    default:
      // A letter before the colon is a drive of Windows.
      if (scheme.length > 1 && rest !== '' && /^[a-z][a-z0-9-]+$/.test(scheme))
        throw unknown(text, `"${scheme}" is no kind of signer`);
      return { kind: 'pkcs12', file: text };
  }
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

/** Attributes of RFC 7512 are percent-encoded. */
function pair(text: string): [string, string] {
  const [name, value] = split(text, '=');
  try {
    return [name, decodeURIComponent(value)];
  } catch {
    return [name, value];
  }
}

const unknown = (text: string, reason: string): SealError =>
  new SealError('SIGNER_UNKNOWN', `cannot use the signer "${text}": ${reason}. Give one of: ${SIGNER_FORMS}`);
