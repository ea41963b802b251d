import type { ReadableDb } from '../../../db/handle.ts';
import type { DimensionTable } from '../../../db/derived/events.ts';
import type { Period } from '../../engagement/engagement.ts';
import { csvCell, csvRecord } from './csv.ts';

const HEADER = [
  'time',
  'event_id',
  'service',
  'event',
  'account',
  'region',
  'key',
  'principal',
  'caller',
  'caller_type',
  'invoked_by',
  'source_ip',
  'error_code',
  'read_only',
  'changes_a_setting',
  'request_id',
  'ledger_entry',
  'record',
];

/** Records of one log file read at a time, and texts remembered per dimension: both bound the memory. */
const WINDOW = 8192;
const MOST_TEXTS = 100_000;
const PIECE = 256 * 1024;

/** n, k, time, event id, operation, place, key, principal, actor, client, error, flags, request id. */
type Row = [
  number,
  number,
  number,
  string,
  number,
  number,
  number | null,
  number,
  number,
  number,
  number | null,
  number,
  string | null,
];

/**
 * Events of a period as a table (CSV), those of `snapshots`, without copies. `only` 'changes' leaves out uses.
 *
 * Texts come from the dimension tables once and then from memory: joined by SQLite, a million rows take twice as long.
 */
export function* eventLines(
  db: ReadableDb,
  snapshots: readonly string[],
  period: Period,
  only: 'all' | 'changes',
): Generator<Buffer> {
  const texts = {
    operation: textsOf(db, 'usage_operation', ['service', 'name']),
    place: textsOf(db, 'usage_place', ['account', 'region']),
    key: textsOf(db, 'usage_key', ['key']),
    principal: textsOf(db, 'usage_principal', ['principal']),
    actor: textsOf(db, 'usage_actor', ['actor', 'type', 'invoked_by']),
    client: textsOf(db, 'usage_client', ['source_ip']),
    error: textsOf(db, 'usage_error', ['code']),
  };
  const timeText = times();
  let text = csvRecord(HEADER);
  for (const [seq, row] of eventRows(db, snapshots, period, only)) {
    const [n, , time, eventId, operation, place, key, principal, actor, client, error, flags, requestId] =
      row;
    text += `${timeText(time)},${csvCell(eventId)},${texts.operation(operation)},${texts.place(place)},${texts.key(key)},${texts.principal(principal)},${texts.actor(actor)},${texts.client(client)},${texts.error(error)},${flags & 1 ? 'yes' : 'no'},${flags & 2 ? 'yes' : 'no'},${requestId === null ? '' : csvCell(requestId)},${seq},${n}\r\n`;
    if (text.length > PIECE) {
      yield Buffer.from(text, 'utf8');
      text = '';
    }
  }
  if (text) yield Buffer.from(text, 'utf8');
}

function* eventRows(
  db: ReadableDb,
  snapshots: readonly string[],
  period: Period,
  only: 'all' | 'changes',
): Generator<[seq: number, row: Row]> {
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  const sources = db
    .prepare<string[], { seq: number; records: number }>(
      `SELECT seq, records FROM usage_source WHERE snapshot IN (${snapshots.map(() => '?').join(', ')}) ORDER BY seq`,
    )
    .all(...snapshots);
  const rows = db
    .prepare<[number, number, number, number, number], Row>(
      `SELECT n, k, time, event_id, operation, place, key, principal, actor, client, error, flags, request_id
         FROM usage_event_row WHERE seq = ? AND n >= ? AND n < ? AND time >= ? AND time < ?
          ${only === 'changes' ? 'AND flags & 2' : ''} ORDER BY n, k`,
    )
    .raw();
  const copies = db
    .prepare<[number, number, number], number>(
      'SELECT n FROM usage_duplicate WHERE seq = ? AND n >= ? AND n < ?',
    )
    .pluck();
  for (const { seq, records } of sources) {
    for (let at = 0; at < records; at += WINDOW) {
      const left = new Set(copies.all(seq, at, at + WINDOW));
      for (const row of rows.all(seq, at, at + WINDOW, from, to)) if (!left.has(row[0])) yield [seq, row];
    }
  }
}

/** Cells of one dimension by its number, ready to be written. */
function textsOf(db: ReadableDb, table: DimensionTable, columns: readonly string[]) {
  const find = db
    .prepare<[number], (string | null)[]>(`SELECT ${columns.join(', ')} FROM ${table} WHERE id = ?`)
    .raw();
  const none = ','.repeat(columns.length - 1);
  const known = new Map<number, string>();
  return (id: number | null): string => {
    if (id === null) return none;
    let cells = known.get(id);
    if (cells === undefined) {
      if (known.size >= MOST_TEXTS) known.clear();
      cells = find.get(id)!.map(csvCell).join(',');
      known.set(id, cells);
    }
    return cells;
  };
}

/** Times as text, to the second, UTC. Events come nearly in order: the last one is often the next one. */
function times(): (ms: number) => string {
  let second = NaN;
  let text = '';
  return (ms) => {
    const now = Math.floor(ms / 1000);
    if (now !== second) {
      second = now;
      text = `${new Date(now * 1000).toISOString().slice(0, 19)}Z`;
    }
    return text;
  };
}
