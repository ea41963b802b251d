/** Work that cannot be done as asked, with what to do about it in the message. */
export class EngineError extends Error {
  readonly code:
    | 'NO_SNAPSHOT'
    | 'OPEN_SNAPSHOT'
    | 'NO_SIGNER'
    | 'NO_SOURCE'
    | 'DIFFERENT_ROWS'
    | 'PREVIEW_OUTDATED'
    | 'NO_AUTHORITY'
    | 'NO_PACK'
    | 'SECRET_GIVEN';
  constructor(code: EngineError['code'], message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
  }
}
