import type { ReadableDb } from '../../../db/handle.ts';
import { logRecords } from '../../../db/ledger/log-records.ts';
import type { PackFile } from './pack-file.ts';
import type { Withheld } from '../redact/withheld.ts';
import { madeFile } from './recipe.ts';
import { proofLines, recordLines, type LogFileMember } from './record-lines.ts';

/*
 * Raw log records as received, one a line, with the proof that each was in the log file it came from. All kept records
 * of one log file stand together in one file of the pack, in file order: a proof then needs only the first line.
 */

const PROOFS = 'data/ledger/proofs.jsonl';
/** Folder budget: beyond this many files, months are merged into years. */
const MOST_FILES = 240;

interface LogFile extends LogFileMember {
  source: string;
  month: string;
}

/** Raw record files and their proofs, for entries 1..upTo. */
export function usageFiles(db: ReadableDb, upTo: number, withheld?: Withheld): PackFile[] {
  const files = [...groupFiles(listLogFiles(db, upTo))].map(([path, members]): [string, LogFileMember[]] => [
    path,
    members.map(({ seq, records, broken }) => ({ seq, records, broken })),
  ]);
  if (withheld) {
    return [
      ...files.map(([path, members]) => ({
        path,
        content: () => recordLines(db, members, withheld.records),
        large: true,
      })),
      { path: PROOFS, content: () => proofLines(db, files, withheld.records), large: true },
    ];
  }
  return [
    ...files.map(([path, members]) => madeFile(db, path, { make: 'records', with: [members] }, true)),
    madeFile(db, PROOFS, { make: 'proofs', with: [files] }, true),
  ];
}

function listLogFiles(db: ReadableDb, upTo: number): LogFile[] {
  const rows = db
    .prepare<
      [number],
      { seq: number; source: string; month: string; records: number; multiLine: number | null }
    >(
      `SELECT seq, line ->> '$.facts.source' AS source, line ->> '$.facts.lines.records' AS records,
              coalesce(substr(line ->> '$.facts.lines.firstEvent', 1, 7), 'undated') AS month,
              (SELECT multi_line FROM usage_source s WHERE s.seq = entry.seq) AS multiLine
         FROM entry WHERE seq <= ? AND line ->> '$.facts.lines.relevant' > 0 ORDER BY seq`,
    )
    .all(upTo);
  return rows.map((row) => ({
    ...row,
    // The time stands in the record as its writer had it: it must not decide where in the pack a file lands.
    month: /^\d{4}-\d{2}$/.test(row.month) ? row.month : 'undated',
    broken: row.multiLine === null ? hasLineBreaks(db, row.seq) : row.multiLine === 1,
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
