import { RULES_VERSION } from '../../db/derived/write.ts';
import type { WritableDb } from '../../db/handle.ts';
import { KEY_OPERATIONS, type AskedKey } from '../providers/aws/normalise/key-operations.ts';

interface KeyRow extends AskedKey {
  id: string;
  basis: string;
}

/**
 * Completes the account of questions: for every key of the inventory and every question put to keys there is exactly
 * one row, so that counts add up. A question that cannot be put (AWS managed key, key that does not rotate, deleted
 * key) is not applicable, also when somebody asked it and was refused; the rest was not asked.
 */
export function accountForUnasked(db: WritableDb, snapshot: string): void {
  const page = db.prepare<[string, string], KeyRow>(
    `SELECT id, basis, manager, rotation_support, algorithm, material_holder FROM key
      WHERE snapshot = ? AND id > ? AND belongs = 'inventory' ORDER BY id LIMIT 5000`,
  );
  const existing = db
    .prepare<[string, string, string], string>(
      'SELECT status FROM key_answer WHERE snapshot = ? AND key = ? AND op = ?',
    )
    .pluck();
  const insert = db.prepare<(string | number | null)[]>(
    `INSERT INTO key_answer (snapshot, key, op, status, code, message, seq, rules) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET status = excluded.status, message = excluded.message`,
  );
  for (let after = ''; ;) {
    const keys = page.all(snapshot, after);
    for (const key of keys) {
      for (const operation of KEY_OPERATIONS) {
        const status = existing.get(snapshot, key.id, operation.action);
        if (status === 'ok' || status === 'not-applicable') continue;
        const why =
          key.basis === 'logged'
            ? 'known from logs only: the provider no longer knows the key'
            : operation.notPut(key);
        if (why !== null) {
          insert.run(snapshot, key.id, operation.action, 'not-applicable', null, why, null, RULES_VERSION);
        } else if (status === undefined) {
          insert.run(snapshot, key.id, operation.action, 'not-asked', null, null, null, RULES_VERSION);
        }
      }
    }
    if (keys.length === 0) return;
    after = keys.at(-1)!.id;
  }
}
