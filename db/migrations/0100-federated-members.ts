import type { WritableDb } from '../handle.ts';

/** Derived: who is behind federated roles, as the identity provider answered. */
export default function federatedMembers(db: WritableDb): void {
  db.exec(`
    CREATE TABLE federated_group (
      snapshot TEXT NOT NULL,
      source TEXT NOT NULL,
      account TEXT NOT NULL,
      name TEXT NOT NULL,             -- permission set
      provider TEXT NOT NULL,
      as_of TEXT NOT NULL,            -- day of the answer
      unknown TEXT,                   -- why its members are not all known; null when they are
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, account, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE federated_member (
      snapshot TEXT NOT NULL,
      account TEXT NOT NULL,
      name TEXT NOT NULL,
      n INTEGER NOT NULL,
      member_id TEXT NOT NULL,
      member TEXT NOT NULL,
      email TEXT,
      enabled INTEGER NOT NULL,
      via_group TEXT,                 -- group through which they are a member; null when assigned themselves
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, account, name, n)
    ) STRICT, WITHOUT ROWID;
  `);
}
