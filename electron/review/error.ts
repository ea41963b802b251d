/** A record or decision that cannot be made as asked, with what to do about it in the message. */
export class ReviewError extends Error {
  readonly code:
    | 'INDEPENDENCE'
    | 'BAD_FILE'
    | 'NOT_FOUND'
    | 'NOT_KNOWN'
    | 'UNDECIDED'
    | 'FROZEN'
    | 'NOT_THE_SAME'
    | 'NOT_SIGNED';
  constructor(code: ReviewError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReviewError';
    this.code = code;
  }
}
