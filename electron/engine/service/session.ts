import { resolve } from 'node:path';
import type { ApiEvent } from '../../api/events.ts';
import type { OpenEngagement } from '../../api/engagement.ts';
import { EngagementError } from '../../../db/error.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { createEngagementFile, openReadable } from '../../../db/open.ts';
import { currentEngagement, currentSources, runs, snapshots } from '../../engagement/current.ts';
import { defaultSnapshot } from '../snapshot-choice.ts';
import { declare } from '../../engagement/declarations.ts';
import type { Engagement, Operator } from '../../engagement/engagement.ts';
import { openWork, type OpenWork, type Work } from '../with-engagement.ts';
import { placeWarning } from './file-place.ts';
import type { RecentEngagements } from './recent.ts';
import { noEngagement, Refusal } from './refusal.ts';

/** What the session needs of its thread. */
export interface SessionHost {
  tell(event: ApiEvent): void;
  /** Readers let go of the file, or take this one. */
  readersUse(file: string | null): Promise<void>;
  recent: RecentEngagements;
}

interface Opened {
  file: string;
  db: ReadableDb;
  /** Null when the file may only be read. */
  work: Work | null;
  readOnly: string | null;
  close: () => void;
}

/** The one engagement that is open, or none. */
export class Session {
  readonly #host: SessionHost;
  #open: Opened | null = null;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  get file(): string | null {
    return this.#open?.file ?? null;
  }

  /** The open engagement for reading. @throws Refusal NO_ENGAGEMENT */
  get db(): ReadableDb {
    if (!this.#open) throw noEngagement();
    return this.#open.db;
  }

  /** The open engagement for writing. @throws Refusal NO_ENGAGEMENT, READ_ONLY */
  get work(): Work {
    if (!this.#open) throw noEngagement();
    if (this.#open.work) return this.#open.work;
    throw new Refusal('refused', 'READ_ONLY', `cannot change the engagement: ${this.#open.readOnly}`);
  }

  async create(file: string, engagement: Engagement, by: Operator): Promise<OpenEngagement> {
    const path = resolve(file);
    const made = createEngagementFile(path);
    try {
      await declare(new LedgerWriter(made.db), by, 'engagement', '', engagement);
    } finally {
      made.close();
    }
    return this.open(path);
  }

  /** Opens a file in place of the one that was open; one that another process writes, for reading only. */
  async open(file: string): Promise<OpenEngagement> {
    const path = resolve(file);
    if (this.#open?.file === path) return this.describe();
    const opened = await openFile(path);
    await this.close();
    this.#open = opened;
    await this.#host.readersUse(path);
    this.#host.recent.add(path, currentEngagement(opened.db));
    this.#host.tell({ event: 'engagement', file: path });
    return this.describe();
  }

  async close(): Promise<void> {
    const closing = this.#open;
    if (!closing) return;
    this.#open = null;
    // Readers first: only then can the write-ahead log be folded into the one file.
    await this.#host.readersUse(null);
    closing.close();
    this.#host.tell({ event: 'engagement', file: null });
  }

  /** Tells the window that what it shows may have changed. */
  changed(): void {
    this.#host.tell({ event: 'engagement', file: this.file });
  }

  describe(): OpenEngagement {
    const { file, readOnly } = this.#open ?? {};
    const db = this.db;
    return {
      file: file!,
      readOnly: readOnly ?? null,
      warning: placeWarning(file!),
      engagement: currentEngagement(db),
      sources: currentSources(db),
      snapshots: snapshots(db).map((snapshot) => ({
        id: snapshot.id,
        startedAt: snapshot.startedAt,
        endedAt: snapshot.close?.endedAt ?? null,
        by: snapshot.by,
        sources: snapshot.sources,
        state: snapshot.close?.state ?? 'open',
        why: snapshot.close?.why ?? null,
        members: [...snapshot.members],
      })),
      shown: runs(db).length === 0 ? null : defaultSnapshot(db).id,
      operators: operatorsOf(db),
      entries: db.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM entry').pluck().get() ?? 0,
    };
  }
}

async function openFile(path: string): Promise<Opened> {
  let file: OpenWork;
  try {
    file = await openWork(path);
  } catch (error) {
    if (!(error instanceof EngagementError) || !['LOCKED', 'LINKED'].includes(error.code)) throw error;
    const db = openReadable(path);
    return { file: path, db, work: null, readOnly: error.message, close: () => db.close() };
  }
  try {
    currentEngagement(file.db);
    return {
      file: path,
      db: file.db,
      work: file,
      readOnly: null,
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Everybody who declared something, in the order of their first entry. */
function operatorsOf(db: ReadableDb): Operator[] {
  const rows = db
    .prepare<[], { name: string; email: string | null }>(
      `SELECT value ->> '$.by.name' AS name, value ->> '$.by.email' AS email, min(seq) AS first FROM disclosure
        WHERE field = 'value' AND value ->> '$.by.name' IS NOT NULL GROUP BY 1, 2 ORDER BY first`,
    )
    .all();
  return rows.map(({ name, email }) => ({ name, email }));
}
