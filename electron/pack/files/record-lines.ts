import type { ReadableDb } from '../../../db/handle.ts';
import { logIndexes, logLeaves, logRecords } from '../../../db/ledger/log-records.ts';
import { setProof } from '../../../db/ledger/merkle.ts';
import { jsonLines } from './csv.ts';

/** One line of data/ledger/proofs.jsonl: the kept records of one log file. */
export interface RecordProof {
  /** Ledger entry of the log file. */
  seq: number;
  /** Pack file with the raw records, and its first line (1-based) that belongs to this log file. */
  file: string;
  line: number;
  /** Records in the log file, and the indexes (0-based) of those kept. */
  size: number;
  kept: number[];
  /** Hashes of the subtrees without kept records (see setProof in the documentation of the ledger). */
  nodes: string[];
  /** Records that were kept and are withheld from this pack: their hashes are under `nodes`. Absent when none is. */
  withheld?: number;
}

/** A log file with kept records, as its lines and its proof are made from. */
export interface LogFileMember {
  /** Ledger entry of the log file. */
  seq: number;
  /** Records in the log file, kept or not. */
  records: number;
  /** Records with a line break inside cannot stand one a line; they are written as JSON strings. */
  broken: boolean;
}

const PIECE_BYTES = 512 * 1024;
const FEED = 10;

/** Indexes of records that a redacted pack does not show, by the entry of their log file. */
type WithheldRecords = ReadonlyMap<number, ReadonlySet<number>>;

/** The raw records of log files, one a line. */
export function* recordLines(
  db: ReadableDb,
  members: readonly LogFileMember[],
  withheld: WithheldRecords = new Map(),
): Generator<Buffer> {
  let room = Buffer.allocUnsafe(PIECE_BYTES);
  let bytes = 0;
  for (const { seq, broken } of members) {
    for (const { index, raw } of logRecords(db, seq)) {
      if (withheld.get(seq)?.has(index)) continue;
      const line = broken ? Buffer.from(JSON.stringify(raw.toString('utf8'))) : raw;
      if (bytes + line.length + 1 > room.length) {
        yield room.subarray(0, bytes);
        room = Buffer.allocUnsafe(Math.max(PIECE_BYTES, line.length + 1));
        bytes = 0;
      }
      line.copy(room, bytes);
      bytes += line.length;
      room[bytes++] = FEED;
    }
  }
  yield room.subarray(0, bytes);
}

/** Proofs of the records of log files, by the pack file they stand in. */
export function* proofLines(
  db: ReadableDb,
  files: readonly (readonly [file: string, members: readonly LogFileMember[]])[],
  withheld: WithheldRecords = new Map(),
): Generator<Buffer> {
  yield* jsonLines(proofs(db, files, withheld));
}

function* proofs(
  db: ReadableDb,
  files: readonly (readonly [file: string, members: readonly LogFileMember[]])[],
  withheld: WithheldRecords,
): Generator<RecordProof> {
  for (const [file, members] of files) {
    let line = 1;
    for (const { seq, records } of members) {
      const hidden = withheld.get(seq);
      const kept = logIndexes(db, seq).filter((index) => !hidden?.has(index));
      const nodes = setProof(records, logLeaves(db, seq), kept).map((node) => node.toString('hex'));
      yield { seq, file, line, size: records, kept, nodes, ...(hidden ? { withheld: hidden.size } : {}) };
      line += kept.length;
    }
  }
}
