import { OID } from '../oids.ts';
import { signatureIdentifier, signChecked, type SigningKey } from '../signer.ts';
import { attribute } from '../cms/write.ts';
import { bitString, integer, sequence, tlv } from '../der/write.ts';
import { encodeName, type SubjectName } from './name.ts';
import { issueCertificate, profileExtensions } from './issue.ts';

/**
 * A certificate signing request (PKCS#10, RFC 2986), DER, signed through the key's own callback: this is how a key in a
 * token or a cloud service, which gives no certificate, gets one from the firm's CA.
 */
export async function createCsr(key: SigningKey, subject: SubjectName): Promise<Uint8Array> {
  const info = sequence(
    integer(0),
    encodeName(subject),
    key.publicKey,
    tlv(0xa0, attribute(OID.extensionRequest, sequence(...profileExtensions('signer')))),
  );
  return sequence(info, signatureIdentifier(key), bitString(await signChecked(key, info)));
}

/**
 * A certificate that a signing key issues to itself, DER. Who signed is then only claimed: the reader must compare the
 * fingerprint with one they received in another way.
 */
export async function createSelfSigned(
  key: SigningKey,
  options: { subject: SubjectName; notBefore: Date; notAfter: Date },
): Promise<Uint8Array> {
  const name = encodeName(options.subject);
  return issueCertificate(key, {
    profile: 'signer',
    subject: name,
    issuer: name,
    publicKey: key.publicKey,
    issuerPublicKey: key.publicKey,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
  });
}
