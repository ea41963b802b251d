import { readCertificate } from '../certificate.ts';
import { OID } from '../oids.ts';
import { signatureIdentifier, signChecked } from '../signer.ts';
import {
  bitString,
  context,
  contextPrimitive,
  enumerated,
  generalizedTime,
  integer,
  sequence,
  x509Time,
} from '../der/write.ts';
import type { Ca } from './ca.ts';
import { extension, keyIdentifier } from './issue.ts';

/** A revoked certificate in a CRL. */
export interface Revocation {
  /** Lower-case hex. */
  readonly serial: string;
  readonly at: Date;
  /** CRLReason (RFC 5280 §5.3.1), default 1, key compromise; null states none. */
  readonly reason?: number | null;
  /** When the key is believed to have been lost, before anybody knew (RFC 5280 §5.3.2). Lists only. */
  readonly invalidSince?: Date;
}

export const KEY_COMPROMISE = 1;

/** A certificate revocation list (RFC 5280 §5), DER. */
export async function createCrl(
  ca: Ca,
  options: { number: number; thisUpdate: Date; nextUpdate: Date; revoked?: readonly Revocation[] },
): Promise<Uint8Array> {
  const algorithm = signatureIdentifier(ca.key);
  const revoked = (options.revoked ?? []).map(({ serial, at, reason = KEY_COMPROMISE, invalidSince }) => {
    const extensions = [
      ...(reason === null ? [] : [extension(OID.crlReason, false, enumerated(reason))]),
      ...(invalidSince ? [extension(OID.invalidityDate, false, generalizedTime(invalidSince))] : []),
    ];
    return sequence(
      integer(Buffer.from(serial, 'hex')),
      x509Time(at),
      ...(extensions.length > 0 ? [sequence(...extensions)] : []),
    );
  });
  const tbs = sequence(
    integer(1),
    algorithm,
    readCertificate(ca.certificate).subjectName,
    x509Time(options.thisUpdate),
    x509Time(options.nextUpdate),
    ...(revoked.length > 0 ? [sequence(...revoked)] : []),
    context(
      0,
      sequence(
        extension(
          OID.authorityKeyIdentifier,
          false,
          sequence(contextPrimitive(0, keyIdentifier(ca.key.publicKey))),
        ),
        extension(OID.crlNumber, false, integer(options.number)),
      ),
    ),
  );
  return sequence(tbs, algorithm, bitString(await signChecked(ca.key, tbs)));
}
