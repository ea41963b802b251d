import type { WritableDb } from '../handle.ts';
import { textId } from './text-id.ts';

/** One logged use or change of a key, or a change that bears on keys. Times in ms since 1970, UTC. */
export interface UsageEventRow {
  /** Index of the record in its file or page. */
  n: number;
  /** Which of the keys that the event names: 0, 1, … */
  k: number;
  time: number;
  eventId: string;
  /** Event source, for example `kms.amazonaws.com`. */
  service: string;
  name: string;
  /** Account that received the event. */
  account: string;
  region: string;
  /** ARN of a key, or of an alias that the log does not resolve; null when the event names none. */
  key: string | null;
  /** What rights are given to: user, role, service, account. */
  principal: string;
  /** The very caller: of an assumed role the session. */
  actor: string;
  actorType: string;
  actorAccount: string;
  /** Service that made the call for the caller. */
  invokedBy: string | null;
  sourceIp: string;
  userAgent: string;
  error: string | null;
  readOnly: boolean;
  change: boolean;
  requestId: string | null;
  /** The event's id alone tells copies, whatever their times: each device of an audit log writes a time of its own. */
  copyById?: boolean;
  /** How the request ended is known: preferred among copies. */
  outcomeKnown?: boolean;
}

/** Dimension tables in the order in which a batch numbers them, with their columns. */
export const DIMENSIONS = [
  ['usage_operation', ['service', 'name']],
  ['usage_place', ['account', 'region']],
  ['usage_key', ['key']],
  ['usage_principal', ['principal']],
  ['usage_actor', ['actor', 'type', 'account', 'invoked_by']],
  ['usage_client', ['source_ip', 'user_agent']],
  ['usage_error', ['code']],
] as const;

export type DimensionTable = (typeof DIMENSIONS)[number][0];

/** One text, or few that go together, as a batch carries it. */
export interface DimensionRow {
  /** Index in {@link DIMENSIONS}. */
  dimension: number;
  id: number;
  values: (string | null)[];
}

/** Rows in a form that passes between threads at little cost. */
export interface EventBatch {
  rows: number;
  /** {@link STRIDE} numbers a row: n, k, time, operation, place, key, principal, actor, client, error, flags. */
  numbers: Float64Array;
  /** Event ids, then request ids, one a line. */
  ids: string;
  dimensions: DimensionRow[];
}

const STRIDE = 11;
/** Stands for null among numbers. */
const NONE = -1;

/**
 * Collects the rows of one ledger entry into batches. A batch holds the texts that no earlier batch of the entry held,
 * since they are written together.
 */
export class EventBatchBuilder {
  readonly #known: Map<string, number>;
  readonly #sent = new Set<number>();
  readonly #numbers: number[] = [];
  #eventIds: string[] = [];
  #requestIds: string[] = [];
  #dimensions: DimensionRow[] = [];

  /** `known` remembers the numbers of texts; builders of one thread may share it. */
  constructor(known = new Map<string, number>()) {
    this.#known = known;
    // Session names make callers without end.
    if (known.size > 50_000) known.clear();
  }

  get rows(): number {
    return this.#eventIds.length;
  }

  add(row: UsageEventRow): void {
    this.#numbers.push(
      row.n,
      row.k,
      row.time,
      this.#id(0, row.service, row.name),
      this.#id(1, row.account, row.region),
      row.key === null ? NONE : this.#id(2, row.key),
      this.#id(3, row.principal),
      this.#id(4, row.actor, row.actorType, row.actorAccount, row.invokedBy),
      this.#id(5, row.sourceIp, row.userAgent),
      row.error === null ? NONE : this.#id(6, row.error),
      (row.readOnly ? 1 : 0) + (row.change ? 2 : 0) + (row.copyById ? 4 : 0) + (row.outcomeKnown ? 8 : 0),
    );
    this.#eventIds.push(oneLine(row.eventId));
    this.#requestIds.push(oneLine(row.requestId ?? ''));
  }

  /** The rows since the last batch; null when there are none. */
  take(): EventBatch | null {
    if (this.rows === 0) return null;
    const batch = {
      rows: this.rows,
      numbers: Float64Array.from(this.#numbers),
      ids: [...this.#eventIds, ...this.#requestIds].join('\n'),
      dimensions: this.#dimensions,
    };
    this.#numbers.length = 0;
    this.#eventIds = [];
    this.#requestIds = [];
    this.#dimensions = [];
    return batch;
  }

  #id(dimension: number, ...values: (string | null)[]): number {
    const text = dimensionText(dimension, values);
    let id = this.#known.get(text);
    if (id === undefined) this.#known.set(text, (id = textId(text)));
    if (!this.#sent.has(id)) {
      this.#sent.add(id);
      this.#dimensions.push({ dimension, id, values });
    }
    return id;
  }
}

function oneLine(text: string): string {
  return text.includes('\n') ? text.replaceAll('\n', ' ') : text;
}

/** Number under which a text of one column stands in its dimension table. */
export function dimensionId(table: DimensionTable, ...values: (string | null)[]): number {
  const dimension = DIMENSIONS.findIndex(([name]) => name === table);
  return textId(dimensionText(dimension, values));
}

function dimensionText(dimension: number, values: readonly (string | null)[]): string {
  if (values.length === 1) return `${dimension}\u0000${values[0]}`;
  return `${dimension}\u0000${values.map((v) => v ?? '\u0001').join('\u0000')}`;
}

/** What is known about the ledger entry that events were taken from. */
export interface UsageSource {
  kind: 'log-file' | 'imported-log-file' | 'lookup' | 'imported-lookup';
  snapshot: string;
  source: string;
  records: number;
  relevant: number;
  /** First and last event, ms UTC, null without events. */
  first: number | null;
  last: number | null;
  /** A kept record has a line break inside; null where that is no question. */
  multiLine: boolean | null;
}

/** Which copy of an event counts, lowest first: a delivered log file before what was asked for or given. */
const RANK = { 'log-file': 0, 'imported-log-file': 1, lookup: 2, 'imported-lookup': 3 } as const;

/** Version of the rules that make event rows. */
export const EVENT_RULES = 1;

const ROWS_AT_ONCE = 16;

/** Writes the events of one ledger entry. Call inside the transaction that writes the entry, or a later one. */
export function eventWriter(db: WritableDb) {
  const source = db.prepare(
    `INSERT INTO usage_source (seq, kind, rank, snapshot, source, records, relevant, first, last, rules, multi_line)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ${EVENT_RULES}, ?)`,
  );
  const dimensions = DIMENSIONS.map(([table, columns]) => ({
    insert: db.prepare<(string | number | null)[]>(
      `INSERT OR IGNORE INTO ${table} (id, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`,
    ),
    check: db.prepare<(string | number | null)[]>(
      `SELECT 1 FROM ${table} WHERE id = ? AND ${columns.map((c) => `${c} IS ?`).join(' AND ')}`,
    ),
  }));
  const insertRows = (count: number) =>
    db.prepare<(string | number | null)[]>(
      `INSERT INTO usage_event_row (seq, n, k, time, operation, place, key, principal, actor, client, error, flags,
         event_id, request_id) VALUES ${Array(count).fill('(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
    );
  const many = insertRows(ROWS_AT_ONCE);
  const one = insertRows(1);

  return {
    source(seq: number, s: UsageSource): void {
      const multiLine = s.multiLine === null ? null : Number(s.multiLine);
      const counts = [s.records, s.relevant, s.first, s.last] as const;
      source.run(seq, s.kind, RANK[s.kind], s.snapshot, s.source, ...counts, multiLine);
    },
    batch(seq: number, batch: EventBatch): void {
      for (const { dimension, id, values } of batch.dimensions) {
        const { insert, check } = dimensions[dimension]!;
        if (insert.run(id, ...values).changes === 0 && !check.get(id, ...values)) {
          throw new Error(
            `cannot index "${values.join(' ')}": its number is taken by another text. Please report this.`,
          );
        }
      }
      const ids = batch.ids.split('\n');
      const numbers = batch.numbers;
      let values: (string | number | null)[] = [];
      for (let i = 0; i < batch.rows; i += 1) {
        const at = i * STRIDE;
        values.push(seq);
        for (let c = 0; c < STRIDE; c += 1) {
          const value = numbers[at + c]!;
          values.push(value === NONE ? null : value);
        }
        values.push(ids[i]!, ids[batch.rows + i]! || null);
        if (values.length === ROWS_AT_ONCE * 14) {
          many.run(...values);
          values = [];
        }
      }
      for (let at = 0; at < values.length; at += 14) one.run(...values.slice(at, at + 14));
    },
  };
}
