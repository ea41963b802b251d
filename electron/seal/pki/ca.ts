import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { readCertificate } from '../certificate.ts';
import { localSigningKey, withCertificates, type Signer, type SigningKey } from '../signer.ts';
import { encodeName, type SubjectName } from './name.ts';
import { issueCertificate, type CertificateProfile } from './issue.ts';

const generate = promisify(generateKeyPair);

/** Kinds of key we make: RSA 3072, P-256 and P-384. */
export type KeyKind = 'rsa' | 'p256' | 'p384';

/** A new private key in this process. RSA takes about half a second. */
export async function generateKey(kind: KeyKind): Promise<KeyObject> {
  if (kind === 'rsa') return (await generate('rsa', { modulusLength: 3072 })).privateKey;
  return (await generate('ec', { namedCurve: kind === 'p256' ? 'prime256v1' : 'secp384r1' })).privateKey;
}

/** A certificate authority held in memory: for the sample environment and for tests, not for production. */
export interface Ca {
  readonly key: SigningKey;
  /** Its own certificate, DER, self-signed. */
  readonly certificate: Uint8Array;
  /** Issues a certificate for a public key (SubjectPublicKeyInfo, DER). */
  issue(request: IssueRequest): Promise<Uint8Array>;
}

/** A certificate wanted from a CA. Dates default to the CA's own. */
export interface IssueRequest {
  readonly profile: CertificateProfile;
  readonly subject: SubjectName;
  readonly publicKey: Uint8Array;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly crlUrl?: string;
  readonly ocspUrl?: string;
  readonly issuerUrl?: string;
}

/** Makes a CA with a key of its own. */
export async function createCa(options: {
  subject: SubjectName;
  kind?: KeyKind;
  notBefore: Date;
  notAfter: Date;
}): Promise<Ca> {
  const { notBefore, notAfter } = options;
  const key = localSigningKey(
    await generateKey(options.kind ?? 'p256'),
    `CA "${options.subject.commonName}"`,
  );
  const subject = encodeName(options.subject);
  const own = { subject, issuer: subject, publicKey: key.publicKey, issuerPublicKey: key.publicKey };
  const certificate = await issueCertificate(key, { profile: 'ca', ...own, notBefore, notAfter });
  return {
    key,
    certificate,
    issue: (request) =>
      issueCertificate(key, {
        notBefore,
        notAfter,
        ...request,
        subject: encodeName(request.subject),
        issuer: readCertificate(certificate).subjectName,
        issuerPublicKey: key.publicKey,
      }),
  };
}

/** A new key in this process with a certificate from a CA; the CA's certificate comes along. */
export async function createCertifiedKey(
  ca: Ca,
  options: Omit<IssueRequest, 'publicKey'> & { kind?: KeyKind },
): Promise<{ privateKey: KeyObject; signer: Signer }> {
  const { kind = 'p256', ...request } = options;
  const privateKey = await generateKey(kind);
  const key = localSigningKey(privateKey, `a key made for "${request.subject.commonName}"`);
  const certificate = await ca.issue({ ...request, publicKey: key.publicKey });
  return { privateKey, signer: withCertificates(key, [certificate, ca.certificate]) };
}
