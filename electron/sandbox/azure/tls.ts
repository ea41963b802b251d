import type { KeyObject } from 'node:crypto';
import { createCa, generateKey } from '../../seal/pki/ca.ts';
import { extension, freshSerial, keyIdentifier } from '../../seal/pki/issue.ts';
import { encodeName } from '../../seal/pki/name.ts';
import { readCertificate } from '../../seal/certificate.ts';
import { OID } from '../../seal/oids.ts';
import { localSigningKey, signatureIdentifier, signChecked } from '../../seal/signer.ts';
import {
  bitString,
  context,
  contextPrimitive,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  x509Time,
} from '../../seal/der/write.ts';

/** What the sandbox's servers present, and the authority that a client must be told to trust. PEM. */
export interface LoopbackTls {
  ca: string;
  certificate: string;
  key: KeyObject;
}

const SUBJECT_ALT_NAME = '2.5.29.17';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const DAY_MS = 86_400_000;

const pem = (der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};

/** Azure's own host names, which the gateway answers to. */
const AZURE_HOSTS = [
  'login.microsoftonline.com',
  'management.azure.com',
  'api.loganalytics.io',
  'graph.microsoft.com',
  '*.vault.azure.net',
  '*.managedhsm.azure.net',
  '*.blob.core.windows.net',
];

/** A certificate for localhost, 127.0.0.1 and Azure's hosts from an authority that exists only for this run (RFC 5280, RFC 6125). */
export async function createLoopbackTls(): Promise<LoopbackTls> {
  const notBefore = new Date(Date.now() - DAY_MS);
  const notAfter = new Date(Date.now() + 7 * DAY_MS);
  const ca = await createCa({
    subject: { commonName: 'Sample environment CA', organization: 'SAMPLE - NOT EVIDENCE' },
    notBefore,
    notAfter,
  });
  const key = await generateKey('p256');
  const { publicKey } = localSigningKey(key, 'the key of the sample servers');
  const algorithm = signatureIdentifier(ca.key);
  const names = sequence(
    ...['localhost', ...AZURE_HOSTS].map((name) => contextPrimitive(2, Buffer.from(name, 'latin1'))),
    contextPrimitive(7, Uint8Array.of(127, 0, 0, 1)),
  );
  const tbs = sequence(
    context(0, integer(2)),
    integer(freshSerial()),
    algorithm,
    readCertificate(ca.certificate).subjectName,
    sequence(x509Time(notBefore), x509Time(notAfter)),
    encodeName({ commonName: 'localhost' }),
    publicKey,
    context(
      3,
      sequence(
        extension(OID.basicConstraints, true, sequence()),
        extension(OID.keyUsage, true, bitString(Uint8Array.of(0x80), 7)),
        extension(OID.extendedKeyUsage, false, sequence(objectIdentifier(SERVER_AUTH))),
        extension(SUBJECT_ALT_NAME, false, names),
        extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(publicKey))),
        extension(
          OID.authorityKeyIdentifier,
          false,
          sequence(contextPrimitive(0, keyIdentifier(ca.key.publicKey))),
        ),
      ),
    ),
  );
  const certificate = sequence(tbs, algorithm, bitString(await signChecked(ca.key, tbs)));
  return { ca: pem(ca.certificate), certificate: pem(certificate), key };
}
