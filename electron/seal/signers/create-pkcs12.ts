import { createCipheriv, createHmac, pbkdf2Sync, randomBytes, type KeyObject } from 'node:crypto';
import { OID } from '../oids.ts';
import { digestIdentifier } from '../digest.ts';
import { context, integer, nullValue, objectIdentifier, octetString, sequence } from '../der/write.ts';
import { macKey } from './pkcs12-file.ts';

const ITERATIONS = 100_000;
const BAG = '1.2.840.113549.1.12.10.1.';
const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const HMAC_SHA256 = '1.2.840.113549.2.9';
const AES_256_CBC = '2.16.840.1.101.3.4.1.42';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';

/**
 * A PKCS#12 file (RFC 7292) with one key and its certificates: PBES2 with AES-256 over the key, SHA-256 MAC over all,
 * which OpenSSL 3, Windows and macOS read. Certificates are public and stay unencrypted.
 */
export function createPkcs12(
  privateKey: KeyObject,
  certificates: readonly Uint8Array[],
  passphrase: string,
): Uint8Array {
  const certificateBags = certificates.map((der) =>
    sequence(
      objectIdentifier(`${BAG}3`),
      context(0, sequence(objectIdentifier(X509_CERTIFICATE), context(0, octetString(der)))),
    ),
  );
  const keyBag = sequence(objectIdentifier(`${BAG}2`), context(0, encryptedKey(privateKey, passphrase)));
  const content = sequence(data(sequence(...certificateBags)), data(sequence(keyBag)));
  const salt = randomBytes(16);
  const key = macKey({ name: 'sha256', block: 64 }, passphrase, salt, ITERATIONS);
  const mac = createHmac('sha256', key).update(content).digest();
  const digestInfo = sequence(digestIdentifier('sha256'), octetString(mac));
  return sequence(integer(3), data(content), sequence(digestInfo, octetString(salt), integer(ITERATIONS)));
}

const data = (content: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(OID.data), context(0, octetString(content)));

/** EncryptedPrivateKeyInfo (RFC 5958 §3) under PBES2. */
function encryptedKey(privateKey: KeyObject, passphrase: string): Uint8Array {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = pbkdf2Sync(Buffer.from(passphrase, 'utf8'), salt, ITERATIONS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const derivation = sequence(
    objectIdentifier(PBKDF2),
    sequence(octetString(salt), integer(ITERATIONS), sequence(objectIdentifier(HMAC_SHA256), nullValue())),
  );
  const encryption = sequence(objectIdentifier(AES_256_CBC), octetString(iv));
  return sequence(
    sequence(objectIdentifier(PBES2), sequence(derivation, encryption)),
    octetString(encrypted),
  );
}
