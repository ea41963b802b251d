import type { WritableDb } from '../handle.ts';
import { putBody } from './bodies.ts';
import type { CheckpointFacts, Entry, EntryDraft, EntryKind, ExchangeFacts } from './entry.ts';
import { commitment, GENESIS, newSalt, sha256Hex } from './hash.ts';
import { insertLogRecords, type LogRecords } from './log-records.ts';

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
      const row = this.db
        .prepare('INSERT INTO intent (facts, sealed) VALUES (?, ?)')
        .run(JSON.stringify(intent.facts), JSON.stringify(intent.sealed));
      return Number(row.lastInsertRowid);
    });
  }

  /** Commits the exchange that an intent became, with what it brought. */
  finish(
    intent: number,
    draft: EntryDraft<'exchange'>,
    attachment: Attachment = {},
  ): Promise<Entry<'exchange'>> {
    return this.#enqueue(() => {
      this.db.prepare('DELETE FROM intent WHERE id = ?').run(intent);
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
    try {
      const results = this.db.transaction(() => jobs.map((job) => job.run())).immediate();
      jobs.forEach((job, i) => job.resolve(results[i] as never));
    } catch (error) {
      this.#head = before;
      if (jobs.length === 1) jobs[0]!.reject(error);
      // One bad job must not take its neighbours with it: each alone, in the same order.
      else for (const job of jobs) this.#runAlone(job);
    }
  }

  #runAlone(job: Job): void {
    const before = this.#head;
    try {
      job.resolve(this.db.transaction(job.run).immediate() as never);
    } catch (error) {
      this.#head = before;
      job.reject(error);
    }
  }

  #insert<K extends EntryKind>(draft: EntryDraft<K>, attachment: Attachment): Entry<K> {
    const values = { ...draft.sealed };
    if (attachment.body) values.body = putBody(this.db, attachment.body);
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
    const hash = sha256Hex(line);
    const hashBytes = Buffer.from(hash, 'hex');
    this.db.prepare('INSERT INTO entry (seq, line, hash) VALUES (?, ?, ?)').run(seq, line, hashBytes);
    const disclose = this.db.prepare('INSERT INTO disclosure (seq, field, salt, value) VALUES (?, ?, ?, ?)');
    for (const { field, salt, value } of opened) disclose.run(seq, field, salt, value);
    if (attachment.records) insertLogRecords(this.db, seq, attachment.records);
    this.db.prepare('UPDATE ledger_head SET seq = ?, hash = ? WHERE one = 1').run(seq, hashBytes);
    attachment.land?.(this.db, seq);
    this.#head = { seq, hash };
    return { seq, at, hash, kind: draft.kind, facts: draft.facts };
  }
}

function readHead(db: WritableDb): { seq: number; hash: string } {
  const row = db
    .prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1')
    .get();
  return row ? { seq: row.seq, hash: row.hash.toString('hex') } : { seq: 0, hash: GENESIS };
}
