/*
 * What derivation and the tests of controls need from logs. electron/logs fills the tables; the reader of those tables
 * gives this shape, so that nothing here knows how events are stored.
 */

/** One logged change of a key, a trail, or of something that decides who may reach keys. */
export interface LogChange {
  /** When it happened, ISO 8601 UTC. */
  at: string;
  /** Event name, for example `DisableKeyRotation`. */
  event: string;
  /** Event source, for example `kms.amazonaws.com`. */
  eventSource: string;
  /** ARN of the key, trail or bucket it changed; null when the event names none. */
  subject: string | null;
  account: string;
  region: string;
  /** Who did it (ARN, or the service's name); null when the event does not say. */
  actor: string | null;
  eventId: string | null;
  /** Parameters of the request as the event has them; null when it has none. */
  params: Record<string, unknown> | null;
  /** Error code when the change was refused; null when it was made. */
  error: string | null;
  /** Ledger entry that holds the event. */
  seq: number;
}

/** Key that only logs name: gone before the collection, or never in its reach. */
export interface LoggedKey {
  arn: string;
  provider: string;
  /** inventory: a key of a collected account that existed in the period; elsewhere: another account's. */
  belongs: 'inventory' | 'elsewhere';
  source: string;
  account: string;
  region: string;
  nativeId: string;
  created: string | null;
  deleted: string | null;
  /** A ledger entry that names it. */
  seq: number;
}

/** A part of the period that no log source covers in one place. Times ISO 8601 UTC. */
export interface CoverageHole {
  from: string;
  to: string;
  reason: string;
  /** True when the client's own logging left it out (stopped, excluded); else it was only not collected. */
  lost: boolean;
  seqs: number[];
}

/** Result of validating a trail's digest chain in one place. */
export interface DigestResult {
  account: string;
  region: string;
  trail: string;
  result: 'valid' | 'invalid' | 'gap' | 'not-validated';
  reason: string;
  seqs: number[];
}

/** The logs of one snapshot as analysis sees them. */
export interface LogFacts {
  /** Whether any log source was read at all. */
  available: boolean;
  /** All changes, oldest first. */
  changes(): Iterable<LogChange>;
  loggedKeys(): LoggedKey[];
  /**
   * Parts of [from, to) that logs leave out. Null when nothing is known of the place: no log source was read for it.
   *
   * @param of changes: parts in which a change could have happened unseen; use: parts in which a use could have.
   */
  holes(
    account: string,
    region: string,
    from: string,
    to: string,
    of?: 'changes' | 'use',
  ): CoverageHole[] | null;
  /** Some of the ledger entries that cover a time of a place: its first and last ones. */
  covering(account: string, region: string, from: string, to: string): number[];
  digests(): DigestResult[];
}

/** Logs of a snapshot that has none. */
export const NO_LOGS: LogFacts = {
  available: false,
  changes: () => [],
  loggedKeys: () => [],
  holes: () => null,
  covering: () => [],
  digests: () => [],
};
