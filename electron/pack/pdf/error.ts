/** What can go wrong while a report is laid out; odd text never does, it is shown with a visible substitute. */
export type PdfErrorCode = 'font-unreadable' | 'bad-time' | 'unknown-anchor' | 'misuse';

/** Error of the PDF layer. Its message says what could not be done, why, and the next step. */
export class PdfError extends Error {
  readonly code: PdfErrorCode;
  constructor(code: PdfErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PdfError';
    this.code = code;
  }
}
