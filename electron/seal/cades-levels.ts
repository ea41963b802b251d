import { signatureImprint, withSignatureTimestamp } from './cades.ts';
import { extendCms, ocspChoice } from './cms/write.ts';
import { checkSigner, contentDigest } from './cms/verify.ts';
import { parseSignedData, type SignedData } from './cms/signed-data.ts';
import { OID } from './oids.ts';
import type { ValidationData } from './revocation/gather.ts';
import { requestTimestamp, type Timestamp, type TimestampOptions } from './timestamp/client.ts';
import { tokenCertificates } from './timestamp/token.ts';

const parsed = (signature: Uint8Array): SignedData =>
  parseSignedData(signature, 'a signature', { trailing: 'zeros' });

/** Tokens over the signature value, as they stand in the unsigned attributes. */
export const signatureTimestamps = (signature: Uint8Array): readonly Uint8Array[] =>
  (parsed(signature).signers[0]?.unsigned.get(OID.signatureTimestamp) ?? []).map((token) => token.der);

/** The signer's certificates (its own first) and those of the authorities in the signature's tokens. */
export function certificatesInside(signature: Uint8Array): {
  signer: readonly Uint8Array[];
  authorities: readonly Uint8Array[];
} {
  const signedData = parsed(signature);
  const [info] = signedData.signers;
  const own = info ? checkSigner(signedData, info, contentDigest(new Uint8Array())).certificate : null;
  const rest = signedData.certificates.filter((der) => !own || Buffer.compare(der, own.der) !== 0);
  return {
    signer: own ? [own.der, ...rest] : rest,
    authorities: signatureTimestamps(signature).flatMap(tokenCertificates),
  };
}

/** One more token over the signature value (EN 319 122-1 §5.3). */
export async function addSignatureTime(
  signature: Uint8Array,
  options: TimestampOptions,
): Promise<{ thing: Uint8Array; timestamp: Timestamp }> {
  const timestamp = await requestTimestamp(signatureImprint(signature), options);
  return { thing: withSignatureTimestamp(signature, timestamp.token), timestamp };
}

/**
 * Puts validation data into SignedData.certificates and SignedData.crls, where level LT has them (EN 319 122-1 §6.3):
 * CRLs as they are, OCSP responses as RFC 5940 says.
 */
export const withValidationData = (signature: Uint8Array, data: ValidationData): Uint8Array =>
  extendCms(parsed(signature), {
    certificates: data.certificates,
    revocations: [...data.crls, ...data.ocsps.map(ocspChoice)],
  });
