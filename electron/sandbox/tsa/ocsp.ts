import { createCertifiedKey, type Ca, type KeyKind } from '../../seal/pki/ca.ts';
import type { Revocation } from '../../seal/pki/crl.ts';
import { createOcspResponse, parseOcspRequest } from '../../seal/pki/ocsp.ts';
import { SAMPLE_MARK } from '../../seal/sample-mark.ts';
import type { Signer } from '../../seal/signer.ts';

const DAY = 24 * 3_600_000;

/** A responder that the CA appoints (RFC 6960 §4.2.2.2), with a key of its own. */
export async function createResponder(
  ca: Ca,
  kind: KeyKind,
  notBefore: Date,
  notAfter: Date,
): Promise<Signer> {
  const { signer } = await createCertifiedKey(ca, {
    profile: 'ocsp',
    kind,
    subject: { commonName: `Keywitness sample OCSP responder (${SAMPLE_MARK})`, organization: SAMPLE_MARK },
    notBefore,
    notAfter,
  });
  return signer;
}

/** The answer to one request: good, unless the certificate is among the revoked. */
export function answerOcsp(
  responder: Signer,
  request: Uint8Array,
  revoked: readonly Revocation[],
  now: Date,
): Promise<Uint8Array> {
  const { serial, id } = parseOcspRequest(request);
  return createOcspResponse(responder, {
    id,
    revoked: revoked.find((one) => one.serial === serial) ?? null,
    producedAt: now,
    nextUpdate: new Date(now.getTime() + DAY),
  });
}
