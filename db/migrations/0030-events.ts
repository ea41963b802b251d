import type { WritableDb } from '../handle.ts';

/**
 * Derived tables of log events. A trail of ten million events must stay small and quick to write, so a row holds numbers
 * and its texts stand once each in dimension tables; their ids come from the texts themselves (see derived/text-id.ts),
 * never from the order of insertion. Read the views `usage_event` and `usage_total`, not the tables.
 *
 * Times are ms since 1970 UTC. Indexes are built by settling (derived/settle-events.ts), after bulk ingest.
 */
export default function events(db: WritableDb): void {
  db.exec(`
    -- One row per ledger entry that events were taken from: a log file, a page of LookupEvents, an imported file.
    CREATE TABLE usage_source (
      seq INTEGER PRIMARY KEY REFERENCES entry (seq),
      kind TEXT NOT NULL CHECK (kind IN ('log-file', 'imported-log-file', 'lookup', 'imported-lookup')),
      -- Which copy of an event counts when several sources have it: the lowest.
      rank INTEGER NOT NULL,
      snapshot TEXT NOT NULL,
      source TEXT NOT NULL,
      records INTEGER NOT NULL,
      relevant INTEGER NOT NULL,
      first INTEGER,
      last INTEGER,
      rules INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE usage_operation (id INTEGER PRIMARY KEY, service TEXT NOT NULL, name TEXT NOT NULL) STRICT;
    CREATE TABLE usage_place (id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL) STRICT;
    CREATE TABLE usage_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE usage_principal (id INTEGER PRIMARY KEY, principal TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE usage_actor (
      id INTEGER PRIMARY KEY, actor TEXT NOT NULL, type TEXT NOT NULL, account TEXT NOT NULL, invoked_by TEXT
    ) STRICT;
    CREATE TABLE usage_client (id INTEGER PRIMARY KEY, source_ip TEXT NOT NULL, user_agent TEXT NOT NULL) STRICT;
    CREATE TABLE usage_error (id INTEGER PRIMARY KEY, code TEXT NOT NULL) STRICT;
    CREATE INDEX usage_operation_by_name ON usage_operation (name, service);

    CREATE TABLE usage_event_row (
      seq INTEGER NOT NULL,           -- ledger entry
      n INTEGER NOT NULL,             -- index of the record in its file or page
      k INTEGER NOT NULL,             -- 0 for the first key an event names, 1 for the second
      time INTEGER NOT NULL,
      event_id TEXT NOT NULL,
      operation INTEGER NOT NULL,
      place INTEGER NOT NULL,
      key INTEGER,
      principal INTEGER NOT NULL,
      actor INTEGER NOT NULL,
      client INTEGER NOT NULL,
      error INTEGER,
      flags INTEGER NOT NULL,         -- 1: reads only. 2: changes a setting
      request_id TEXT,
      PRIMARY KEY (seq, n, k)
    ) STRICT, WITHOUT ROWID;

    -- Not evidence: up to where duplicates and totals are made.
    CREATE TABLE usage_settled (sources INTEGER NOT NULL, last_seq INTEGER NOT NULL) STRICT;

    -- Copies of an event that another source already gave; left out of usage_event and of totals.
    CREATE TABLE usage_duplicate (
      seq INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (seq, n)
    ) STRICT, WITHOUT ROWID;

    -- Uses per key, principal, operation, place, outcome and day (UTC, days since 1970). Made by settling.
    CREATE TABLE usage_day (
      key INTEGER NOT NULL,           -- 0 without a key
      principal INTEGER NOT NULL,
      operation INTEGER NOT NULL,
      place INTEGER NOT NULL,
      error INTEGER NOT NULL,         -- 0 without an error
      day INTEGER NOT NULL,
      events INTEGER NOT NULL,
      first INTEGER NOT NULL,
      last INTEGER NOT NULL,
      PRIMARY KEY (key, day, principal, operation, place, error)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX usage_day_by_principal ON usage_day (principal, day);
    CREATE INDEX usage_day_by_operation ON usage_day (operation, day);

    CREATE VIEW usage_event AS
      SELECT r.seq, r.n, r.k, r.time, r.event_id, o.service, o.name, p.account, p.region, k.key,
             w.principal, a.actor, a.type AS actor_type, a.account AS actor_account, a.invoked_by,
             c.source_ip, c.user_agent, e.code AS error_code, r.flags & 1 AS read_only,
             (r.flags & 2) / 2 AS is_change, r.request_id
      FROM usage_event_row r
        JOIN usage_operation o ON o.id = r.operation
        JOIN usage_place p ON p.id = r.place
        JOIN usage_principal w ON w.id = r.principal
        JOIN usage_actor a ON a.id = r.actor
        JOIN usage_client c ON c.id = r.client
        LEFT JOIN usage_key k ON k.id = r.key
        LEFT JOIN usage_error e ON e.id = r.error
      WHERE NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n);

    CREATE VIEW usage_total AS
      SELECT k.key, w.principal, o.service, o.name, p.account, p.region, e.code AS error_code, t.day,
             t.events, t.first, t.last
      FROM usage_day t
        JOIN usage_operation o ON o.id = t.operation
        JOIN usage_place p ON p.id = t.place
        JOIN usage_principal w ON w.id = t.principal
        LEFT JOIN usage_key k ON k.id = t.key
        LEFT JOIN usage_error e ON e.id = t.error;

    -- Result of digest validation, one row per digest file and one per log file.
    CREATE TABLE digest_result (
      snapshot TEXT NOT NULL,
      bucket TEXT NOT NULL,
      object TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('digest', 'log')),
      result TEXT NOT NULL CHECK (result IN ('valid', 'invalid', 'not verifiable', 'missing', 'undigested')),
      reason TEXT,
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      trail TEXT NOT NULL,
      first INTEGER,
      last INTEGER,
      seq INTEGER,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, bucket, object, kind)
    ) STRICT, WITHOUT ROWID;

    -- What the log sources cover of the period, per account and Region, and why the rest is missing.
    CREATE TABLE coverage (
      snapshot TEXT NOT NULL,
      source TEXT NOT NULL,
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      n INTEGER NOT NULL,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('covered', 'changes only', 'gap')),
      means TEXT NOT NULL,            -- by what it is covered; empty for a gap
      reason TEXT NOT NULL,           -- why it is a gap, or what limits it; empty otherwise
      detail TEXT NOT NULL,
      cites TEXT NOT NULL,            -- JSON array of ledger sequences
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, source, account, region, n)
    ) STRICT, WITHOUT ROWID;
  `);
}
