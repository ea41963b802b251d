import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import type { ReadableDb } from '../handle.ts';
import { schemaFault } from '../schema.ts';
import { bodyBytes, bodyChunks } from './bodies.ts';
import type { CheckpointFacts, EntryLine } from './entry.ts';
import { leafHash, MerkleBuilder } from './merkle.ts';
import { logLeaves, logRecords } from './log-records.ts';
import { MOST_LINE_BYTES } from './parse-line.ts';
import { walkChain, type ChainFault, type ChainWalk, type Disclosure } from './verify-chain.ts';

/** A checkpoint met on the way, for the caller to verify its signature and token. */
export interface CheckpointSeen {
  seq: number;
  facts: CheckpointFacts;
}

/** What verification of an engagement file's ledger found. */
export interface LedgerReport {
  /** Entries read without a fault. */
  entries: number;
  head: string;
  /**
   * The last line that a checkpoint covers, whether or not it is signed or timestamped: later entries can be cut off
   * without a trace in this file alone.
   */
  coveredUpTo: number;
  checkpoints: CheckpointSeen[];
  /** The first fault, or null. `seq` 0 is the file as a whole: its tables are not what they should be. */
  fault: ChainFault | null;
}

/**
 * Checks everything an engagement file says about its evidence: the tables themselves, the chain, every sealed value,
 * every body, every kept log record, and that no row belongs to no entry. Stops at the first fault and names it.
 *
 * Sees the file as it stood when it began, also while somebody appends to it.
 */
export function verifyLedger(db: ReadableDb): LedgerReport {
  return db.transaction(() => verifySnapshot(db))();
}

function verifySnapshot(db: ReadableDb): LedgerReport {
  const walk = walkChain();
  const checkpoints: CheckpointSeen[] = [];
  const report = (fault: ChainFault | null): LedgerReport => ({
    entries: walk.seq,
    head: walk.head,
    coveredUpTo: checkpoints.at(-1)?.facts.upTo ?? 0,
    checkpoints,
    fault,
  });
  const wrong = schemaFault(db);
  const schema = wrong === null ? null : { seq: 0, what: wrong };
  try {
    // A broken entry says more than a missing trigger, so it comes first.
    return report(verifyEntries(db, walk, checkpoints) ?? schema);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    return report(
      schema ?? { seq: walk.seq + 1, what: `the file cannot be read from here on (${error.message})` },
    );
  }
}

interface StoredBytes {
  seq: number;
  /** The line's bytes as stored; null when there are more than any line has. */
  line: Buffer | null;
  hash: Buffer;
}

function verifyEntries(db: ReadableDb, walk: ChainWalk, checkpoints: CheckpointSeen[]): ChainFault | null {
  const checkedBodies = new Set<string>();
  // Bytes, not text: a text would be decoded on its way, and what stands in the file is what was hashed.
  const rows = db
    .prepare<[], StoredBytes>(
      `SELECT seq, CASE WHEN octet_length(line) <= ${MOST_LINE_BYTES} THEN CAST(line AS BLOB) END AS line, hash
         FROM entry ORDER BY seq`,
    )
    .iterate();
  const disclosures = db.prepare<[number], Disclosure>(
    'SELECT field, salt, CAST(value AS BLOB) AS value FROM disclosure WHERE seq = ?',
  );
  for (const { seq, line, hash } of rows) {
    if (seq !== walk.seq + 1) return { seq: walk.seq + 1, what: 'the entry is missing' };
    if (line === null) return { seq, what: 'the line is longer than any ledger entry' };
    const opened = disclosures.all(seq);
    const { entry, fault } = walk.next(line, opened);
    if (fault) return fault;
    if (walk.head !== hash.toString('hex')) return { seq, what: 'the hash kept beside it is not its hash' };
    const what = checkEvidence(db, entry!, opened, checkedBodies);
    if (what) return { seq, what };
    if (entry!.kind === 'checkpoint') checkpoints.push({ seq, facts: entry!.facts });
  }
  return checkTail(db, walk.seq, walk.head) ?? checkStrays(db, checkedBodies);
}

function checkEvidence(
  db: ReadableDb,
  entry: EntryLine,
  opened: readonly Disclosure[],
  checkedBodies: Set<string>,
): string | null {
  const absent = Object.keys(entry.sealed).find((field) => !opened.some((d) => d.field === field));
  if (absent) return `the value sealed as "${absent}" is missing`;
  const body = opened.find((d) => d.field === 'body');
  if (body) {
    const sha256 = Buffer.from(body.value).toString('latin1');
    const wrong = checkedBodies.has(sha256) ? null : checkBody(db, sha256);
    if (wrong) return wrong;
    checkedBodies.add(sha256);
  }
  const lines = entry.kind === 'exchange' || entry.kind === 'import' ? entry.facts.lines : undefined;
  return lines ? checkLogRecords(db, entry.seq, lines) : null;
}

function checkBody(db: ReadableDb, sha256: string): string | null {
  const stated = bodyBytes(db, sha256);
  if (stated === null) return 'its body is missing';
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for (const chunk of bodyChunks(db, sha256)) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    if (error instanceof Database.SqliteError) throw error;
    return 'its body is damaged';
  }
  if (bytes !== stated) return `its body has ${bytes} bytes where ${stated} are stated`;
  return hash.digest('hex') === sha256 ? null : 'its body is not the one that was recorded';
}

/** Walks hashes and kept records side by side, so that memory does not grow with the file. */
function checkLogRecords(
  db: ReadableDb,
  seq: number,
  facts: { records: number; relevant: number; merkleRoot: string },
): string | null {
  const tree = new MerkleBuilder();
  let kept = 0;
  let changed: number | null = null;
  try {
    const records = logRecords(db, seq);
    let record = records.next();
    for (const leaf of logLeaves(db, seq)) {
      if (!record.done && record.value.index === tree.size) {
        if (changed === null && !leafHash(record.value.raw).equals(leaf)) changed = record.value.index;
        kept += 1;
        record = records.next();
      }
      tree.add(leaf);
    }
    if (tree.size !== facts.records) return 'the hashes of its log records are incomplete';
    if (tree.root().toString('hex') !== facts.merkleRoot) return 'the hashes of its log records were changed';
    if (!record.done) return `its log record ${record.value.index} is not one of the file`;
  } catch (error) {
    if (error instanceof Database.SqliteError) throw error;
    return 'its log records are damaged';
  }
  if (changed !== null) return `its log record ${changed} was changed`;
  return kept === facts.relevant
    ? null
    : `it keeps ${kept} log records where ${facts.relevant} were recorded`;
}

function checkTail(db: ReadableDb, seq: number, head: string): ChainFault | null {
  const kept = db
    .prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM ledger_head WHERE one = 1')
    .get();
  if (!kept) return { seq: seq + 1, what: 'the note of the ledger’s length is missing' };
  if (kept.seq > seq)
    return { seq: seq + 1, what: `entries ${seq + 1} to ${kept.seq} are missing at the end` };
  if (kept.seq < seq) return { seq: kept.seq + 1, what: 'entries were added past the writer' };
  if (seq > 0 && kept.hash.toString('hex') !== head) return { seq, what: 'the last entry was replaced' };
  return null;
}

/** Rows that no entry accounts for: something was slipped in. */
function checkStrays(db: ReadableDb, bodies: ReadonlySet<string>): ChainFault | null {
  const next = (db.prepare('SELECT coalesce(max(seq), 0) FROM entry').pluck().get() as number) + 1;
  for (const table of ['disclosure', 'log_block', 'log_leaves']) {
    const stray = db
      .prepare(`SELECT seq FROM ${table} WHERE seq NOT IN (SELECT seq FROM entry) LIMIT 1`)
      .pluck()
      .get();
    if (stray !== undefined) return { seq: stray as number, what: `a row of ${table} belongs to no entry` };
  }
  for (const table of ['log_block', 'log_leaves']) {
    const stray = db
      .prepare(
        `SELECT seq FROM (SELECT DISTINCT seq FROM ${table}) JOIN entry USING (seq)
          WHERE line ->> '$.facts.lines' IS NULL LIMIT 1`,
      )
      .pluck()
      .get();
    if (stray !== undefined)
      return { seq: stray as number, what: `it has rows of ${table} and is no log file` };
  }
  for (const sha256 of db.prepare<[], Buffer>('SELECT sha256 FROM body').pluck().iterate()) {
    if (!bodies.has(sha256.toString('hex'))) {
      return { seq: next, what: `body ${sha256.toString('hex')} belongs to no entry` };
    }
  }
  const loose = db
    .prepare('SELECT 1 FROM body_chunk WHERE sha256 NOT IN (SELECT sha256 FROM body) LIMIT 1')
    .pluck()
    .get();
  return loose === undefined ? null : { seq: next, what: 'a piece of a body belongs to no body' };
}
