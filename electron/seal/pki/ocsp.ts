import { readCertificate } from '../certificate.ts';
import { octetsOf, parseAsn } from '../der/read.ts';
import { OID } from '../oids.ts';
import { ownCertificate, signatureIdentifier, signChecked, type Signer } from '../signer.ts';
import {
  bitString,
  context,
  contextPrimitive,
  enumerated,
  generalizedTime,
  objectIdentifier,
  octetString,
  sequence,
} from '../der/write.ts';
import { KEY_COMPROMISE, type Revocation } from './crl.ts';

/** Serial number (lower-case hex) and CertID of what a request asks about (RFC 6960 §4.1.1). */
export function parseOcspRequest(der: Uint8Array): { serial: string; id: Uint8Array } {
  const what = 'an OCSP request';
  const id = parseAsn(der, what).members[0]?.members.find((part) => part.tag === 0x30)?.members[0]
    ?.members[0];
  const serial = id?.members[3];
  void octetsOf(id?.members[1], what);
  return {
    serial: Buffer.from(serial!.value)
      .toString('hex')
      .replace(/^(00)+(?=..)/, ''),
    id: id!.der,
  };
}

/** OCSPResponse with one answer (RFC 6960 §4.2.1), signed by a responder whose certificate goes inside. */
export async function createOcspResponse(
  responder: Signer,
  answer: { id: Uint8Array; revoked: Revocation | null; producedAt: Date; nextUpdate: Date },
): Promise<Uint8Array> {
  const { subjectName } = readCertificate(ownCertificate(responder));
  const status = answer.revoked ? revokedInfo(answer.revoked) : contextPrimitive(0, new Uint8Array());
  const single = sequence(
    answer.id,
    status,
    generalizedTime(answer.producedAt),
    context(0, generalizedTime(answer.nextUpdate)),
  );
  const data = sequence(context(1, subjectName), generalizedTime(answer.producedAt), sequence(single));
  const basic = sequence(
    data,
    signatureIdentifier(responder),
    bitString(await signChecked(responder, data)),
    context(0, sequence(ownCertificate(responder))),
  );
  return sequence(enumerated(0), context(0, sequence(objectIdentifier(OID.ocspBasic), octetString(basic))));
}

const revokedInfo = ({ at, reason = KEY_COMPROMISE }: Revocation): Uint8Array =>
  context(1, generalizedTime(at), ...(reason === null ? [] : [context(0, enumerated(reason))]));
