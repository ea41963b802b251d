import type { WritableDb } from '../../db/handle.ts';

/** Puts a large estate into the derived tables of snapshot s1: keys in 40 accounts, policies, rights, answers, results. */
export function fillLargeSnapshot(db: WritableDb, keys: number): void {
  const key = db.prepare(
    `INSERT INTO key (snapshot, id, provider, source, basis, account, region, native_id, belongs, listed_start, listed_end,
       state, algorithm, usage, origin, manager, created, rotation_enabled, rotation_period_days, rules)
     VALUES ('s1', ?, 'aws', 'aws-1', 'observed', ?, ?, ?, 'inventory', 1, 1, 'Enabled', 'SYMMETRIC_DEFAULT',
       'ENCRYPT_DECRYPT', 'AWS_KMS', 'customer', '2025-01-01T00:00:00Z', ?, 365, 1)`,
  );
  const answer = db.prepare(
    "INSERT INTO key_answer (snapshot, key, op, status, rules) VALUES ('s1', ?, ?, 'ok', 1)",
  );
  const result = db.prepare(
    `INSERT INTO test_result (snapshot, control, subject, subject_kind, at, result, reason, cites, rules)
     VALUES ('s1', ?, ?, 'key', ?, ?, ?, '[1,2]', 1)`,
  );
  const right = db.prepare(
    `INSERT INTO access_right (snapshot, id, principal, principal_kind, kind_reason, access, via, actions, certainty, steps, rules)
     VALUES ('s1', ?, ?, 'service', 'a role', 'use', ?, '["kms:Decrypt"]', 'allowed', '[]', 1)`,
  );
  const held = db.prepare(
    "INSERT INTO access_right_of_key (snapshot, key, n, path, rules) VALUES ('s1', ?, ?, ?, 1)",
  );
  const evidence = db.prepare(
    "INSERT INTO access_evidence (snapshot, key, cites, rules) VALUES ('s1', ?, '[1]', 1)",
  );
  const principal = db.prepare(
    `INSERT INTO principal (snapshot, source, account, kind, id, name, detail, seq, rules)
     VALUES ('s1', 'aws-1', ?, 'role', ?, 'role', '{}', 1, 1)`,
  );
  db.transaction(() => {
    for (let i = 0; i < 50; i++)
      right.run(i, `arn:aws:iam::111122223333:role/role-${i}`, `key policy statement ${i}`);
    for (let i = 0; i < keys; i++) {
      const account = String(100_000_000_000 + (i % 40));
      const region = ['eu-west-1', 'eu-central-1', 'us-east-1'][i % 3]!;
      const id = `arn:aws:kms:${region}:${account}:key/${i}`;
      key.run(id, account, region, `key-${i}`, i % 4 === 0 ? 0 : 1);
      for (const op of ['DescribeKey', 'GetKeyPolicy', 'GetKeyRotationStatus']) answer.run(id, op);
      evidence.run(id);
      for (let n = 0; n < 3; n++) held.run(id, n, (i + n) % 50);
      for (const control of ['rotation-enabled', 'owner-documented', 'humans-with-use']) {
        for (const at of ['collection', 'period'])
          result.run(control, id, at, i % 4 === 0 ? 'exception' : 'pass', `Reason ${i % 4} of ${control}.`);
      }
    }
    for (let i = 0; i < 40; i++) {
      const account = String(100_000_000_000 + i);
      principal.run(account, `arn:aws:iam::${account}:role/role`);
    }
  })();
}
