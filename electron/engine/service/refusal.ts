import type { ErrorKind } from '../../api/error.ts';

/** Why the engine does not do what it was asked, before it tries. */
export type RefusalCode =
  | 'UNKNOWN_METHOD'
  | 'BAD_INPUT'
  | 'NO_ENGAGEMENT'
  | 'READ_ONLY'
  | 'BUSY'
  | 'NOT_FOUND'
  | 'NOT_SAMPLE'
  | 'NOT_HERE'
  | 'FORBIDDEN'
  | 'CANCELLED'
  | 'ENGINE_GONE';

/** A call that is turned down, with what to do about it in the message. */
export class Refusal extends Error {
  readonly kind: ErrorKind;
  readonly code: RefusalCode;
  constructor(kind: ErrorKind, code: RefusalCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.kind = kind;
    this.code = code;
  }
}

export const noEngagement = (): Refusal =>
  new Refusal('refused', 'NO_ENGAGEMENT', 'cannot do that: no engagement is open. Open or create one first.');
