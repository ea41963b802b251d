import type { WritableDb } from '../handle.ts';

/**
 * Room for providers other than AWS in the derived tables: kinds that only AWS knows are no longer all there are, and
 * settings and log routes that each provider names in its own words get a table of their own. All of these are derived:
 * they are made anew, and filled again from the ledger.
 */
export default function providers(db: WritableDb): void {
  db.exec(`
    DROP TABLE principal;
    -- Who can hold rights, and what gives them, as the provider's directory has it; detail is its own answer as JSON.
    -- kind, AWS: user, role, group, policy. Azure: user, group, service principal, role assignment, role definition ….
    -- Vault: entity, group, auth role, policy ….
    CREATE TABLE principal (
      snapshot TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL,
      kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, unique_id TEXT, created TEXT, detail TEXT NOT NULL,
      seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, account, kind, id)
    ) STRICT, WITHOUT ROWID;

    DROP TABLE access_fact;
    -- What tests of access judge. subject: key id, or account for facts about an account.
    CREATE TABLE access_fact (
      snapshot TEXT NOT NULL,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      n INTEGER NOT NULL,
      who TEXT NOT NULL,
      how TEXT NOT NULL,
      condition TEXT,
      certainty TEXT NOT NULL,
      account TEXT,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, kind, subject, n)
    ) STRICT, WITHOUT ROWID;

    DROP TABLE log_setting;
    -- One setting of a place that logs are kept in (bucket, log group, workspace, storage account …). status: set,
    -- absent (the provider says there is none), or why it is not known.
    CREATE TABLE log_setting (
      snapshot TEXT NOT NULL,
      kind TEXT NOT NULL,
      destination TEXT NOT NULL,
      setting TEXT NOT NULL,
      status TEXT NOT NULL,
      code TEXT,
      value TEXT,                     -- JSON
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, kind, destination, setting)
    ) STRICT, WITHOUT ROWID;

    DROP TABLE alert;
    CREATE TABLE alert (
      snapshot TEXT NOT NULL,
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      kind TEXT NOT NULL,             -- event rule, metric filter, activity log alert …
      name TEXT NOT NULL,
      enabled INTEGER,
      covers TEXT NOT NULL,           -- JSON array of the watched operations it reacts to
      targets TEXT,                   -- JSON array; null when not known
      detail TEXT NOT NULL,           -- JSON: pattern, log group, alarm
      cites TEXT NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, account, region, kind, name)
    ) STRICT, WITHOUT ROWID;

    -- One setting of a key that not every provider has (exportable, plaintext backup, minimum versions, expiry notice …).
    CREATE TABLE key_setting (
      snapshot TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
      value TEXT NOT NULL,            -- JSON
      basis TEXT NOT NULL, seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key, name)
    ) STRICT, WITHOUT ROWID;

    -- A way that records of key use take to where they are kept, other than a trail: a diagnostic setting, an audit device.
    CREATE TABLE log_route (
      snapshot TEXT NOT NULL,
      id TEXT NOT NULL,               -- the provider's own id or path
      provider TEXT NOT NULL,
      source TEXT NOT NULL,
      account TEXT NOT NULL,
      region TEXT NOT NULL,           -- the place, as in key and coverage
      subject TEXT NOT NULL,          -- what it records: a vault, a cluster
      kind TEXT NOT NULL,             -- diagnostic setting, audit device
      name TEXT NOT NULL,
      key_events TEXT NOT NULL CHECK (key_events IN ('all', 'partial', 'none', 'unknown')),
      destinations TEXT NOT NULL,     -- JSON array of {kind, id}
      created TEXT,                   -- null when the provider does not say
      detail TEXT NOT NULL,           -- JSON, the provider's own answer
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, id)
    ) STRICT, WITHOUT ROWID;

    DROP TABLE usage_source;
    -- One row per ledger entry that events were taken from: a log file, a page of events, an imported file.
    CREATE TABLE usage_source (
      seq INTEGER PRIMARY KEY REFERENCES entry (seq),
      kind TEXT NOT NULL,
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
  `);
}
