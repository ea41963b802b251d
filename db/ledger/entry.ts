import { z } from 'zod';

/*
 * A ledger entry is a typed, versioned envelope. Its stored line is the hashed line and the line in the pack:
 *
 *   {"v":1,"seq":7,"prev":"<hash of line 6>","at":"…Z","kind":"exchange","type":"exchange/1","facts":{…},"sealed":{…}}
 *
 * `prev` is the SHA-256 of the previous line, so the chain needs no tool of ours: sha256sum of a line without its
 * newline must be the next line's `prev`. `facts` are plain. `sealed` holds salted commitments (see hash.ts); salts
 * and values are kept beside the line and disclosed, or not, by a pack.
 */

const hex = z.string().regex(/^[0-9a-f]{64}$/);
/** UTC instant with milliseconds, as Date.toISOString gives it. */
const instant = z.iso.datetime({ precision: 3 });

/** How much of a response body is kept. Every operation declares one; an undeclared body is not recorded. */
export const bodyClass = z.enum(['none', 'hash-only', 'lines', 'full']);
export type BodyClass = z.infer<typeof bodyClass>;

/**
 * What a body of class `lines` (a log file) left behind. `sha256` is over the bytes as received (compressed when the
 * source compresses), `contentSha256` over the inflated bytes: the latter is what a CloudTrail digest names.
 */
export const linesFacts = z.strictObject({
  bytes: z.int().nonnegative(),
  sha256: hex,
  contentBytes: z.int().nonnegative(),
  contentSha256: hex,
  /** All records of the file; the leaves of `merkleRoot`, in file order. */
  records: z.int().nonnegative(),
  /** Records kept as raw lines because they concern keys or the logging of keys. */
  relevant: z.int().nonnegative(),
  /** Records that could not be read as an event. */
  rejected: z.int().nonnegative(),
  merkleRoot: hex,
  /** First and last event time in the file (UTC), null when it holds none. */
  firstEvent: z.string().nullable(),
  lastEvent: z.string().nullable(),
  /** Why the file ended early or is not what it should be; null when it was read whole. */
  defect: z.string().nullable(),
});
export type LinesFacts = z.infer<typeof linesFacts>;

/** One request and its response. Sealed: `params`, `caller`, and `body` (the body's SHA-256, hex). */
export const exchangeFacts = z.strictObject({
  snapshot: z.string(),
  source: z.string(),
  /** Operation id, for example `aws.kms.DescribeKey`. */
  op: z.string(),
  /** Where it was asked: account and region, subscription, namespace. */
  scope: z.string(),
  /** Tells apart calls that are the same but for their purpose (the second list of keys); empty otherwise. */
  label: z.string(),
  attempt: z.int().positive(),
  start: instant,
  end: instant,
  host: z.string(),
  /**
   * ok: answered. error: the provider answered with an error. network: no answer. interrupted: the process ended
   * while the call was in flight, so the client's log may have it.
   */
  outcome: z.enum(['ok', 'error', 'network', 'interrupted']),
  httpStatus: z.int().nullable(),
  errorCode: z.string().nullable(),
  requestId: z.string().nullable(),
  /** The response's own Date header, as sent. */
  serverDate: z.string().nullable(),
  /** SHA-256 fingerprint of the TLS peer's certificate; null without TLS. */
  tlsPeer: z.string().nullable(),
  bodyClass,
  bodyBytes: z.int().nonnegative().nullable(),
  lines: linesFacts.optional(),
});
export type ExchangeFacts = z.infer<typeof exchangeFacts>;

/** One file the client gave. Sealed: `path` (as given), and `body` when kept whole. */
export const importFacts = z.strictObject({
  snapshot: z.string(),
  source: z.string(),
  /** File name without folders. */
  name: z.string(),
  /** What it was taken for, for example `cloudtrail.log`, `cloudtrail.digest`, `aws.kms.DescribeKey`. */
  format: z.string(),
  outcome: z.enum(['ok', 'rejected']),
  /** Why a file was rejected, in words; null otherwise. */
  reason: z.string().nullable(),
  bodyClass,
  bodyBytes: z.int().nonnegative(),
  sha256: hex,
  /** File modification time as the file system has it, UTC. */
  modified: z.string().nullable(),
  lines: linesFacts.optional(),
});
export type ImportFacts = z.infer<typeof importFacts>;

/** Something an operator stated or decided. Sealed: `value` (canonical JSON). */
export const declarationFacts = z.strictObject({
  /** What is declared, for example `engagement`, `source`, `snapshot.open`, `owner`. */
  what: z.string(),
  /** What it is about (a source id, a key id); empty for the engagement as a whole. */
  subject: z.string(),
});
export type DeclarationFacts = z.infer<typeof declarationFacts>;

/** A picture. Sealed: `about` (canonical JSON), and `body`. */
export const captureFacts = z.strictObject({
  snapshot: z.string(),
  source: z.string(),
  what: z.string(),
  mediaType: z.string(),
  bodyClass,
  bodyBytes: z.int().nonnegative(),
});
export type CaptureFacts = z.infer<typeof captureFacts>;

/**
 * A statement over the ledger up to an earlier line, signed and timestamped. `statement` is the very text that was
 * signed: see checkpoint-statement.ts.
 */
export const checkpointFacts = z.strictObject({
  purpose: z.enum(['snapshot', 'seal', 'timestamp']),
  upTo: z.int().positive(),
  head: hex,
  /** RFC 6962 tree head over lines 1..upTo. */
  merkleRoot: hex,
  statement: z.string(),
  /** Detached CAdES over `statement`, base64 DER; null when no signer was given. */
  signature: z.string().nullable(),
  /** RFC 3161 token over SHA-256 of `statement`, base64 DER; null when no authority could be reached. */
  token: z.string().nullable(),
  /** Why there is no signature or no token; null when both are there. */
  missing: z.string().nullable(),
});
export type CheckpointFacts = z.infer<typeof checkpointFacts>;

const envelope = {
  v: z.literal(1),
  seq: z.int().positive(),
  prev: hex,
  at: instant,
  /** Names are plain words, so that no reader takes one for something else. */
  sealed: z.record(z.string().regex(/^[a-z][A-Za-z]{0,39}$/), hex),
};

/** The envelope as parsed from a line. Unknown versions of a type are refused, never guessed. */
export const entryLine = z.discriminatedUnion('type', [
  z.strictObject({
    ...envelope,
    kind: z.literal('exchange'),
    type: z.literal('exchange/1'),
    facts: exchangeFacts,
  }),
  z.strictObject({ ...envelope, kind: z.literal('import'), type: z.literal('import/1'), facts: importFacts }),
  z.strictObject({
    ...envelope,
    kind: z.literal('declaration'),
    type: z.literal('declaration/1'),
    facts: declarationFacts,
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('capture'),
    type: z.literal('capture/1'),
    facts: captureFacts,
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('checkpoint'),
    type: z.literal('checkpoint/1'),
    facts: checkpointFacts,
  }),
]);
export type EntryLine = z.infer<typeof entryLine>;
export type EntryKind = EntryLine['kind'];

interface Facts {
  exchange: ExchangeFacts;
  import: ImportFacts;
  declaration: DeclarationFacts;
  capture: CaptureFacts;
  checkpoint: CheckpointFacts;
}

/** What a caller hands to the writer: the writer adds sequence, chain and time at commit. */
export interface EntryDraft<K extends EntryKind = EntryKind> {
  kind: K;
  facts: Facts[K];
  /** Sensitive values by field name; they enter the line as salted commitments. */
  sealed?: Record<string, string>;
}

/** An entry after commit. */
export interface Entry<K extends EntryKind = EntryKind> {
  seq: number;
  at: string;
  /** SHA-256 of the line, hex. */
  hash: string;
  kind: K;
  facts: Facts[K];
}
