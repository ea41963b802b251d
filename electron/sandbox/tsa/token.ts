import { digestIdentifier, type Imprint } from '../../seal/digest.ts';
import { OID } from '../../seal/oids.ts';
import type { Signer } from '../../seal/signer.ts';
import { imprintOf } from '../../seal/digest.ts';
import { signCms } from '../../seal/cms/write.ts';
import { readCertificate } from '../../seal/certificate.ts';
import { ownCertificate } from '../../seal/signer.ts';
import {
  context,
  contextPrimitive,
  bitString,
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  utf8String,
} from '../../seal/der/write.ts';

/** What one token states. */
export interface TokenStatement {
  readonly imprint: Imprint;
  readonly nonce: Uint8Array | null;
  readonly policy: string;
  readonly serial: Uint8Array;
  readonly genTime: Date;
  readonly withCertificates: boolean;
}

/** A time-stamp token (RFC 3161 §2.4.2): TSTInfo with one second's accuracy, signed with ESSCertIDv2 (RFC 5816). */
export async function createToken(authority: Signer, statement: TokenStatement): Promise<Uint8Array> {
  const { subjectName } = readCertificate(ownCertificate(authority));
  const content = sequence(
    integer(1),
    objectIdentifier(statement.policy),
    sequence(digestIdentifier(statement.imprint.algorithm), octetString(statement.imprint.digest)),
    integer(statement.serial),
    generalizedTime(statement.genTime),
    sequence(integer(1), contextPrimitive(0, Uint8Array.of(1))),
    ...(statement.nonce === null ? [] : [integer(statement.nonce)]),
    context(0, context(4, subjectName)),
  );
  return signCms(authority, {
    contentType: OID.tstInfo,
    digest: imprintOf(content, authority.digest).digest,
    content,
    ...(statement.withCertificates ? {} : { certificates: [] }),
  });
}

/** TimeStampResp with a token: status 0, granted. */
export const grantedResponse = (token: Uint8Array): Uint8Array => sequence(sequence(integer(0)), token);

/** TimeStampResp without one: status 2, rejection, with a text and a PKIFailureInfo bit. */
export function rejectedResponse(text: string, failureBit: number): Uint8Array {
  const bits = new Uint8Array((failureBit >> 3) + 1);
  bits[failureBit >> 3] = 0x80 >> (failureBit & 7);
  return sequence(sequence(integer(2), sequence(utf8String(text)), bitString(bits, 7 - (failureBit & 7))));
}
