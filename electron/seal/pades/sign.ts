import { displayName, readCertificate } from '../certificate.ts';
import { signCades } from '../cades.ts';
import { ownCertificate, type Signer } from '../signer.ts';
import { openPdf } from '../pdf/pdf-file.ts';
import { pdfHex, pdfName, pdfText, type PdfString, type PdfValue } from '../pdf/values.ts';
import { requestTimestamp, type Timestamp, type TimestampOptions } from '../timestamp/client.ts';
import { prepareSignature } from './placeholder.ts';

/** Bytes kept free for a signature with its path and one token; real ones take 4-10 KB. */
export const SIGNATURE_BYTES = 16_384;

/** A PDF signature to be made. */
export interface PdfSignatureOptions {
  /** Why it is signed, for people. */
  readonly reason: string;
  readonly location?: string;
  /** Who signs; default the certificate's common name. */
  readonly name?: string;
  /** Claimed time (this machine's clock). In PAdES it stands in the dictionary, not in the signed attributes. */
  readonly signingTime: Date;
  readonly timestamp?: TimestampOptions;
  /** Bytes reserved for the signature; default SIGNATURE_BYTES. */
  readonly placeholderBytes?: number;
}

export interface SealedPdf {
  /** The original bytes are its beginning. */
  readonly pdf: Uint8Array;
  readonly timestamp: Timestamp | null;
}

/**
 * Signs a PDF (PAdES baseline, ETSI EN 319 142-1): level B-B, or B-T with `timestamp`. The signature is invisible and
 * appended as an incremental update.
 *
 * @throws SealError of the PDF, the signer or the authority.
 */
export async function signPdf(
  pdf: Uint8Array,
  signer: Signer,
  options: PdfSignatureOptions,
): Promise<SealedPdf> {
  const name = options.name ?? displayName(readCertificate(ownCertificate(signer)));
  const entries: Record<string, PdfValue> = {
    Type: pdfName('Sig'),
    Filter: pdfName('Adobe.PPKLite'),
    SubFilter: pdfName('ETSI.CAdES.detached'),
    M: pdfDate(options.signingTime),
    Name: pdfText(name),
    Reason: pdfText(options.reason),
    ...(options.location === undefined ? {} : { Location: pdfText(options.location) }),
  };
  const prepared = prepareSignature(openPdf(pdf), entries, {
    fieldName: 'Signature',
    tooltip: `Digital signature of ${name}`,
    contentsBytes: options.placeholderBytes ?? SIGNATURE_BYTES,
  });
  const { signature, timestamp } = await signCades(
    { algorithm: signer.digest, digest: prepared.digest(signer.digest) },
    signer,
    {
      signingTime: null,
      validAt: options.signingTime,
      ...(options.timestamp ? { timestamp: options.timestamp } : {}),
    },
  );
  return { pdf: prepared.fill(signature), timestamp };
}

/**
 * Appends a document time-stamp over the whole file (ISO 32000-2 §12.8.5, SubFilter ETSI.RFC3161). It proves the time
 * of a PDF that was signed offline, and renews that proof later, without touching a byte that is already there.
 */
export async function addDocumentTimestamp(
  pdf: Uint8Array,
  timestamp: TimestampOptions,
  placeholderBytes = SIGNATURE_BYTES,
): Promise<{ pdf: Uint8Array; timestamp: Timestamp }> {
  const entries = {
    Type: pdfName('DocTimeStamp'),
    Filter: pdfName('Adobe.PPKLite'),
    SubFilter: pdfName('ETSI.RFC3161'),
  };
  const prepared = prepareSignature(openPdf(pdf), entries, {
    fieldName: 'Timestamp',
    tooltip: 'Document time-stamp',
    contentsBytes: placeholderBytes,
  });
  const stamp = await requestTimestamp({ algorithm: 'sha256', digest: prepared.digest('sha256') }, timestamp);
  return { pdf: prepared.fill(stamp.token), timestamp: stamp };
}

/** Date string in UTC (ISO 32000-1 §7.9.4). */
function pdfDate(time: Date): PdfString {
  const digits = time.toISOString().replace(/[-:T]|\.\d+Z$/g, '');
  return pdfHex(Buffer.from(`D:${digits}+00'00'`, 'latin1'));
}
