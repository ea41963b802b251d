import { RULES_VERSION } from '../../db/derived/write.ts';
import type { WritableDb } from '../../db/handle.ts';
import type { AskedKey } from './derivation.ts';
import { DERIVATIONS } from './derivations.ts';

interface KeyRow extends AskedKey {
  id: string;
  basis: string;
  /** Outcome of the question so far; null when nobody asked. */
  status: string | null;
}

/**
 * Completes the account of questions: for every key of the inventory and every question put to keys there is exactly
 * one row, so that counts add up. A question that cannot be put (provider-managed key, key that does not rotate, deleted
 * key) is not applicable, also when somebody asked it and was refused; the rest was not asked.
 */
export function accountForUnasked(db: WritableDb, snapshot: string): void {
  const open = db.prepare<[string, string, string], KeyRow>(
    `SELECT k.id, k.basis, k.manager, k.rotation_support, k.algorithm, k.material_holder, a.status
       FROM key k LEFT JOIN key_answer a ON a.snapshot = k.snapshot AND a.key = k.id AND a.op = ?
      WHERE k.snapshot = ? AND k.provider = ? AND k.belongs = 'inventory'
        AND (a.status IS NULL OR a.status NOT IN ('ok', 'not-applicable')) ORDER BY k.id`,
  );
  const insert = db.prepare<(string | number | null)[]>(
    `INSERT INTO key_answer (snapshot, key, op, status, code, message, seq, rules) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET status = excluded.status, message = excluded.message`,
  );
  const questions = DERIVATIONS.flatMap(({ provider, keyOperations }) =>
    keyOperations.map((operation) => ({ provider, operation })),
  );
  for (const { provider, operation } of questions) {
    for (const key of open.all(operation.action, snapshot, provider)) {
      const why =
        key.basis === 'logged'
          ? 'known from logs only: the provider no longer knows the key'
          : operation.notPut(key);
      if (why !== null) {
        insert.run(snapshot, key.id, operation.action, 'not-applicable', null, why, null, RULES_VERSION);
      } else if (key.status === null) {
        insert.run(snapshot, key.id, operation.action, 'not-asked', null, null, null, RULES_VERSION);
      }
    }
  }
}
