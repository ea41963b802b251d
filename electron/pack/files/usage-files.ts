import type { ReadableDb } from '../../../db/handle.ts';
import { logLeaves, logRecords } from '../../../db/ledger/log-records.ts';
import { setProof } from '../../../db/ledger/merkle.ts';
import { jsonLines } from './csv.ts';
import type { PackFile } from './pack-file.ts';

/*
 * Raw log records as received, one a line, with the proof that each was in the log file it came from. All kept records
 * of one log file stand together in one file of the pack, in file order: a proof then needs only the first line.
 */

/** Folder budget: beyond this many files, months are merged into years. */
const MOST_FILES = 240;

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
}

interface LogFile {
  seq: number;
  source: string;
  month: string;
  records: number;
  /** Records with a line break inside cannot stand one a line; they are written as JSON strings. */
  broken: boolean;
}

/** Raw record files and their proofs, for entries 1..upTo. */
export function usageFiles(db: ReadableDb, upTo: number): PackFile[] {
  const byFile = groupFiles(listLogFiles(db, upTo));
  const files = [...byFile].map(([path, members]) => ({
    path,
    content: () => rawLines(db, members),
    large: true,
  }));
  return [
    ...files,
    { path: 'data/ledger/proofs.jsonl', content: () => jsonLines(proofs(db, byFile)), large: true },
  ];
}

function listLogFiles(db: ReadableDb, upTo: number): LogFile[] {
  const rows = db
    .prepare<[number], { seq: number; source: string; month: string; records: number }>(
      `SELECT seq, line ->> '$.facts.source' AS source, line ->> '$.facts.lines.records' AS records,
              coalesce(substr(line ->> '$.facts.lines.firstEvent', 1, 7), 'undated') AS month
         FROM entry WHERE seq <= ? AND line ->> '$.facts.lines.relevant' > 0 ORDER BY seq`,
    )
    .all(upTo);
  return rows.map((row) => ({
    ...row,
    // The time stands in the record as its writer had it: it must not decide where in the pack a file lands.
    month: /^\d{4}-\d{2}$/.test(row.month) ? row.month : 'undated',
    broken: hasLineBreaks(db, row.seq),
  }));
}

function hasLineBreaks(db: ReadableDb, seq: number): boolean {
  for (const { raw } of logRecords(db, seq)) if (raw.includes(10)) return true;
  return false;
}

function groupFiles(logFiles: readonly LogFile[]): Map<string, LogFile[]> {
  for (const width of [7, 4, 0]) {
    const groups = Map.groupBy(logFiles, (f) => pathOf(f, width));
    if (groups.size <= MOST_FILES || width === 0)
      return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return new Map();
}

function pathOf(file: LogFile, width: number): string {
  const when = file.month === 'undated' ? file.month : file.month.slice(0, width) || 'all';
  return `data/3-usage-logs/${file.source}-${when}${file.broken ? '-as-strings' : ''}.jsonl`;
}

function* rawLines(db: ReadableDb, members: readonly LogFile[]): Generator<Buffer> {
  const feed = Buffer.from('\n');
  let parts: Buffer[] = [];
  let bytes = 0;
  for (const { seq, broken } of members) {
    for (const { raw } of logRecords(db, seq)) {
      const line = broken ? Buffer.from(JSON.stringify(raw.toString('utf8'))) : raw;
      parts.push(line, feed);
      bytes += line.length + 1;
      if (bytes > 512 * 1024) {
        yield Buffer.concat(parts);
        parts = [];
        bytes = 0;
      }
    }
  }
  yield Buffer.concat(parts);
}

function* proofs(db: ReadableDb, byFile: ReadonlyMap<string, readonly LogFile[]>): Generator<RecordProof> {
  for (const [file, members] of byFile) {
    let line = 1;
    for (const { seq, records } of members) {
      const kept = [...logRecords(db, seq)].map((r) => r.index);
      const nodes = setProof(records, logLeaves(db, seq), kept).map((node) => node.toString('hex'));
      yield { seq, file, line, size: records, kept, nodes };
      line += kept.length;
    }
  }
}
