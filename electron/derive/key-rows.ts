import { inserter, RULES_VERSION, type Cell } from '../../db/derived/write.ts';
import type { WritableDb } from '../../db/handle.ts';
import type { Answer, AnswerStatus } from './answer.ts';

/** What a key's row must say from the first moment. */
export interface NewKey {
  /** ARN, key URI or path: unique across providers. */
  id: string;
  provider: string;
  /** The place it is in, as coverage and completeness count it: account, subscription, cluster; Region, vault, mount. */
  account: string;
  region: string;
  /** The provider's short id. */
  native_id: string;
  belongs: 'inventory' | 'elsewhere';
}

/** Where normalisers of every provider put the rows of one snapshot. */
export interface KeyRows {
  db: WritableDb;
  snapshot: string;
  /** Makes sure there is a row for the key. */
  ensureKey: (key: NewKey, answer: Answer) => void;
  /** Sets columns of a key's row. */
  setKey: (id: string, values: Record<string, Cell>) => void;
  /** Records what became of one question put to a key. An answer never gives way to a refusal. */
  answer: (
    key: string,
    answer: Answer,
    said: string | null,
    status?: AnswerStatus,
    code?: string | null,
  ) => void;
  /** A prepared insert into a derived table; the snapshot is filled in. */
  into: (
    table: Parameters<typeof inserter>[1],
    columns: readonly string[],
  ) => (row: Record<string, Cell>) => void;
}

const NEW_KEY = [
  'snapshot',
  'id',
  'provider',
  'source',
  'basis',
  'account',
  'region',
  'native_id',
  'belongs',
];

export function keyRows(db: WritableDb, snapshot: string): KeyRows {
  const insertKey = db.prepare<(string | number)[]>(
    `INSERT OR IGNORE INTO key (${NEW_KEY.join(', ')}, rules) VALUES (${NEW_KEY.map(() => '?').join(', ')}, ?)`,
  );
  const insertAnswer = db.prepare<(string | number | null)[]>(
    `INSERT INTO key_answer (snapshot, key, op, status, code, message, seq, rules) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET status = excluded.status, code = excluded.code, message = excluded.message,
       seq = excluded.seq WHERE excluded.status = 'ok' OR key_answer.status <> 'ok'`,
  );
  const observe = db.prepare<[string, string, string]>(
    `UPDATE key SET source = ?, basis = 'observed' WHERE snapshot = ? AND id = ?`,
  );
  const ensured = new Map<string, string>();
  const updates = new Map<string, (values: (string | number | null)[]) => void>();
  return {
    db,
    snapshot,
    ensureKey({ id, provider, account, region, native_id, belongs }, answer) {
      const { source, basis } = answer;
      const known = ensured.get(id);
      // Exports come first: a key that was seen live too is known by that.
      if (known === 'client-provided' && basis === 'observed') observe.run(source, snapshot, id);
      if (known !== 'observed') ensured.set(id, basis);
      if (known !== undefined) return;
      insertKey.run(
        snapshot,
        id,
        provider,
        source,
        basis,
        account,
        region,
        native_id,
        belongs,
        RULES_VERSION,
      );
    },
    setKey(id, values) {
      const columns = Object.keys(values);
      const shape = columns.join();
      let update = updates.get(shape);
      if (!update) {
        const statement = db.prepare<(string | number | null)[]>(
          `UPDATE key SET ${columns.map((c) => `${c} = ?`).join(', ')} WHERE snapshot = ? AND id = ?`,
        );
        update = (cells) => void statement.run(...cells);
        updates.set(shape, update);
      }
      const cells = Object.values(values).map((v) => (typeof v === 'boolean' ? Number(v) : (v ?? null)));
      update([...cells, snapshot, id]);
    },
    answer(key, answer, said, status = answer.status, code = answer.code) {
      const message = status === 'ok' ? null : said;
      insertAnswer.run(snapshot, key, answer.action, status, code, message, answer.seq, RULES_VERSION);
    },
    into(table, columns) {
      const insert = inserter(db, table, ['snapshot', ...columns]);
      return (row) => insert({ snapshot, ...row });
    },
  };
}
