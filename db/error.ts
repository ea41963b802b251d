export type EngagementErrorCode =
  | 'NOT_FOUND'
  | 'EXISTS'
  | 'NOT_AN_ENGAGEMENT'
  | 'NEWER_VERSION'
  | 'LOCKED'
  | 'LINKED'
  | 'INTERRUPTED'
  | 'DAMAGED'
  | 'UNSUITABLE_NODE';

/** An engagement file that cannot be opened, created or written, with what to do about it in the message. */
export class EngagementError extends Error {
  readonly code: EngagementErrorCode;
  constructor(code: EngagementErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngagementError';
    this.code = code;
  }
}
