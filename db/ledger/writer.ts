import type { WritableDb } from '../handle.ts';
import { statement } from '../statement.ts';
import { putBody } from './bodies.ts';
import type { CheckpointFacts, Entry, EntryDraft, EntryKind, ExchangeFacts } from './entry.ts';
import { commitment, GENESIS, newSalt, sha256Hex } from './hash.ts';
import { insertLogRecords, type LogRecords } from './log-records.ts';
import { MOST_LINE_BYTES, parseLine } from './parse-line.ts';

/** An exchange before it is sent: what is known then. Sealed: `params`, `caller`. */
export interface Intent {
  facts: Pick<
    ExchangeFacts,
    'snapshot' | 'source' | 'op' | 'scope' | 'label' | 'attempt' | 'start' | 'host' | 'bodyClass'
  >;
  sealed: Record<string, string>;
}

/** What is committed together with an entry. */
export interface Attachment {
  /** A body of class `full`; its SHA-256 is sealed as `body`. */
  body?: Uint8Array;
  /** What a body of class `lines` left. */
  records?: LogRecords;
  /** Writes derived rows of the entry, in its transaction and after it: they land together or not at all. */
  land?: (db: WritableDb, seq: number) => void;
}

/** Sealed values are parameters and statements; whatever is longer is a body. */
const MOST_VALUE_LENGTH = 8 * 1024 * 1024;

interface Job {
  run: () => unknown;
  resolve: (value: never) => void;
  reject: (reason: unknown) => void;
}

/**
 * The one writer of a ledger. Everything asked of it in one turn of the event loop is committed in one transaction, in
 * the order asked; a promise resolves after the commit. Sequence, time and chain hash are given here and nowhere else,
 * so collection may run in parallel.
 */
export class LedgerWriter {
  readonly db: WritableDb;
  readonly #now: () => Date;
  #head: { seq: number; hash: string };
  #queue: Job[] = [];
  #scheduled = false;

  constructor(db: WritableDb, now: () => Date = () => new Date()) {
    this.db = db;
    this.#now = now;
    this.#head = readHead(db);
  }

  /** Sequence and hash of the last line; sequence 0 for an empty ledger. */
  get head(): Readonly<{ seq: number; hash: string }> {
    return this.#head;
  }

  /** Adds one entry. */
  append<K extends EntryKind>(draft: EntryDraft<K>, attachment: Attachment = {}): Promise<Entry<K>> {
    return this.#enqueue(() => this.#insert(draft, attachment));
  }

  /** Commits the intention to make a call, before it is sent; returns its id for {@link finish}. */
  begin(intent: Intent): Promise<number> {
    return this.#enqueue(() => {
      const row = statement(this.db, 'INSERT INTO intent (facts, sealed) VALUES (?, ?)').run(
        JSON.stringify(intent.facts),
        JSON.stringify(intent.sealed),
      );
      return Number(row.lastInsertRowid);
    });
  }

  /** Commits the exchange that an intent became, with what it brought. Rejects when it was finished already. */
  finish(
    intent: number,
    draft: EntryDraft<'exchange'>,
    attachment: Attachment = {},
  ): Promise<Entry<'exchange'>> {
    return this.#enqueue(() => {
      const { changes } = statement(this.db, 'DELETE FROM intent WHERE id = ?').run(intent);
      if (changes !== 1)
        throw new Error('cannot record the exchange: its intent is not open. It was recorded before.');
      return this.#insert(draft, attachment);
    });
  }

  /** Turns the calls that were in flight when the last process ended into `interrupted` exchanges. */
  async recoverInterrupted(): Promise<Entry<'exchange'>[]> {
    const rows = this.db
      .prepare<[], { id: number; facts: string; sealed: string }>(
        'SELECT id, facts, sealed FROM intent ORDER BY id',
      )
      .all();
    return Promise.all(
      rows.map((row) => {
        const facts = JSON.parse(row.facts) as Intent['facts'];
        return this.finish(row.id, {
          kind: 'exchange',
          facts: {
            ...facts,
            end: facts.start,
            outcome: 'interrupted',
            httpStatus: null,
            errorCode: null,
            requestId: null,
            serverDate: null,
            tlsPeer: null,
            bodyBytes: null,
          },
          sealed: JSON.parse(row.sealed) as Record<string, string>,
        });
      }),
    );
  }

  /** Runs `work` inside the same queue and transaction as appends: for rows that must land together with them. */
  transact<T>(work: (db: WritableDb) => T): Promise<T> {
    return this.#enqueue(() => work(this.db));
  }

  #enqueue<T>(run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run, resolve: resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    this.#scheduled = false;
    const jobs = this.#queue;
    this.#queue = [];
    const before = this.#head;
    let settle: (() => void)[];
    try {
      settle = this.db.transaction(() => jobs.map((job) => this.#attempt(job))).immediate();
    } catch (error) {
      this.#head = before;
      settle = jobs.map((job) => () => job.reject(error));
    }
    for (const report of settle) report();
  }

  /**
   * Runs one job inside a savepoint: one that fails must not take its neighbours with it. What it reports is told after
   * the commit.
   */
  #attempt(job: Job): () => void {
    const before = this.#head;
    try {
      const result = this.db.transaction(job.run)();
      return () => job.resolve(result as never);
    } catch (error) {
      // A full disk ends the whole transaction: then nothing of this turn is there.
      if (!this.db.inTransaction) throw error;
      this.#head = before;
      return () => job.reject(error);
    }
  }

  #insert<K extends EntryKind>(draft: EntryDraft<K>, attachment: Attachment): Entry<K> {
    const values = { ...draft.sealed };
    if (attachment.body) values.body = putBody(this.db, attachment.body);
    const tooLong = Object.entries(values).find(([, value]) => value.length > MOST_VALUE_LENGTH);
    if (tooLong) {
      throw new RangeError(
        `cannot add the ${draft.kind}: its value "${tooLong[0]}" is longer than ${MOST_VALUE_LENGTH} characters. Keep it as a body.`,
      );
    }
    const opened = Object.entries(values)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([field, value]) => ({ field, value, salt: newSalt() }));

    const seq = this.#head.seq + 1;
    if (draft.kind === 'checkpoint' && (draft.facts as CheckpointFacts).upTo !== seq - 1) {
      throw new Error(
        'cannot add the checkpoint: the ledger grew while it was being signed. Sign the new head.',
      );
    }
    const at = this.#now().toISOString();
    const line = JSON.stringify({
      v: 1,
      seq,
      prev: this.#head.hash,
      at,
      kind: draft.kind,
      type: `${draft.kind}/1`,
      facts: draft.facts,
      sealed: Object.fromEntries(opened.map((o) => [o.field, commitment(o.salt, o.value)])),
    });
    assertReadable(line, draft.kind);
    const hash = sha256Hex(line);
    const hashBytes = Buffer.from(hash, 'hex');
    statement(this.db, 'INSERT INTO entry (seq, line, hash) VALUES (?, ?, ?)').run(seq, line, hashBytes);
    const disclose = statement(
      this.db,
      'INSERT INTO disclosure (seq, field, salt, value) VALUES (?, ?, ?, ?)',
    );
    for (const { field, salt, value } of opened) disclose.run(seq, field, salt, value);
    const lines = 'lines' in draft.facts ? draft.facts.lines : undefined;
    if (attachment.records || lines) {
      const none = { blocks: [], leaves: [] };
      insertLogRecords(this.db, seq, attachment.records ?? none, lines ?? { records: 0, relevant: 0 });
    }
    statement(this.db, 'UPDATE ledger_head SET seq = ?, hash = ? WHERE one = 1').run(seq, hashBytes);
    attachment.land?.(this.db, seq);
    this.#head = { seq, hash };
    return { seq, at, hash, kind: draft.kind, facts: draft.facts };
  }
}

/**
 * Reads a line as verification will. A ledger is append-only: a line that could not be read later would spoil it for
 * good, so it is refused now.
 */
function assertReadable(line: string, kind: EntryKind): void {
  const bytes = Buffer.from(line, 'utf8');
  if (bytes.length > MOST_LINE_BYTES)
    throw new RangeError(`cannot add the ${kind}: its line is longer than ${MOST_LINE_BYTES} bytes.`);
  try {
    parseLine(bytes);
  } catch (error) {
    throw new TypeError(`cannot add the ${kind}: its facts are not those of a known entry.`, {
      cause: error,
    });
  }
}

function readHead(db: WritableDb): { seq: number; hash: string } {
  const row = db
    .prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1')
    .get();
  return row ? { seq: row.seq, hash: row.hash.toString('hex') } : { seq: 0, hash: GENESIS };
}
