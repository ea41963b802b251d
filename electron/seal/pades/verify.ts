import { SealError } from '../error.ts';
import { verifyCades, type CadesCheck, type VerifyOptions } from '../cades.ts';
import { digestByOid, type Imprint } from '../digest.ts';
import { parseSignedData } from '../cms/signed-data.ts';
import { parseTimestampToken, verifyTimestampToken, type TimestampCheck } from '../timestamp/token.ts';
import { inspectPdfSignatures, type PdfSignature } from './inspect.ts';

/** One signature or document time-stamp of a PDF and what it proves. */
export interface PdfSignatureCheck {
  readonly place: PdfSignature;
  /** For a signature. */
  readonly signature: CadesCheck | null;
  /** For a document time-stamp. */
  readonly timestamp: TimestampCheck | null;
  /** Everything wrong with it, its place, and what was appended afterwards. Empty when it holds. */
  readonly problems: readonly string[];
}

/**
 * Checks every signature and document time-stamp of a PDF, oldest first. An empty list means: not signed.
 *
 * @throws SealError MALFORMED when the PDF cannot be read; a signature that is merely wrong gives a result.
 */
export function verifyPdf(pdf: Uint8Array, options: VerifyOptions = {}): PdfSignatureCheck[] {
  return inspectPdfSignatures(pdf).map((place) => {
    const problems = [...place.problems];
    if (place.laterChanges && !place.laterChanges.harmless) {
      problems.push(`changed after signing: ${place.laterChanges.changes.join('; ')}`);
    }
    try {
      const check =
        place.kind === 'timestamp' ? checkTimestamp(place, options) : checkSignature(place, options);
      return { place, ...check, problems: [...problems, ...check.problems] };
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return { place, signature: null, timestamp: null, problems: [...problems, error.message] };
    }
  });
}

type Check = Pick<PdfSignatureCheck, 'signature' | 'timestamp' | 'problems'>;

function checkSignature(place: PdfSignature, options: VerifyOptions): Check {
  const oid =
    parseSignedData(place.contents, 'a PDF signature', { trailing: 'zeros' }).signers[0]?.digestOid ?? '';
  const signature = verifyCades(place.contents, imprintOfRange(place, oid), options);
  const problems = [...signature.problems];
  if (place.subFilter !== 'ETSI.CAdES.detached')
    problems.push(`it is no PAdES signature but ${place.subFilter}`);
  return { signature, timestamp: null, problems };
}

function checkTimestamp(place: PdfSignature, options: VerifyOptions): Check {
  const imprint = imprintOfRange(place, parseTimestampToken(place.contents).imprintOid);
  const timestamp = verifyTimestampToken(place.contents, imprint, {
    trusted: options.trustedAuthorities ?? options.trusted ?? [],
    ...(options.at ? { at: options.at } : {}),
  });
  const problems = [...timestamp.problems];
  if (place.subFilter !== 'ETSI.RFC3161')
    problems.push(`it is no document time-stamp but ${place.subFilter}`);
  return { signature: null, timestamp, problems };
}

function imprintOfRange(place: PdfSignature, oid: string): Imprint {
  const algorithm = digestByOid(oid);
  if (algorithm === null)
    throw new SealError(
      'UNSUPPORTED',
      `cannot check a PDF signature: its digest algorithm ${oid} is not accepted. Use SHA-256, SHA-384 or SHA-512`,
    );
  return { algorithm, digest: place.digest(algorithm) };
}

/** Whether one PDF is the beginning of another: the second is then the first, grown by incremental updates at most. */
export function isPdfPrefix(inner: Uint8Array, outer: Uint8Array): boolean {
  return inner.length <= outer.length && Buffer.compare(inner, outer.subarray(0, inner.length)) === 0;
}
