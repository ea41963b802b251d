/** PAdES: signing a PDF, proving its time, and checking both. */
export {
  addDocumentTimestamp,
  signPdf,
  SIGNATURE_BYTES,
  type PdfSignatureOptions,
  type SealedPdf,
} from './pades/sign.ts';
export { addValidationData, readValidationData } from './pades/validation-data.ts';
export { raisePdf, sealPdf } from './pades/levels.ts';
export { inspectPdfSignatures, type PdfSignature } from './pades/inspect.ts';
export { isPdfPrefix, verifyPdf, type PdfSignatureCheck } from './pades/verify.ts';
export type { LaterChanges } from './pades/later-changes.ts';
