import { createHash } from 'node:crypto';
import type { ReadableDb } from '../handle.ts';
import { bodyChunks, hasBody } from './bodies.ts';
import type { CheckpointFacts, EntryLine } from './entry.ts';
import { leafHash, merkleRoot } from './merkle.ts';
import { logLeaves, logRecords } from './log-records.ts';
import { storedLines } from './read.ts';
import { walkChain, type ChainFault, type Disclosure } from './verify-chain.ts';

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
  /** The last line that a checkpoint covers: later entries can be cut off without a trace in this file alone. */
  coveredUpTo: number;
  checkpoints: CheckpointSeen[];
  /** The first fault, or null. */
  fault: ChainFault | null;
}

/**
 * Checks everything an engagement file says about its evidence: the chain, every sealed value, every body, every kept
 * log record, and that no row belongs to no entry. Stops at the first fault and names it.
 */
export function verifyLedger(db: ReadableDb): LedgerReport {
  const walk = walkChain();
  const checkpoints: CheckpointSeen[] = [];
  const checkedBodies = new Set<string>();
  const disclosures = db.prepare<[number], Disclosure>(
    'SELECT field, salt, value FROM disclosure WHERE seq = ?',
  );

  const report = (fault: ChainFault | null): LedgerReport => ({
    entries: walk.seq,
    head: walk.head,
    coveredUpTo: checkpoints.at(-1)?.facts.upTo ?? 0,
    checkpoints,
    fault,
  });

  for (const stored of storedLines(db)) {
    if (stored.seq !== walk.seq + 1) return report({ seq: walk.seq + 1, what: 'the entry is missing' });
    const opened = disclosures.all(stored.seq);
    const { entry, fault } = walk.next(stored.line, opened);
    if (fault) return report(fault);
    if (walk.head !== stored.hash)
      return report({ seq: stored.seq, what: 'the hash kept beside it is not its hash' });
    const what = checkEvidence(db, entry!, opened, checkedBodies);
    if (what) return report({ seq: stored.seq, what });
    if (entry!.kind === 'checkpoint') checkpoints.push({ seq: entry!.seq, facts: entry!.facts });
  }
  return report(checkTail(db, walk.seq, walk.head) ?? checkStrays(db, checkedBodies));
}

function checkEvidence(
  db: ReadableDb,
  entry: EntryLine,
  opened: readonly Disclosure[],
  checkedBodies: Set<string>,
): string | null {
  const absent = Object.keys(entry.sealed).find((field) => !opened.some((d) => d.field === field));
  if (absent) return `the value sealed as "${absent}" is missing`;
  const body = opened.find((d) => d.field === 'body')?.value;
  if (body !== undefined && !checkedBodies.has(body)) {
    const wrong = checkBody(db, body);
    if (wrong) return wrong;
    checkedBodies.add(body);
  }
  const lines = entry.kind === 'exchange' || entry.kind === 'import' ? entry.facts.lines : undefined;
  return lines ? checkLogRecords(db, entry.seq, lines) : null;
}

function checkBody(db: ReadableDb, sha256: string): string | null {
  if (!hasBody(db, sha256)) return 'its body is missing';
  const hash = createHash('sha256');
  try {
    for (const chunk of bodyChunks(db, sha256)) hash.update(chunk);
  } catch {
    return 'its body is damaged';
  }
  return hash.digest('hex') === sha256 ? null : 'its body is not the one that was recorded';
}

function checkLogRecords(
  db: ReadableDb,
  seq: number,
  facts: { records: number; relevant: number; merkleRoot: string },
): string | null {
  const bytes = logLeaves(db, seq);
  if (bytes.length !== facts.records * 32) return 'the hashes of its log records are incomplete';
  const leaf = (index: number) => bytes.subarray(index * 32, index * 32 + 32);
  const root = merkleRoot(Array.from({ length: facts.records }, (_, i) => leaf(i)));
  if (root.toString('hex') !== facts.merkleRoot) return 'the hashes of its log records were changed';
  let kept = 0;
  try {
    for (const record of logRecords(db, seq)) {
      if (!leafHash(record.raw).equals(leaf(record.index)))
        return `its log record ${record.index} was changed`;
      kept += 1;
    }
  } catch {
    return 'its log records are damaged';
  }
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
