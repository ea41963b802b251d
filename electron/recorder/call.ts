import type { BodyClass, ExchangeFacts } from '../../db/ledger/entry.ts';

/** What an answer must at least look like; anything else is recorded as it came and ends as `MalformedAnswer`. */
export type AnswerShape =
  /** A JSON object with these members. */
  | { format: 'json'; members: readonly string[] }
  /** An XML document with this root element. */
  | { format: 'xml'; root: string }
  /** Any bytes. */
  | { format: 'bytes' };

/** One call as it is about to be made: everything about it that is recorded, and nothing that is secret. */
export interface Call {
  snapshot: string;
  source: string;
  /** Operation id, for example `aws.kms.DescribeKey`. */
  op: string;
  /** Where it is asked, for example `111122223333/eu-west-1`. */
  scope: string;
  label: string;
  /** Canonical JSON of the operation's input. */
  params: string;
  /** Canonical JSON of who calls; null while that is not known yet. */
  caller: string | null;
  /** From 1, counted over all runs of the snapshot. */
  attempt: number;
  bodyClass: BodyClass;
  /** Response headers that are evidence, lower case. No other header is kept. */
  keepHeaders: readonly string[];
  answer: AnswerShape;
}

/** What became of a call: what the recorder committed, and what the client library may go on with. */
export interface Recorded {
  /** Ledger entry. */
  seq: number;
  facts: ExchangeFacts;
  /** The kept headers. */
  headers: Record<string, string>;
  /** The very bytes that were committed; null for classes that keep none. */
  body: Buffer | null;
  /** True when it was answered from the ledger, without a request. */
  replayed: boolean;
}
