/** Why sealing, or the reading of a seal, could not be done. Closed: callers switch over it. */
export type SealErrorCode =
  // The operator's key and certificate
  | 'PASSPHRASE_WRONG'
  | 'LEGACY_ENCRYPTION'
  | 'PRIVATE_KEY_MISSING'
  | 'CERTIFICATE_MISSING'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_UNSUITABLE'
  | 'KEY_UNSUITABLE'
  | 'SIGNING_FAILED'
  | 'KEY_SERVICE_REFUSED'
  | 'PKCS11_UNAVAILABLE'
  | 'SIGNER_UNKNOWN'
  // The timestamp authority
  | 'TSA_URL_UNSUITABLE'
  | 'TSA_UNREACHABLE'
  | 'TSA_REJECTED'
  | 'TSA_ANSWER_MALFORMED'
  | 'TSA_ANSWER_WRONG'
  | 'TSA_UNTRUSTED'
  // What is read or written
  | 'MALFORMED'
  | 'UNSUPPORTED'
  | 'TOO_LARGE'
  | 'REVOCATION_UNAVAILABLE';

/** A key, timestamp authority, signature or container that cannot be used; the message says what to do next. */
export class SealError extends Error {
  readonly code: SealErrorCode;
  constructor(code: SealErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SealError';
    this.code = code;
  }
}
