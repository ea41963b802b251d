import { certificatesInside, signatureTimestamps } from '../cades-levels.ts';
import type { RaiseOptions, SealOutcome } from '../outcome.ts';
import { latest, raise, type Raisable } from '../raise.ts';
import { tokenCertificates, tokenTime } from '../timestamp/token.ts';
import type { Signer } from '../signer.ts';
import { withOrWithoutTime } from '../timestamp/with-or-without-time.ts';
import type { TimestampOptions } from '../timestamp/client.ts';
import { inspectPdfSignatures } from './inspect.ts';
import { addDocumentTimestamp, signPdf, type PdfSignatureOptions } from './sign.ts';
import { addValidationData } from './validation-data.ts';

/** A PDF grows by increments only: whatever was there stays its beginning. */
const PDF: Raisable<Uint8Array> = {
  certificatesOf(pdf) {
    const places = inspectPdfSignatures(pdf);
    const signed = places
      .filter((place) => place.kind === 'signature')
      .map((one) => certificatesInside(one.contents));
    const stamped = places.filter((place) => place.kind === 'timestamp');
    return {
      signer: signed.flatMap((one) => one.signer),
      authorities: [
        ...signed.flatMap((one) => one.authorities),
        ...stamped.flatMap((one) => tokenCertificates(one.contents)),
      ],
    };
  },
  timeOf: (pdf) =>
    latest(
      inspectPdfSignatures(pdf)
        .flatMap(({ kind, contents }) => (kind === 'timestamp' ? [contents] : signatureTimestamps(contents)))
        .map(tokenTime),
    ),
  // Validators that believe a document security store only as far as the next time-stamp reaches (pyHanko's PAdES-LTA
  // profile) look for the signer's data under the first one.
  timeCoversData: true,
  addTime,
  addValidationData,
  addArchiveTime: addTime,
};

async function addTime(pdf: Uint8Array, options: TimestampOptions) {
  const stamped = await addDocumentTimestamp(pdf, options);
  return { thing: stamped.pdf, timestamp: stamped.timestamp };
}

/**
 * Signs a PDF and raises it as far as can be, up to B-LTA (EN 319 142-1 §6.3): signature with its token, document
 * security store, document time-stamp over both.
 *
 * @throws SealError of the PDF or the signer; authorities that cannot be reached leave the level lower.
 */
export async function sealPdf(
  pdf: Uint8Array,
  signer: Signer,
  options: Omit<PdfSignatureOptions, 'timestamp'> & RaiseOptions,
): Promise<{ pdf: Uint8Array } & SealOutcome> {
  const { timestamp, known, retrieval, ...settings } = options;
  const signed = await withOrWithoutTime(timestamp, (authorities) =>
    signPdf(pdf, signer, { ...settings, ...(authorities ? { timestamp: authorities } : {}) }),
  );
  const outcome = await raisePdf(signed.pdf, {
    // Whoever did not answer a moment ago is not asked again.
    timestamp: signed.pending === null ? timestamp : null,
    known: [...signer.certificates, ...(known ?? [])],
    ...(retrieval ? { retrieval } : {}),
  });
  return signed.pending === null
    ? outcome
    : { ...outcome, pending: signed.pending, lacking: [signed.pending] };
}

/** Raises a signed PDF, or renews its time: validation data of all that is in it, then a time-stamp over everything. */
export async function raisePdf(
  pdf: Uint8Array,
  options: RaiseOptions,
): Promise<{ pdf: Uint8Array } & SealOutcome> {
  const { thing, ...outcome } = await raise(pdf, PDF, options);
  return { pdf: thing, ...outcome };
}
