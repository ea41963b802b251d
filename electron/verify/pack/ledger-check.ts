import { createHash } from 'node:crypto';
import { walkChain, type Disclosure } from '../../../db/ledger/verify-chain.ts';
import type { CheckpointFacts, EntryLine, LinesFacts } from '../../../db/ledger/entry.ts';
import { leafHash, rootFromSetProof } from '../../../db/ledger/merkle.ts';
import { lines } from './lines.ts';

/** Gives the pieces of a file of the pack, or null when the pack has no such file. */
export type OpenFile = (path: string) => AsyncIterable<Buffer> | null;

/** A fault in the evidence: the file that shows it and what is wrong. */
export interface EvidenceFault {
  file: string;
  what: string;
}

/** What the ledger of a pack says of itself once it was walked without a fault. */
export interface WalkedLedger {
  entries: number;
  head: string;
  merkleRoot: string;
  kinds: Record<string, number>;
  /** Final outcomes of calls, by operation: what `pack.json` counts must match. */
  calls: Record<string, Record<string, number>>;
  /** Bodies that entries name by a disclosed hash, and that the pack must hold. */
  bodies: Set<string>;
  /** Log files with kept records, by entry. */
  logFiles: Map<number, LinesFacts>;
  checkpoints: { seq: number; facts: CheckpointFacts }[];
  /** Sealed values that this pack does not disclose. */
  withheld: number;
}

const ENTRIES = 'data/ledger/entries.jsonl';
const SALTS = 'data/ledger/salts.jsonl';

/**
 * Walks data/ledger/entries.jsonl and salts.jsonl side by side, in memory that does not grow with the bodies.
 *
 * @returns the ledger, or the first fault.
 */
export async function walkLedger(open: OpenFile): Promise<WalkedLedger | EvidenceFault> {
  const entryPieces = open(ENTRIES);
  const saltPieces = open(SALTS);
  if (!entryPieces || !saltPieces)
    return { file: entryPieces ? SALTS : ENTRIES, what: 'it is not in the pack' };
  const walk = walkChain();
  const salts = saltReader(saltPieces);
  const ledger: WalkedLedger = {
    entries: 0,
    head: '',
    merkleRoot: '',
    kinds: {},
    calls: {},
    bodies: new Set(),
    logFiles: new Map(),
    checkpoints: [],
    withheld: 0,
  };
  try {
    for await (const line of lines(entryPieces)) {
      const disclosures = await salts.of(walk.seq + 1);
      const { entry, fault } = walk.next(line.toString('utf8'), disclosures);
      if (fault) return { file: ENTRIES, what: `entry ${fault.seq}: ${fault.what}` };
      account(ledger, entry!, disclosures);
    }
    const stray = await salts.rest();
    if (stray !== null)
      return { file: SALTS, what: `it opens a value of entry ${stray}, which is not in the ledger` };
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError)
      return { file: ENTRIES, what: error.message };
    throw error;
  }
  return { ...ledger, entries: walk.seq, head: walk.head, merkleRoot: walk.merkleRoot() };
}

function account(ledger: WalkedLedger, entry: EntryLine, disclosures: readonly Disclosure[]): void {
  ledger.kinds[entry.kind] = (ledger.kinds[entry.kind] ?? 0) + 1;
  ledger.withheld += Object.keys(entry.sealed).length - disclosures.length;
  const body = disclosures.find((d) => d.field === 'body');
  if (body) ledger.bodies.add(body.value);
  if (entry.kind === 'checkpoint') ledger.checkpoints.push({ seq: entry.seq, facts: entry.facts });
  if (entry.kind === 'exchange') {
    const { op, outcome, errorCode } = entry.facts;
    const calls = (ledger.calls[op] ??= {});
    const result = outcome === 'ok' ? 'ok' : (errorCode ?? outcome);
    calls[result] = (calls[result] ?? 0) + 1;
  }
  if ((entry.kind === 'exchange' || entry.kind === 'import') && entry.facts.lines) {
    ledger.logFiles.set(entry.seq, entry.facts.lines);
  }
}

/** Reads salts.jsonl in step with the ledger: both are in order of the sequence number. */
function saltReader(pieces: AsyncIterable<Buffer>) {
  const iterator = lines(pieces);
  let ahead: { seq: number; disclosure: Disclosure } | null = null;
  let ended = false;
  async function peek() {
    if (ahead === null && !ended) {
      const next = await iterator.next();
      if (next.done) ended = true;
      else {
        const salt = JSON.parse(next.value.toString('utf8')) as {
          seq: number;
          field: string;
          salt: string;
          value: string;
        };
        ahead = {
          seq: salt.seq,
          disclosure: { field: salt.field, salt: Buffer.from(salt.salt, 'hex'), value: salt.value },
        };
      }
    }
    return ahead;
  }
  return {
    async of(seq: number): Promise<Disclosure[]> {
      const found: Disclosure[] = [];
      for (let next = await peek(); next?.seq === seq; next = await peek()) {
        found.push(next.disclosure);
        ahead = null;
      }
      return found;
    },
    /** Sequence number of a salt that no entry took, or null. */
    async rest(): Promise<number | null> {
      return (await peek())?.seq ?? null;
    },
  };
}

/** Checks that every body the ledger names is in the bundles, is what it was, and that the bundles hold nothing else. */
export async function checkBodies(open: OpenFile, named: ReadonlySet<string>): Promise<EvidenceFault | null> {
  const index = 'data/ledger/bodies.csv';
  const rows = open(index);
  if (!rows) return { file: index, what: 'it is not in the pack' };
  const byFile = new Map<string, { sha256: string; offset: number; length: number }[]>();
  let count = 0;
  for await (const line of lines(rows)) {
    const [sha256, file, offset, length] = line.toString('utf8').trimEnd().split(',');
    if (sha256 === 'sha256') continue;
    if (!named.has(sha256!)) return { file: index, what: `it lists body ${sha256}, which no entry names` };
    const list = byFile.get(file!) ?? [];
    list.push({ sha256: sha256!, offset: Number(offset), length: Number(length) });
    byFile.set(file!, list);
    count += 1;
  }
  if (count !== named.size)
    return { file: index, what: `it lists ${count} bodies where the ledger names ${named.size}` };
  for (const [name, bodies] of byFile) {
    const fault = await checkBundle(open, `data/ledger/${name}`, bodies);
    if (fault) return fault;
  }
  return null;
}

async function checkBundle(
  open: OpenFile,
  file: string,
  bodies: readonly { sha256: string; offset: number; length: number }[],
): Promise<EvidenceFault | null> {
  const pieces = open(file);
  if (!pieces) return { file, what: 'it is not in the pack' };
  let [current, left, offset] = [0, bodies[0]?.length ?? 0, 0];
  let hash = createHash('sha256');
  const finish = (): EvidenceFault | null => {
    const body = bodies[current]!;
    if (body.offset !== offset || hash.digest('hex') !== body.sha256) {
      return {
        file,
        what: `the body at byte ${body.offset} is not the one that was recorded (${body.sha256})`,
      };
    }
    offset += body.length;
    current += 1;
    left = bodies[current]?.length ?? 0;
    hash = createHash('sha256');
    return null;
  };
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      while (current < bodies.length && left === 0) {
        const fault = finish();
        if (fault) return fault;
      }
      if (current >= bodies.length) return { file, what: 'it holds bytes that belong to no body' };
      const take = Math.min(left, piece.length - at);
      hash.update(piece.subarray(at, at + take));
      at += take;
      left -= take;
    }
  }
  while (current < bodies.length) {
    if (left > 0) return { file, what: 'it ends early' };
    const fault = finish();
    if (fault) return fault;
  }
  return null;
}

/** A file of raw records while it is read; `line` is the next line, 1-based. */
interface RecordFile {
  file: string;
  records: AsyncGenerator<Buffer>;
  line: number;
}

interface Proof {
  seq: number;
  file: string;
  line: number;
  size: number;
  kept: number[];
  nodes: string[];
}

/**
 * Checks every raw log record of the pack against the Merkle root of the log file it came from, and that the record
 * files hold no line that is not proved.
 */
export async function checkLogRecords(
  open: OpenFile,
  logFiles: ReadonlyMap<number, LinesFacts>,
): Promise<EvidenceFault | null> {
  const index = 'data/ledger/proofs.jsonl';
  const pieces = open(index);
  const expected = [...logFiles].filter(([, facts]) => facts.relevant > 0).length;
  if (!pieces) return expected === 0 ? null : { file: index, what: 'it is not in the pack' };
  let seen = 0;
  let current = null as RecordFile | null;
  for await (const line of lines(pieces)) {
    const proof = JSON.parse(line.toString('utf8')) as Proof;
    const facts = logFiles.get(proof.seq);
    if (!facts) return { file: index, what: `it proves records of entry ${proof.seq}, which is no log file` };
    if (proof.size !== facts.records || proof.kept.length !== facts.relevant) {
      return { file: index, what: `its counts for entry ${proof.seq} differ from the ledger` };
    }
    if (current?.file !== proof.file) {
      const left = current ? await unproved(current) : null;
      if (left) return left;
      const records = open(proof.file);
      if (!records) return { file: proof.file, what: 'it is not in the pack' };
      current = { file: proof.file, records: lines(records), line: 1 };
    }
    const fault = await checkProof(current, proof, facts);
    if (fault) return fault;
    seen += 1;
  }
  if (seen !== expected) return { file: index, what: `it proves ${seen} log files of ${expected}` };
  return current ? unproved(current) : null;
}

async function checkProof(
  current: RecordFile,
  proof: Proof,
  facts: LinesFacts,
): Promise<EvidenceFault | null> {
  const { file } = current;
  if (current.line !== proof.line)
    return { file, what: `records from line ${current.line} on are not proved` };
  const hashes: Buffer[] = [];
  for (let i = 0; i < proof.kept.length; i += 1) {
    const next = await current.records.next();
    if (next.done) return { file, what: `it ends at line ${current.line - 1}, before all its records` };
    hashes.push(leafHash(file.endsWith('-as-strings.jsonl') ? decoded(next.value) : next.value));
    current.line += 1;
  }
  const nodes = proof.nodes.map((node) => Buffer.from(node, 'hex'));
  let holds = false;
  try {
    holds = rootFromSetProof(proof.size, proof.kept, hashes, nodes).toString('hex') === facts.merkleRoot;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  if (holds) return null;
  const last = proof.line + proof.kept.length - 1;
  return {
    file,
    what: `lines ${proof.line} to ${last} are not the records of the log file at entry ${proof.seq}`,
  };
}

/** A record with line breaks inside stands in its file as a JSON string. */
function decoded(line: Buffer): Buffer {
  return Buffer.from(JSON.parse(line.toString('utf8')) as string, 'utf8');
}

async function unproved(current: RecordFile): Promise<EvidenceFault | null> {
  const next = await current.records.next();
  if (next.done) return null;
  return {
    file: current.file,
    what: `line ${current.line} and what follows is in no log file of the ledger`,
  };
}
