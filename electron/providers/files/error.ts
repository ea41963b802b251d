export type ImportErrorCode = 'NOT_FOUND' | 'NOTHING';

/** An import that cannot begin. What is wrong with single files is no error: they are named and the rest goes on. */
export class ImportError extends Error {
  readonly code: ImportErrorCode;
  constructor(code: ImportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImportError';
    this.code = code;
  }
}
