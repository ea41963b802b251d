import type { Json, JsonObject } from '../providers/aws/normalise/wire.ts';
import type { AnswerStatus } from '../providers/aws/normalise/outcome.ts';

export type { AnswerStatus, Json, JsonObject };

/** How a value is known. */
export type Basis = 'observed' | 'logged' | 'client-provided' | 'declared' | 'computed';

/** The answer that decides a question: the last exchange with these parameters, or an imported file. */
export interface Answer {
  /** Ledger entry. */
  seq: number;
  basis: Extract<Basis, 'observed' | 'client-provided'>;
  source: string;
  /** Operation id, for example `aws.kms.DescribeKey`. */
  op: string;
  /** Last part of the operation id. */
  action: string;
  /** Where it was asked; empty for a file that does not say. */
  scope: string;
  label: string;
  /** When it was answered (UTC). For a file: when it was last modified. */
  at: string;
  /** Becomes 'error' with code MalformedAnswer when the body turns out not to be what it should. */
  status: AnswerStatus;
  /** The provider's error code, null when there is none. */
  code: string | null;
  /** What was asked. */
  params: () => JsonObject;
  /** The provider's answer, parsed; an empty object when it is not kept or cannot be parsed (see status). */
  body: () => JsonObject;
}

/** Last part of an operation id. */
export function actionOf(op: string): string {
  return op.slice(op.lastIndexOf('.') + 1);
}
