/** Why a redaction cannot be done or opened, with what to do. */
export class RedactionError extends Error {
  readonly code: 'BAD_RULES' | 'NOT_REDACTABLE' | 'NOT_FOUND';
  constructor(code: RedactionError['code'], message: string) {
    super(message);
    this.name = 'RedactionError';
    this.code = code;
  }
}
