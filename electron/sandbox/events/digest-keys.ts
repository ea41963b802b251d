import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { DAY } from '../company/time.ts';
import type { Company, Instant } from '../company/types.ts';
import { DIGEST_SIGNING_KEYS } from './digest-signing-keys.ts';
import { SampleLogError } from './error.ts';

/** As ListPublicKeys gives it (CloudTrail API reference, "PublicKey"). */
export interface DigestPublicKey {
  /** MD5 of the DER bytes, 32 hexadecimal digits. */
  fingerprint: string;
  validFrom: Instant;
  validTo: Instant;
  /** DER: PKCS#1 RSAPublicKey; in eu-west-1 SubjectPublicKeyInfo, which readers must take too. */
  der: Buffer;
}

interface SigningKey {
  public: DigestPublicKey;
  private: KeyObject;
}

/** The Region whose public keys come as SubjectPublicKeyInfo. */
const SPKI_REGION = 'eu-west-1';

const keysOf = new WeakMap<Company, Map<string, [SigningKey, SigningKey]>>();

function signingKeys(company: Company, region: string): [SigningKey, SigningKey] {
  let byRegion = keysOf.get(company);
  if (!byRegion) keysOf.set(company, (byRegion = new Map<string, [SigningKey, SigningKey]>()));
  let keys = byRegion.get(region);
  if (!keys) {
    const stored = DIGEST_SIGNING_KEYS[region];
    if (!stored) {
      throw new SampleLogError(
        'no-signing-key',
        `cannot sign digests for Region ${region}: the sandbox has no key for it. Use ${Object.keys(DIGEST_SIGNING_KEYS).join(', ')}.`,
      );
    }
    const { from, to } = company.period;
    const change = changeOver(company);
    keys = [
      signingKey(stored[0], region, from - 60 * DAY, change + 7 * DAY),
      signingKey(stored[1], region, change - 7 * DAY, to + 60 * DAY),
    ];
    byRegion.set(region, keys);
  }
  return keys;
}

/** From this moment on digests are signed with the second key; both keys are valid around it. */
const changeOver = ({ period }: Company): Instant =>
  period.from + Math.floor((period.to - period.from) / 2 / DAY) * DAY;

function signingKey(base64: string, region: string, validFrom: Instant, validTo: Instant): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
  const der = createPublicKey(privateKey).export({
    type: region === SPKI_REGION ? 'spki' : 'pkcs1',
    format: 'der',
  });
  const fingerprint = createHash('md5').update(der).digest('hex');
  return { public: { fingerprint, validFrom, validTo, der }, private: privateKey };
}

/**
 * What ListPublicKeys answers in this Region: the keys valid at some time in [start, end]. Without a start: the key in
 * use now; without an end: up to now.
 * @throws SampleLogError no-signing-key, for a Region the company does not use.
 */
export function digestPublicKeys(
  company: Company,
  region: string,
  start?: Instant,
  end?: Instant,
): DigestPublicKey[] {
  const [first, second] = signingKeys(company, region);
  if (start === undefined && end === undefined) return [second.public];
  const to = end ?? company.now;
  const from = start ?? to;
  return [first.public, second.public].filter((key) => key.validFrom <= to && key.validTo >= from);
}

/** Signs the digest that ends at this moment: RSASSA-PKCS1-v1_5 with SHA-256, in hexadecimal. */
export function signDigest(
  company: Company,
  region: string,
  end: Instant,
): { fingerprint: string; sign(text: string): string } {
  const [first, second] = signingKeys(company, region);
  const key = end < changeOver(company) ? first : second;
  return {
    fingerprint: key.public.fingerprint,
    sign: (text) => sign('RSA-SHA256', Buffer.from(text, 'utf8'), key.private).toString('hex'),
  };
}
