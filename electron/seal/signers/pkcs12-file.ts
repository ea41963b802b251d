import { createDecipheriv, createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { SealError } from '../error.ts';
import { OID } from '../oids.ts';
import { expectTag, integerHex, malformed, octetsOf, oidOf, parseAsn, type Asn } from '../der/read.ts';

/**
 * Reading of PKCS#12 (RFC 7292) as OpenSSL 3, Windows and Java write it today: PBES2 with AES-CBC and a MAC.
 * Done here rather than with pkijs, whose MAC fails for passphrases beyond ASCII.
 */

/** The bags of one file, decrypted. */
export interface Pkcs12Bags {
  /** PKCS#8, DER. */
  readonly privateKeys: readonly Uint8Array[];
  /** X.509, DER. */
  readonly certificates: readonly Uint8Array[];
}

const WHAT = 'the PKCS#12 file';
const BAG = '1.2.840.113549.1.12.10.1.';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const PBMAC1 = '1.2.840.113549.1.5.14';
const LEGACY = /^1\.2\.840\.113549\.1\.(12\.1|5\.(1|3|4|6|10|11))(\.|$)/;
const CIPHERS: Record<string, string> = {
  '2.16.840.1.101.3.4.1.2': 'aes-128-cbc',
  '2.16.840.1.101.3.4.1.22': 'aes-192-cbc',
  '2.16.840.1.101.3.4.1.42': 'aes-256-cbc',
};
const KEY_BYTES: Record<string, number> = { 'aes-128-cbc': 16, 'aes-192-cbc': 24, 'aes-256-cbc': 32 };
const MAC_HASHES: Record<string, { name: string; block: number }> = {
  [OID.sha1]: { name: 'sha1', block: 64 },
  [OID.sha256]: { name: 'sha256', block: 64 },
  [OID.sha384]: { name: 'sha384', block: 128 },
  [OID.sha512]: { name: 'sha512', block: 128 },
};
const HMACS: Record<string, string> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const MOST_ITERATIONS = 10_000_000;
const MOST_NESTING = 4;

/**
 * Decrypts every bag.
 *
 * @throws SealError PASSPHRASE_WRONG, LEGACY_ENCRYPTION, UNSUPPORTED, MALFORMED
 */
export async function readPkcs12(bytes: Uint8Array, passphrase: string): Promise<Pkcs12Bags> {
  const [version, authSafe, mac] = expectTag(parseAsn(bytes, WHAT), 0x30, WHAT).members;
  if (integerHex(version, WHAT) !== '03') throw malformed(WHAT, 'it is not PKCS#12 version 3');
  const content = dataContent(authSafe);
  const legacyMac = mac ? await checkMac(mac, content, passphrase) : false;
  const bags = { privateKeys: [] as Uint8Array[], certificates: [] as Uint8Array[] };
  for (const part of parseAsn(content, WHAT).members) {
    const encrypted = oidOf(part.members[0], WHAT) === ENCRYPTED_DATA;
    const safe = encrypted ? await encryptedContent(part, passphrase) : dataContent(part);
    await readBags(parseAsn(safe, WHAT), passphrase, bags, 0);
  }
  if (legacyMac === 'failed') throw wrongPassphrase();
  return bags;
}

function wrongPassphrase(cause?: unknown): SealError {
  return new SealError(
    'PASSPHRASE_WRONG',
    `cannot open ${WHAT}: the passphrase is wrong or the file is damaged. Type it again`,
    { cause },
  );
}

function legacy(): SealError {
  return new SealError(
    'LEGACY_ENCRYPTION',
    `cannot open ${WHAT}: it uses legacy encryption (RC2, 3DES or similar). Convert it with: ` +
      'openssl pkcs12 -legacy -in OLD.p12 -aes256 -out TEMP.pem && ' +
      'openssl pkcs12 -export -in TEMP.pem -out NEW.p12 && rm TEMP.pem ' +
      '(each asks for a passphrase) and use NEW.p12',
  );
}

function dataContent(contentInfo: Asn | undefined): Uint8Array {
  if (oidOf(contentInfo?.members[0], WHAT) !== OID.data) {
    throw new SealError(
      'UNSUPPORTED',
      `cannot open ${WHAT}: it is protected with a public key. Export it with a passphrase`,
    );
  }
  return octetsOf(contentInfo?.members[1]?.members[0], WHAT);
}

async function encryptedContent(contentInfo: Asn, passphrase: string): Promise<Uint8Array> {
  const info = contentInfo.members[1]?.members[0]?.members[1];
  const algorithm = info?.members[1];
  const content = info?.members[2];
  if (!algorithm || !content) throw malformed(WHAT, 'an encrypted part is incomplete');
  const pieces =
    content.tag === 0x80
      ? content.value
      : Buffer.concat(content.members.map((piece) => octetsOf(piece, WHAT)));
  return decrypt(algorithm, pieces, passphrase);
}

async function readBags(
  safe: Asn,
  passphrase: string,
  bags: { privateKeys: Uint8Array[]; certificates: Uint8Array[] },
  depth: number,
): Promise<void> {
  if (depth > MOST_NESTING) throw malformed(WHAT, 'its parts are nested too deeply');
  for (const bag of safe.members) {
    const type = oidOf(bag.members[0], WHAT);
    const value = bag.members[1]?.members[0];
    if (!value) throw malformed(WHAT, 'a part is empty');
    if (type === `${BAG}1`) bags.privateKeys.push(value.der);
    if (type === `${BAG}2`) {
      const [algorithm, encrypted] = value.members;
      if (!algorithm) throw malformed(WHAT, 'a key is incomplete');
      const key = await decrypt(algorithm, octetsOf(encrypted, WHAT), passphrase);
      bags.privateKeys.push(parseAsn(key, WHAT).der);
    }
    if (type === `${BAG}3` && oidOf(value.members[0], WHAT) === X509_CERTIFICATE) {
      bags.certificates.push(octetsOf(value.members[1]?.members[0], WHAT));
    }
    if (type === `${BAG}6`) await readBags(value, passphrase, bags, depth + 1);
  }
}

const deriveAsync = promisify(pbkdf2);

/** PBES2 (RFC 8018 §6.2): PBKDF2 over the UTF-8 passphrase, then AES-CBC. */
async function decrypt(algorithm: Asn, ciphertext: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const scheme = oidOf(algorithm.members[0], WHAT);
  if (LEGACY.test(scheme)) throw legacy();
  const [derivation, encryption] = algorithm.members[1]?.members ?? [];
  const cipher = CIPHERS[encryption ? oidOf(encryption.members[0], WHAT) : ''];
  if (scheme !== PBES2 || cipher === undefined) {
    if (encryption && /^1\.2\.840\.113549\.3\./.test(oidOf(encryption.members[0], WHAT))) throw legacy();
    throw new SealError(
      'UNSUPPORTED',
      `cannot open ${WHAT}: its encryption is not known. Export it with AES-256`,
    );
  }
  const key = await derive(derivation, Buffer.from(passphrase, 'utf8'), KEY_BYTES[cipher] ?? 32);
  const decipher = createDecipheriv(cipher, key, octetsOf(encryption?.members[1], WHAT));
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch (cause) {
    throw wrongPassphrase(cause);
  }
}

async function derive(
  derivation: Asn | undefined,
  passphrase: Uint8Array,
  bytes: number,
): Promise<Uint8Array> {
  if (oidOf(derivation?.members[0], WHAT) !== PBKDF2) {
    throw new SealError(
      'UNSUPPORTED',
      `cannot open ${WHAT}: its key derivation is not PBKDF2. Export it with AES-256`,
    );
  }
  const [salt, iterations, ...rest] = derivation?.members[1]?.members ?? [];
  const prf = rest.find((node) => node.tag === 0x30);
  const digest = prf ? HMACS[oidOf(prf.members[0], WHAT)] : 'sha1';
  if (digest === undefined)
    throw new SealError('UNSUPPORTED', `cannot open ${WHAT}: its key derivation hash is not known`);
  return deriveAsync(passphrase, octetsOf(salt, WHAT), count(iterations), bytes, digest);
}

function count(node: Asn | undefined): number {
  const iterations = Number.parseInt(integerHex(node, WHAT), 16);
  if (iterations < 1 || iterations > MOST_ITERATIONS)
    throw malformed(WHAT, 'its iteration count is unreasonable');
  return iterations;
}

/**
 * Checks the MAC (RFC 7292 §4, or PBMAC1 of RFC 9579). A SHA-1 MAC that fails is reported after the bags were looked
 * at, because files with legacy encryption should be named as such whatever the passphrase.
 */
async function checkMac(mac: Asn, content: Uint8Array, passphrase: string): Promise<false | 'failed'> {
  const [digestInfo, salt, iterations] = mac.members;
  const algorithm = digestInfo?.members[0];
  const expected = octetsOf(digestInfo?.members[1], WHAT);
  const oid = oidOf(algorithm?.members[0], WHAT);
  let actual: Uint8Array;
  if (oid === PBMAC1) {
    const [derivation, scheme] = algorithm?.members[1]?.members ?? [];
    const name = HMACS[oidOf(scheme?.members[0], WHAT)];
    if (name === undefined)
      throw new SealError('UNSUPPORTED', `cannot open ${WHAT}: its integrity check is not known`);
    const key = await derive(derivation, Buffer.from(passphrase, 'utf8'), expected.length);
    actual = createHmac(name, key).update(content).digest();
  } else {
    const hashing = MAC_HASHES[oid];
    if (hashing === undefined)
      throw new SealError('UNSUPPORTED', `cannot open ${WHAT}: its integrity check is not known`);
    const key = macKey(hashing, passphrase, octetsOf(salt, WHAT), iterations ? count(iterations) : 1);
    actual = createHmac(hashing.name, key).update(content).digest();
  }
  if (actual.length === expected.length && timingSafeEqual(actual, expected)) return false;
  if (oid === OID.sha1) return 'failed';
  throw wrongPassphrase();
}

/** Key derivation of RFC 7292 Appendix B.2 with ID 3, for which one block is always enough. */
export function macKey(
  hashing: { name: string; block: number },
  passphrase: string,
  salt: Uint8Array,
  iterations: number,
): Uint8Array {
  const secret = Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
  const fill = (bytes: Uint8Array): Uint8Array =>
    bytes.length === 0 ? bytes : Buffer.alloc(hashing.block * Math.ceil(bytes.length / hashing.block), bytes);
  let key = createHash(hashing.name)
    .update(Buffer.alloc(hashing.block, 3))
    .update(fill(salt))
    .update(fill(secret))
    .digest();
  for (let round = 1; round < iterations; round++) key = createHash(hashing.name).update(key).digest();
  return key;
}
