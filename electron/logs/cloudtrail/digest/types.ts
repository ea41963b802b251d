import type { DigestKeys } from './public-keys.ts';

/** A digest file as it was read. */
export interface ReadDigest {
  seq: number;
  /** Where it was read; null for an imported file, which only has a name. */
  bucket: string | null;
  /** Object key, or the imported file's path. */
  object: string;
  body: Buffer;
  /** Metadata of the object: the signature (hex) and its algorithm. */
  signature: string | null;
  algorithm: string | null;
  /** Why its metadata are not known; null when they are. */
  noMetadata: string | null;
}

/** A log file as it was read, or why it was not. */
export interface ReadLog {
  seq: number;
  bucket: string | null;
  object: string;
  /** SHA-256 of the uncompressed content, hex; null when it could not be read. */
  sha256: string | null;
  /** Why it could not be read. */
  failure: string | null;
  /** Event times, ms UTC. */
  first: number | null;
  last: number | null;
}

export type DigestVerdict = 'valid' | 'invalid' | 'not verifiable' | 'missing' | 'undigested';

/** What became of one digest or log file. Times in ms UTC: of a digest what it covers, of a log its events. */
export interface DigestRow {
  kind: 'digest' | 'log';
  bucket: string;
  object: string;
  result: DigestVerdict;
  reason: string | null;
  account: string;
  region: string;
  trail: string;
  first: number | null;
  last: number | null;
  seq: number | null;
}

export interface DigestInput {
  digests: readonly ReadDigest[];
  logs: readonly ReadLog[];
  /** Objects that were asked for and refused, by key, with the reason. */
  failures: ReadonlyMap<string, string>;
  keys: DigestKeys;
  /** Only from here on must everything be there (ms UTC): what is older may not have been asked for. */
  from: number;
}
