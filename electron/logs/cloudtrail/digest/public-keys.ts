import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { asObject, asText } from '../parse-record.ts';

/** Public keys of CloudTrail, by Region and fingerprint. A key that no answer gives is not known. */
export interface DigestKeys {
  find(region: string, fingerprint: string): KeyObject | null;
  /** Whether any answer with keys of the Region is there. */
  knows(region: string): boolean;
}

/**
 * Collects the keys of ListPublicKeys answers. The fingerprint is computed from the key itself: MD5 over the DER bytes
 * as given, which are PKCS#1 or SubjectPublicKeyInfo. Imported answers do not say their Region: they serve for all.
 */
export function digestKeys(answers: Iterable<{ region: string | null; body: unknown }>): DigestKeys {
  const keys = new Map<string, KeyObject>();
  const regions = new Set<string>();
  for (const { region, body } of answers) {
    const list = asObject(body).PublicKeyList;
    if (!Array.isArray(list)) continue;
    regions.add(region ?? ANYWHERE);
    for (const item of list) {
      const value = asText(asObject(item).Value);
      const der = value === null ? null : Buffer.from(value, 'base64');
      const key = der && readKey(der);
      if (!der || !key) continue;
      keys.set(`${region ?? ANYWHERE} ${createHash('md5').update(der).digest('hex')}`, key);
    }
  }
  return {
    find: (region, fingerprint) =>
      keys.get(`${region} ${fingerprint}`) ?? keys.get(`${ANYWHERE} ${fingerprint}`) ?? null,
    knows: (region) => regions.has(region) || regions.has(ANYWHERE),
  };
}

const ANYWHERE = '*';

function readKey(der: Buffer): KeyObject | null {
  for (const type of ['pkcs1', 'spki'] as const) {
    try {
      const key = createPublicKey({ key: der, format: 'der', type });
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch {
      // The other form, or none.
    }
  }
  return null;
}

/** Checks RSASSA-PKCS1-v1_5 with SHA-256 over the text; false for a signature that is no hex, too. */
export function isSigned(text: string, signatureHex: string, key: KeyObject): boolean {
  if (!/^(?:[0-9a-f]{2})+$/i.test(signatureHex)) return false;
  return verify('RSA-SHA256', Buffer.from(text), key, Buffer.from(signatureHex, 'hex'));
}
