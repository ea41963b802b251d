import { readCertificate } from '../certificate.ts';
import { OID } from '../oids.ts';
import { signatureIdentifier, signChecked } from '../signer.ts';
import {
  bitString,
  context,
  contextPrimitive,
  enumerated,
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
}

/** A certificate revocation list (RFC 5280 §5), DER. */
export async function createCrl(
  ca: Ca,
  options: { number: number; thisUpdate: Date; nextUpdate: Date; revoked?: readonly Revocation[] },
): Promise<Uint8Array> {
  const algorithm = signatureIdentifier(ca.key);
  const revoked = (options.revoked ?? []).map(({ serial, at }) =>
    sequence(
      integer(Buffer.from(serial, 'hex')),
      x509Time(at),
      sequence(extension(OID.crlReason, false, enumerated(1))),
    ),
  );
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
