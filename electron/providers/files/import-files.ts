import { basename, dirname } from 'node:path';
import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import type { ImportFacts } from '../../../db/ledger/entry.ts';
import { sha256Hex } from '../../../db/ledger/hash.ts';
import { entries } from '../../../db/ledger/read.ts';
import type { LedgerWriter } from '../../../db/ledger/writer.ts';
import { deriveEvents } from '../../logs/derive-events.ts';
import { LOOKUP } from '../../logs/cloudtrail/format.ts';
import type { LogFormatId } from '../../logs/format.ts';
import { LOG_FORMATS } from '../../logs/formats.ts';
import type { IngestedLog } from '../../logs/worker/collector.ts';
import { openLogPool, type LogPool } from '../../logs/worker/pool.ts';
import { commitLog } from './commit-log.ts';
import { ImportError } from './error.ts';
import { hashFile } from './hash-file.ts';
import { recognise, type Recognised } from './recognise.ts';
import { walk, type FoundFile, type NotRead } from './walk.ts';

/** What an import did. Every file is in exactly one of imported and rejected. */
export interface ImportSummary {
  files: number;
  imported: number;
  /** Files that are not evidence here: foreign, unreadable, given twice. Each is an entry of the ledger, too. */
  rejected: NotRead[];
  /** Of the rejected, those whose very bytes were imported before. */
  already: number;
  /** Log files that end early or are damaged: what could be read of them is imported. */
  defective: NotRead[];
  /** Records in all log files, those kept, those of KMS, and those that could not be read as an event. */
  events: number;
  relevant: number;
  kms: number;
  unreadable: number;
}

export interface ImportProgress {
  files: number;
  of: number;
  bytes: number;
  ofBytes: number;
  events: number;
}

export interface ImportOptions {
  snapshot: string;
  source: string;
  paths: readonly string[];
  signal?: AbortSignal;
  onProgress?: (progress: ImportProgress) => void;
  /** Folder of the engagement file, for what a very large log file leaves until it is committed. */
  folder?: string;
  threads?: number;
  /**
   * Files that another snapshot holds are taken again, and those of this one passed over without a word: a collection
   * that reads files, and may be resumed.
   */
  again?: boolean;
  /** Build indexes and totals at the end; off when more is to follow. Default true. */
  settle?: boolean;
}

/** Entries that are asked to be committed and not yet known to be: bounds what waits in memory. */
const COMMITS_AHEAD = 4;

/** A file on its way: recognised at once, read by a worker when it is a log. */
interface Taken {
  file: FoundFile;
  what: Recognised;
  log: Promise<IngestedLog> | null;
}

/**
 * Imports files that the client exported: CloudTrail log and digest files, in folders of any layout, saved answers of
 * the AWS CLI. One ledger entry per file, in the order of the walk; basis "client-provided".
 *
 * @throws ImportError NOT_FOUND (a path), NOTHING (no file at all); the signal's reason when it aborts: what was
 *   committed until then stays.
 */
export async function importFiles(writer: LedgerWriter, options: ImportOptions): Promise<ImportSummary> {
  const { files, notRead } = filesUnder(options.paths);
  const folder = options.folder ?? dirname(writer.db.name);
  const { threads } = options;
  const pool = openLogPool({ spoolFolder: folder, ...(threads === undefined ? {} : { threads }) });
  try {
    const summary = await importAll(writer, options, files, pool);
    summary.rejected.push(...notRead);
    if (options.settle !== false) await writer.transact(() => undefined).then(() => deriveEvents(writer.db));
    return summary;
  } finally {
    await pool.close();
  }
}

/** The files to import. @throws ImportError NOT_FOUND (a path), NOTHING (no file at all) */
export function filesUnder(paths: readonly string[]): ReturnType<typeof walk> {
  const found = walk(paths);
  if (found.files.length > 0) return found;
  throw new ImportError('NOTHING', `cannot import ${paths.join(', ')}: it holds no files. Check the path.`);
}

async function importAll(
  writer: LedgerWriter,
  options: ImportOptions,
  files: readonly FoundFile[],
  pool: LogPool,
): Promise<ImportSummary> {
  const summary: ImportSummary = {
    ...{ files: files.length, imported: 0, rejected: [], already: 0, defective: [] },
    ...{ events: 0, relevant: 0, kms: 0, unreadable: 0 },
  };
  const ofBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const known = importedBefore(writer, options.again ? options.snapshot : null);
  const place = new Map<LogFormatId, string>();
  const placeOf = (format: LogFormatId): string => {
    let known = place.get(format);
    if (known === undefined) {
      known = LOG_FORMATS[format].placeOf?.(writer.db, options.source, Infinity) ?? '';
      place.set(format, known);
    }
    return known;
  };
  const ahead: Taken[] = [];
  const commits: Promise<unknown>[] = [];
  let [next, bytes, done] = [0, 0, 0];
  try {
    while (next < files.length || ahead.length > 0) {
      options.signal?.throwIfAborted();
      while (next < files.length && ahead.length < pool.size * 2)
        ahead.push(take(files[next++]!, pool, placeOf));
      const taken = ahead.shift()!;
      const { committed } = await commit(writer, options, taken, known, summary);
      commits.push(committed);
      if (commits.length > COMMITS_AHEAD) await commits.shift();
      bytes += taken.file.bytes;
      done += 1;
      options.onProgress?.({ files: done, of: files.length, bytes, ofBytes, events: summary.events });
    }
    await Promise.all(commits);
  } finally {
    // After an abort or a failure: what the workers still read is not wanted, and must not fail unheard.
    await Promise.allSettled(commits);
    for (const { log } of ahead) log?.then((l) => l.discard()).catch(() => undefined);
  }
  return summary;
}

function take(file: FoundFile, pool: LogPool, placeOf: (format: LogFormatId) => string): Taken {
  let what: Recognised;
  try {
    what = recognise(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    what = { as: 'foreign', reason: `it cannot be read (${code})`, bytes: Buffer.alloc(0) };
  }
  const log =
    what.as === 'log'
      ? pool.readFile(file.path, what.format, 'place' in what ? what.place : placeOf(what.format))
      : null;
  log?.catch(() => undefined); // heard when its turn comes
  return { file, what, log };
}

/** Hands one file to the writer; the promise inside resolves when it is committed. */
async function commit(
  writer: LedgerWriter,
  { snapshot, source, again = false }: ImportOptions,
  { file, what, log }: Taken,
  known: Map<string, string>,
  summary: ImportSummary,
): Promise<{ committed: Promise<unknown> }> {
  const base = { snapshot, source, name: basename(file.path), modified: file.modified };
  const sealed = { path: file.path };
  const reject = (reason: string, format: string, sha256: string, bodyBytes: number) => {
    // The run that was stopped recorded it.
    if (again && known.has(sha256)) return { committed: Promise.resolve() };
    summary.rejected.push({ path: file.path, reason });
    const facts: ImportFacts = {
      ...base,
      ...{ format, outcome: 'rejected', reason, bodyClass: 'hash-only', bodyBytes, sha256 },
    };
    return { committed: writer.append({ kind: 'import', facts, sealed }) };
  };
  const duplicate = (sha256: string): string | null => {
    const before = known.get(sha256);
    if (before !== undefined) {
      summary.already += 1;
      return `it is the same file as ${before}, which is imported already`;
    }
    known.set(sha256, file.path);
    return null;
  };

  if (what.as === 'foreign') {
    const sha256 = what.bytes ? sha256Hex(what.bytes) : await hashFile(file.path);
    return reject(what.reason, 'unknown', sha256, file.bytes);
  }
  if (what.as === 'document') {
    const sha256 = sha256Hex(what.bytes);
    const same = duplicate(sha256);
    if (same) return reject(same, what.format, sha256, what.bytes.length);
    const facts: ImportFacts = {
      ...base,
      ...{ format: what.format, outcome: 'ok', reason: null, bodyClass: 'full' },
      ...{ bodyBytes: what.bytes.length, sha256 },
    };
    const named = what.params ? { params: canonicalJson(what.params) } : {};
    const draft = { kind: 'import' as const, facts, sealed: { ...sealed, ...named } };
    summary.imported += 1;
    return { committed: writer.append(draft, { body: what.bytes }) };
  }
  let read: IngestedLog;
  try {
    read = await log!;
  } catch (error) {
    return reject((error as Error).message, 'unknown', sha256Hex(''), 0);
  }
  const kind = what.format;
  const format = read.shape === 'events' && kind === 'cloudtrail' ? LOOKUP : `${kind}.log`;
  const { sha256, bytes } = read.facts;
  const reason = unusable(read, kind) ?? duplicate(sha256);
  if (reason) {
    read.discard();
    return reject(reason, format, sha256, bytes);
  }
  const { records, relevant, rejected, defect } = read.facts;
  summary.imported += 1;
  summary.events += records;
  summary.relevant += relevant;
  summary.kms += read.kms;
  summary.unreadable += rejected;
  if (defect) summary.defective.push({ path: file.path, reason: defect });
  const facts = { ...base, format, outcome: 'ok' as const, reason: null };
  const named = 'params' in what ? { params: canonicalJson(what.params) } : {};
  return { committed: commitLog(writer, facts, { ...sealed, ...named }, read) };
}

/** Why nothing of a log file can be used; null when something can. */
function unusable({ facts: { records, rejected, defect } }: IngestedLog, kind: LogFormatId): string | null {
  if (defect && records === rejected) return defect;
  return records > 0 && records === rejected ? `it holds no ${LOG_FORMATS[kind].title}` : null;
}

/**
 * Files that the ledger holds, by SHA-256, so that none counts twice.
 *
 * @param again only those that this snapshot holds, also what it rejected
 */
function importedBefore(writer: LedgerWriter, again: string | null): Map<string, string> {
  const known = new Map<string, string>();
  for (const { facts, values } of entries(writer.db, 'import')) {
    if (again !== null) {
      if (facts.snapshot === again) known.set(facts.sha256, values.path ?? facts.name);
      continue;
    }
    // An attachment is no evidence of keys: the same file may be both.
    if (facts.outcome === 'ok' && facts.snapshot !== '') known.set(facts.sha256, values.path ?? facts.name);
  }
  return known;
}
