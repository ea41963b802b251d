export type CollectErrorCode =
  | 'CREDENTIALS'
  | 'WRONG_ACCOUNT'
  | 'SAMPLE_ENDPOINT'
  | 'NO_SOURCE'
  | 'NOT_RESUMABLE'
  | 'UNAVAILABLE'
  | 'CANCELLED';

/** Why a collection, or one source of it, stopped. What is missing for one item is a gap, not an error. */
export class CollectError extends Error {
  readonly code: CollectErrorCode;
  constructor(code: CollectErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CollectError';
    this.code = code;
  }
}
