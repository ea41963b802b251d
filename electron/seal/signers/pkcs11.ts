import { createRequire } from 'node:module';
import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { octetsOf, parseAsn } from '../der/read.ts';
import { SealError } from '../error.ts';
import { OID } from '../oids.ts';
import { bitString, objectIdentifier, sequence } from '../der/write.ts';
import { keyProfile, withCertificates, type Signer, type SigningKey } from '../signer.ts';
import { ecdsaDer } from './ecdsa-der.ts';
import { refused } from './refused.ts';

/** Where a token's key is (RFC 7512 has the words). */
export interface Pkcs11Key {
  /** The vendor's library: .so, .dll, .dylib. */
  readonly module: string;
  /** Label of the token; the only one present when absent. */
  readonly token?: string;
  /** Label of the key; the only private key when absent. */
  readonly object?: string;
  readonly pin: string;
  /** Folder whose node_modules holds pkcs11js; default the working folder. */
  readonly installedIn?: string;
}

/** The part of pkcs11js that is used: a thin layer over Cryptoki (PKCS#11 2.40). */
interface Cryptoki {
  load(path: string): void;
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Buffer[];
  C_GetTokenInfo(slot: Buffer): { label: string };
  C_OpenSession(slot: Buffer, flags: number): Buffer;
  C_Login(session: Buffer, userType: number, pin: string): void;
  C_Logout(session: Buffer): void;
  C_CloseSession(session: Buffer): void;
  C_FindObjectsInit(session: Buffer, template: Attribute[]): void;
  C_FindObjects(session: Buffer, most: number): Buffer[];
  C_FindObjectsFinal(session: Buffer): void;
  C_GetAttributeValue(session: Buffer, object: Buffer, template: Attribute[]): { value: Buffer }[];
  C_SignInit(session: Buffer, mechanism: { mechanism: number }, key: Buffer): void;
  C_Sign(session: Buffer, data: Buffer, into: Buffer): Buffer;
}
interface Attribute {
  type: number;
  value?: Buffer | number | boolean | string;
}

/** Numbers of PKCS#11 2.40 (pkcs11t.h). */
const CKF_SERIAL_SESSION = 4;
const CKU_USER = 1;
const CKO = { certificate: 1, publicKey: 2, privateKey: 3 };
const CKA = {
  class: 0,
  value: 0x11,
  id: 0x102,
  label: 3,
  keyType: 0x100,
  modulus: 0x120,
  exponent: 0x122,
  params: 0x180,
  point: 0x181,
};
const CKK_RSA = 0;
const CKM = { sha256RsaPkcs: 0x40, ecdsa: 0x1041 };

/**
 * A key of a PKCS#11 token (smart card, YubiKey, HSM, SoftHSM) with the certificates that the token has for it. The PIN
 * is used and forgotten. `close` logs out.
 *
 * @throws SealError PKCS11_UNAVAILABLE when the pkcs11js package is not installed, KEY_SERVICE_REFUSED in the token's words
 */
export async function openPkcs11Key(
  place: Pkcs11Key,
): Promise<{ key: SigningKey; certificates: readonly Uint8Array[]; close: () => void }> {
  const cryptoki = loadCryptoki(place.installedIn ?? process.cwd());
  const description = `PKCS#11 token${place.token ? ` "${place.token}"` : ''}${place.object ? `, key "${place.object}"` : ''}`;
  return attempt(description, () => {
    cryptoki.load(place.module);
    cryptoki.C_Initialize();
    const slot = slotOf(cryptoki, place.token, description);
    const session = cryptoki.C_OpenSession(slot, CKF_SERIAL_SESSION);
    cryptoki.C_Login(session, CKU_USER, place.pin);
    const label = place.object ? [{ type: CKA.label, value: place.object }] : [];
    const own = only(
      find(cryptoki, session, [{ type: CKA.class, value: CKO.privateKey }, ...label]),
      description,
    );
    const [id] = cryptoki.C_GetAttributeValue(session, own, [{ type: CKA.id }]);
    const same = [{ type: CKA.id, value: id!.value }];
    const publicObject = only(
      find(cryptoki, session, [{ type: CKA.class, value: CKO.publicKey }, ...same]),
      description,
    );
    const certificates = find(cryptoki, session, [{ type: CKA.class, value: CKO.certificate }, ...same]).map(
      (object) =>
        new Uint8Array(cryptoki.C_GetAttributeValue(session, object, [{ type: CKA.value }])[0]!.value),
    );
    const publicKey = publicKeyOf(cryptoki, session, publicObject);
    const profile = keyProfile(publicKey);
    const key: SigningKey = {
      ...profile,
      publicKey: publicKey.export({ type: 'spki', format: 'der' }),
      description,
      sign: async (bytes) =>
        attempt(description, () => {
          const mechanism = profile.kind === 'rsa' ? CKM.sha256RsaPkcs : CKM.ecdsa;
          cryptoki.C_SignInit(session, { mechanism }, own);
          // ECDSA in a token signs a digest, and gives r and s side by side.
          const data = profile.kind === 'rsa' ? Buffer.from(bytes) : hash(profile.digest, bytes, 'buffer');
          const signature = cryptoki.C_Sign(session, data, Buffer.alloc(1024));
          return profile.kind === 'rsa' ? new Uint8Array(signature) : ecdsaDer(signature);
        }),
    };
    const close = (): void => {
      cryptoki.C_Logout(session);
      cryptoki.C_CloseSession(session);
      cryptoki.C_Finalize();
    };
    return { key, certificates, close };
  });
}

/** A token's key with its certificates; those given come first where the token holds none. */
export async function openPkcs11(
  place: Pkcs11Key,
  certificates: readonly Uint8Array[] = [],
): Promise<Signer & { close: () => void }> {
  const token = await openPkcs11Key(place);
  const all = certificates.length > 0 ? certificates : token.certificates;
  return { ...withCertificates(token.key, all), close: token.close };
}

function loadCryptoki(folder: string): Cryptoki {
  try {
    const require = createRequire(join(folder, 'package.json'));
    const { PKCS11 } = require('pkcs11js') as { PKCS11: new () => Cryptoki };
    return new PKCS11();
  } catch (cause) {
    throw new SealError(
      'PKCS11_UNAVAILABLE',
      'cannot use a PKCS#11 token: the package pkcs11js is not installed. It is compiled on the machine that uses it ' +
        '(C++ compiler and Python needed): npm install --no-save --foreground-scripts pkcs11js, then try again',
      { cause },
    );
  }
}

function attempt<T>(description: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SealError) throw error;
    throw refused(description, error);
  }
}

function slotOf(cryptoki: Cryptoki, token: string | undefined, description: string): Buffer {
  const slots = cryptoki.C_GetSlotList(true);
  const named = slots.filter(
    (slot) => token === undefined || cryptoki.C_GetTokenInfo(slot).label.trim() === token,
  );
  return only(named, description);
}

function find(cryptoki: Cryptoki, session: Buffer, template: Attribute[]): Buffer[] {
  cryptoki.C_FindObjectsInit(session, template);
  const found = cryptoki.C_FindObjects(session, 100);
  cryptoki.C_FindObjectsFinal(session);
  return found;
}

function only(found: readonly Buffer[], description: string): Buffer {
  const [one] = found;
  if (one && found.length === 1) return one;
  throw new SealError(
    'PRIVATE_KEY_MISSING',
    `cannot sign with ${description}: ${found.length} tokens or keys fit. Name the token and the object`,
  );
}

function publicKeyOf(cryptoki: Cryptoki, session: Buffer, object: Buffer): KeyObject {
  const read = (type: number): Buffer => cryptoki.C_GetAttributeValue(session, object, [{ type }])[0]!.value;
  if (read(CKA.keyType).readUInt8() === CKK_RSA) {
    const [n, e] = [read(CKA.modulus), read(CKA.exponent)].map((value) => value.toString('base64url'));
    return createPublicKey({ key: { kty: 'RSA', n: n!, e: e! }, format: 'jwk' });
  }
  // CKA_EC_POINT is the point inside an OCTET STRING (PKCS#11 2.40 §2.3.3).
  const point = octetsOf(parseAsn(read(CKA.point), 'a token’s public key'), 'a token’s public key');
  const spki = sequence(sequence(objectIdentifier(OID.ecPublicKey), read(CKA.params)), bitString(point));
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}
