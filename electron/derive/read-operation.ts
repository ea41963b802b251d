import { zstdDecompressSync } from 'node:zlib';
import { CHUNK_BYTES } from '../../db/ledger/bodies.ts';
import type { EntryLine } from '../../db/ledger/entry.ts';
import type { ReadableDb } from '../../db/handle.ts';
import { declaredViews } from '../engagement/declared-views.ts';
import { membersJson, membersOf } from '../engagement/view.ts';

/** One exchange as derivation reads it: its facts without what only verification needs. */
export interface ReadExchange {
  seq: number;
  /** The run it belongs to. */
  run: string;
  source: string;
  scope: string;
  label: string;
  attempt: number;
  start: string;
  end: string;
  host: string;
  outcome: 'ok' | 'error' | 'network' | 'interrupted';
  httpStatus: number | null;
  errorCode: string | null;
  serverDate: string | null;
  tlsPeer: string | null;
  /** Why a log file ended early or is not what it should be; null when it was read whole. */
  defect: string | null;
  /** Canonical JSON, '' when the operation has none. */
  params: string;
  /** Canonical JSON, '' when not recorded. */
  caller: string;
}

const BATCH = 4000;

interface Row {
  seq: number;
  line: string;
  params: string | null;
  caller: string | null;
}

/** Snapshots that hold evidence, in the order the ledger first names them, then views. Attachments belong to none. */
export function snapshotIds(db: ReadableDb): string[] {
  const views = declaredViews(db);
  // A screenshot may belong to a view: that makes it no run.
  return [...runIds(db).filter((id) => !views.has(id)), ...views.keys()];
}

function runIds(db: ReadableDb): string[] {
  return db
    .prepare<[], string>(
      "SELECT snapshot FROM entry WHERE snapshot IS NOT NULL AND snapshot <> '' GROUP BY snapshot ORDER BY min(seq)",
    )
    .pluck()
    .all();
}

/** Operations a snapshot asked, by id. */
export function operationsOf(db: ReadableDb, snapshot: string): string[] {
  return db
    .prepare<[string], string>(
      `SELECT DISTINCT op FROM entry INDEXED BY entry_by_snapshot WHERE snapshot IN (SELECT value FROM json_each(?)) AND op IS NOT NULL ORDER BY op`,
    )
    .pluck()
    .all(membersJson(db, snapshot));
}

/**
 * Reads all exchanges of one operation, run by run in ledger order, and hands each to `each`; returns the deciding ones: of the
 * exchanges that asked the same (source, scope, parameters, label), the last. Earlier attempts are only calls.
 */
export function readOperation(
  db: ReadableDb,
  snapshot: string,
  op: string,
  each: (exchange: ReadExchange) => void,
): ReadExchange[] {
  // The index is named, because its rows come in order of seq: SQLite would rather walk the whole ledger each time.
  const batch = db.prepare<[string, string, number, number], Row>(
    `SELECT e.seq, e.line, p.value AS params, c.value AS caller FROM entry e INDEXED BY entry_by_snapshot
       LEFT JOIN disclosure p ON p.seq = e.seq AND p.field = 'params'
       LEFT JOIN disclosure c ON c.seq = e.seq AND c.field = 'caller'
     WHERE e.snapshot = ? AND e.op = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`,
  );
  const final = new Map<string, ReadExchange>();
  const once = newInterner();
  // Run by run, each in order of seq: a run that was resumed may have entries from after a later one began.
  for (const run of membersOf(db, snapshot)) {
    for (let after = 0; ;) {
      const rows = batch.all(run, op, after, BATCH);
      for (const row of rows) {
        const exchange = read(row, once);
        if (!exchange) continue;
        each(exchange);
        const key = [exchange.source, exchange.scope, exchange.label, exchange.params].join('\n');
        if ((final.get(key)?.seq ?? 0) < exchange.seq) final.set(key, exchange);
      }
      if (rows.length < BATCH) break;
      after = rows.at(-1)!.seq;
    }
  }
  return [...final.values()].sort((a, b) => a.seq - b.seq);
}

/** Gives one and the same string for equal texts: a hundred thousand answers name few places and callers. */
function newInterner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const held = known.get(text);
    if (held !== undefined) return held;
    known.set(text, text);
    return text;
  };
}

function read(row: Row, once: (text: string) => string): ReadExchange | null {
  const line = JSON.parse(row.line) as EntryLine;
  if (line.kind !== 'exchange') return null;
  const { source, scope, label, attempt, start, end, host, outcome, httpStatus } = line.facts;
  const { errorCode, serverDate, tlsPeer } = line.facts;
  return {
    ...{
      seq: row.seq,
      run: once(line.facts.snapshot),
      source: once(source),
      scope: once(scope),
      label: once(label),
      attempt,
      start,
      end,
    },
    ...{ host: once(host), outcome, httpStatus, errorCode: errorCode === null ? null : once(errorCode) },
    ...{ serverDate, tlsPeer: tlsPeer === null ? null : once(tlsPeer), params: row.params ?? '' },
    caller: once(row.caller ?? ''),
    defect: line.facts.lines?.defect ?? null,
  };
}

/** Reads bodies by ledger entry with one statement; null when the entry's body is not kept whole. */
export function bodyReader(db: ReadableDb): (seq: number) => Buffer | null {
  const chunks = db.prepare<[number], { encoding: string | null; data: Buffer | null }>(
    // No ORDER BY: the index on (sha256, n) gives the chunks in order, and almost every body has one.
    `SELECT c.encoding, c.data FROM disclosure d LEFT JOIN body_chunk c ON c.sha256 = unhex(d.value)
     WHERE d.seq = ? AND d.field = 'body'`,
  );
  return (seq) => {
    const rows = chunks.all(seq);
    if (rows.length === 0) return null;
    const parts = rows.map(({ encoding, data }) => {
      if (data === null) return Buffer.alloc(0);
      return encoding === 'zstd' ? zstdDecompressSync(data, { maxOutputLength: CHUNK_BYTES }) : data;
    });
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  };
}
