import type { WritableDb } from '../handle.ts';

/**
 * The evidence tables. Their rows are written once: every UPDATE, DELETE and REPLACE is refused by trigger. BEFORE
 * INSERT triggers stop REPLACE even on a connection that forgot `recursive_triggers`.
 */
export default function ledger(db: WritableDb): void {
  db.exec(`
    CREATE TABLE entry (
      seq INTEGER PRIMARY KEY CHECK (seq > 0),
      line TEXT NOT NULL,
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      kind TEXT NOT NULL GENERATED ALWAYS AS (line ->> '$.kind') VIRTUAL,
      snapshot TEXT GENERATED ALWAYS AS (line ->> '$.facts.snapshot') VIRTUAL,
      op TEXT GENERATED ALWAYS AS (coalesce(line ->> '$.facts.op', line ->> '$.facts.what')) VIRTUAL
    ) STRICT;
    -- An index ends with seq: entries of a kind, or of an operation, come in ledger order without sorting their lines.
    CREATE INDEX entry_by_kind ON entry (kind);
    CREATE INDEX entry_by_op ON entry (kind, op);
    CREATE INDEX entry_by_snapshot ON entry (snapshot, op) WHERE snapshot IS NOT NULL;

    -- Salt and value of every sealed field: what lets a pack disclose one value, or leave it out.
    CREATE TABLE disclosure (
      seq INTEGER NOT NULL REFERENCES entry (seq),
      field TEXT NOT NULL,
      salt BLOB NOT NULL CHECK (length(salt) = 32),
      value TEXT NOT NULL,
      PRIMARY KEY (seq, field)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE body (
      sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
      bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE body_chunk (
      sha256 BLOB NOT NULL REFERENCES body (sha256),
      n INTEGER NOT NULL,
      bytes INTEGER NOT NULL CHECK (bytes <= 1048576),
      encoding TEXT NOT NULL CHECK (encoding IN ('identity', 'zstd')),
      data BLOB NOT NULL CHECK (length(data) <= 1048576),
      PRIMARY KEY (sha256, n)
    ) STRICT;

    -- Raw records kept of a log file. positions: for each record its index in the file and its length in bytes, both
    -- unsigned 32-bit little endian; data: the records' own bytes one after the other, zstd.
    CREATE TABLE log_block (
      seq INTEGER NOT NULL REFERENCES entry (seq),
      n INTEGER NOT NULL,
      positions BLOB NOT NULL,
      bytes INTEGER NOT NULL,
      data BLOB NOT NULL,
      PRIMARY KEY (seq, n)
    ) STRICT;
    -- Leaf hashes of all records of a log file, 32 bytes each, so that a kept record can be proved to be in it.
    CREATE TABLE log_leaves (
      seq INTEGER NOT NULL REFERENCES entry (seq),
      n INTEGER NOT NULL,
      data BLOB NOT NULL CHECK (length(data) <= 1048576),
      PRIMARY KEY (seq, n)
    ) STRICT;
  `);
  const keys = {
    entry: ['seq'],
    disclosure: ['seq', 'field'],
    body: ['sha256'],
    body_chunk: ['sha256', 'n'],
    log_block: ['seq', 'n'],
    log_leaves: ['seq', 'n'],
  };
  for (const [table, key] of Object.entries(keys)) {
    const same = key.map((column) => `${column} = NEW.${column}`).join(' AND ');
    db.exec(`
      CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table}
        BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
      CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table}
        BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
      CREATE TRIGGER ${table}_no_replace BEFORE INSERT ON ${table}
        WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${same})
        BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
    `);
  }
  db.exec(`
    -- Not evidence: calls in flight. A row left behind by a killed process becomes an interrupted exchange.
    CREATE TABLE intent (
      id INTEGER PRIMARY KEY,
      facts TEXT NOT NULL,
      sealed TEXT NOT NULL
    ) STRICT;

    -- Not evidence: where the writer stands. Names the length the ledger had, so that a cut tail is noticed.
    CREATE TABLE ledger_head (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      seq INTEGER NOT NULL,
      hash BLOB NOT NULL
    ) STRICT;
    INSERT INTO ledger_head VALUES (1, 0, zeroblob(32));
  `);
}
