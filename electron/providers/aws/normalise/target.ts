import { inserter, type Cell } from '../../../../db/derived/write.ts';
import type { WritableDb } from '../../../../db/handle.ts';
import { RULES_VERSION } from '../../../../db/derived/write.ts';
import type { Answer, AnswerStatus } from '../../../derive/answer.ts';
import { errorMessage } from './error-message.ts';
import { keyArn, parseArn, placeOf } from './arn.ts';

/** Where a normaliser puts the rows of one snapshot. */
export interface Target {
  db: WritableDb;
  snapshot: string;
  /** Key policy texts by ledger entry, for whoever evaluates them next: reading them again costs more. */
  policies: Map<number, string>;
  /** Makes sure there is a row for the key, with what its ARN says. */
  ensureKey(arn: string, answer: Answer): void;
  /** Sets columns of a key's row. */
  setKey(arn: string, values: Record<string, Cell>): void;
  /** Records what became of one operation on a key. An answer never gives way to a refusal. */
  answer(key: string, answer: Answer, status?: AnswerStatus, code?: string | null): void;
  /** ARN of the key that a request names by id, ARN or alias; null when it cannot be told. */
  resolveKey(answer: Answer, keyId: string): string | null;
  /** Remembers a key's id, so that later answers can name it shortly. */
  learnKey(arn: string): void;
  /** A prepared insert into a derived table; the snapshot is filled in. */
  into(
    table: Parameters<typeof inserter>[1],
    columns: readonly string[],
  ): (row: Record<string, Cell>) => void;
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

export function newTarget(db: WritableDb, snapshot: string): Target {
  const byPlace = new Map<string, string>();
  const byId = new Map<string, string | null>();
  const insertKey = db.prepare<(string | number)[]>(
    `INSERT OR IGNORE INTO key (${NEW_KEY.join(', ')}, rules) VALUES (${NEW_KEY.map(() => '?').join(', ')}, ?)`,
  );
  const insertAnswer = db.prepare<(string | number | null)[]>(
    `INSERT INTO key_answer (snapshot, key, op, status, code, message, seq, rules) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET status = excluded.status, code = excluded.code, message = excluded.message,
       seq = excluded.seq WHERE excluded.status = 'ok' OR key_answer.status <> 'ok'`,
  );
  const ensured = new Set<string>();
  const updates = new Map<string, (values: (string | number | null)[]) => void>();
  const target: Target = {
    db,
    snapshot,
    policies: new Map(),
    ensureKey(arn, answer) {
      if (ensured.has(arn)) return;
      ensured.add(arn);
      const parts = parseArn(arn)!;
      const asked = placeOf(answer.scope).account;
      const belongs = asked === '' || asked === parts.account ? 'inventory' : 'elsewhere';
      const id = parts.resource.replace(/^key\//, '');
      insertKey.run(
        ...[snapshot, arn, 'aws', answer.source, answer.basis, parts.account, parts.region, id, belongs],
        RULES_VERSION,
      );
    },
    setKey(arn, values) {
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
      update([...cells, snapshot, arn]);
    },
    answer(key, answer, status = answer.status, code = answer.code) {
      const message = status === 'ok' ? null : errorMessage(answer);
      insertAnswer.run(snapshot, key, answer.action, status, code, message, answer.seq, RULES_VERSION);
    },
    resolveKey(answer, keyId) {
      if (keyId.startsWith('arn:')) return parseArn(keyId)?.resource.startsWith('key/') ? keyId : null;
      if (keyId === '' || keyId.startsWith('alias/')) return null;
      const known = byPlace.get(`${answer.scope}/${keyId}`) ?? byId.get(keyId);
      if (known) return known;
      const { account, region } = placeOf(answer.scope);
      return account && region ? keyArn(account, region, keyId) : null;
    },
    learnKey(arn) {
      const parts = parseArn(arn);
      if (!parts) return;
      const id = parts.resource.replace(/^key\//, '');
      byPlace.set(`${parts.account}/${parts.region}/${id}`, arn);
      // A multi-Region key has one id in several Regions: then the id alone does not tell.
      byId.set(id, byId.has(id) && byId.get(id) !== arn ? null : arn);
    },
    into(table, columns) {
      const insert = inserter(db, table, ['snapshot', ...columns]);
      return (row) => insert({ snapshot, ...row });
    },
  };
  return target;
}
