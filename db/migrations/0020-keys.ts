import type { WritableDb } from '../handle.ts';

/**
 * Derived tables: keys, who may reach them, how their use is logged, what is missing, and the results of tests.
 * Every row can be made again from the ledger (`keywitness rebuild`). `rules` is the version of the rules that made it;
 * `seq` is the ledger entry that says so. Times are ISO 8601 UTC. Booleans are 0 or 1, null when not known.
 */
export default function keys(db: WritableDb): void {
  db.exec(`
    CREATE TABLE key (
      snapshot TEXT NOT NULL,
      id TEXT NOT NULL,               -- ARN, key URI or path: unique across providers
      provider TEXT NOT NULL,
      source TEXT NOT NULL,
      basis TEXT NOT NULL CHECK (basis IN ('observed', 'logged', 'client-provided')),
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      native_id TEXT NOT NULL,
      belongs TEXT NOT NULL CHECK (belongs IN ('inventory', 'elsewhere')),
      listed_start INTEGER NOT NULL DEFAULT 0,
      listed_end INTEGER NOT NULL DEFAULT 0,
      description TEXT,
      state TEXT,
      algorithm TEXT,
      usage TEXT,
      origin TEXT,
      material_holder TEXT CHECK (material_holder IN ('platform', 'imported', 'hsm', 'external store')),
      manager TEXT CHECK (manager IN ('customer', 'provider')),
      multi_region TEXT CHECK (multi_region IN ('primary', 'replica')),
      primary_id TEXT,
      custom_store TEXT,
      created TEXT,
      deletion_date TEXT,
      valid_to TEXT,
      material TEXT,
      rotation_support TEXT CHECK (rotation_support IN ('automatic', 'manual', 'with-primary', 'provider')),
      rotation_support_why TEXT,
      rotation_enabled INTEGER,
      rotation_period_days INTEGER,
      next_rotation TEXT,
      last_rotation TEXT,
      rotation_seq INTEGER,
      last_used TEXT,
      last_used_operation TEXT,
      last_used_event TEXT,
      usage_tracked_from TEXT,
      seq INTEGER,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX key_by_place ON key (snapshot, source, account, region);
    CREATE INDEX key_by_native_id ON key (snapshot, native_id);

    CREATE TABLE key_answer (
      snapshot TEXT NOT NULL,
      key TEXT NOT NULL,
      op TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN
        ('ok', 'denied', 'not-applicable', 'error', 'throttled', 'network', 'interrupted', 'not-asked')),
      code TEXT,
      message TEXT,
      seq INTEGER,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key, op)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE key_alias (
      snapshot TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE key_tag (
      snapshot TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
      seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key, name)
    ) STRICT, WITHOUT ROWID;

    -- One row per key material, oldest first; at and type are null for the material a key was created with.
    CREATE TABLE key_rotation (
      snapshot TEXT NOT NULL,
      key TEXT NOT NULL,
      n INTEGER NOT NULL,
      material TEXT,
      at TEXT,
      type TEXT,
      state TEXT,
      import_state TEXT,
      valid_to TEXT,
      basis TEXT NOT NULL,
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key, n)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE key_grant (
      snapshot TEXT NOT NULL,
      key TEXT NOT NULL,
      grant_id TEXT NOT NULL,
      name TEXT,
      grantee TEXT,
      grantee_service TEXT,
      retiring TEXT,
      retiring_service TEXT,
      issuing_account TEXT,
      created TEXT,
      operations TEXT NOT NULL,       -- JSON array
      constraints TEXT,               -- JSON object, null without
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key, grant_id)
    ) STRICT, WITHOUT ROWID;

    -- The text itself stays in the ledger's body of the entry seq.
    CREATE TABLE key_policy (
      snapshot TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
      sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE key_store (
      snapshot TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL,
      name TEXT, type TEXT, connection_state TEXT, connection_error TEXT, detail TEXT NOT NULL,
      seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, account, region, id)
    ) STRICT, WITHOUT ROWID;

    -- People, roles, groups and policies as the provider's directory has them; detail is its own answer as JSON.
    CREATE TABLE principal (
      snapshot TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('user', 'role', 'group', 'policy')),
      id TEXT NOT NULL, name TEXT NOT NULL, unique_id TEXT, created TEXT, detail TEXT NOT NULL,
      seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, account, kind, id)
    ) STRICT, WITHOUT ROWID;

    -- Who holds which right through what. Many keys share a path: it stands once, and each key names it. Read the view
    -- access_path. The id comes from the path itself, never from the order of insertion.
    CREATE TABLE access_right (
      snapshot TEXT NOT NULL,
      id INTEGER NOT NULL,
      principal TEXT NOT NULL,
      principal_kind TEXT NOT NULL,
      kind_reason TEXT NOT NULL,
      access TEXT NOT NULL CHECK (access IN ('administer', 'use', 'grant')),
      use_kind TEXT,
      via TEXT NOT NULL,              -- from the key outwards, in words
      actions TEXT NOT NULL,          -- JSON array
      conditions TEXT,
      certainty TEXT NOT NULL CHECK (certainty IN ('allowed', 'conditional', 'unknown')),
      detail TEXT,                    -- what was not evaluated
      steps TEXT NOT NULL,            -- JSON: the same path with pointers into the documents
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE access_right_of_key (
      snapshot TEXT NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL, path INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key, n)
    ) STRICT, WITHOUT ROWID;
    -- The ledger entries that the paths of a key rest on, JSON array.
    CREATE TABLE access_evidence (
      snapshot TEXT NOT NULL, key TEXT NOT NULL, cites TEXT NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key)
    ) STRICT, WITHOUT ROWID;
    CREATE VIEW access_path AS
      SELECT k.snapshot, k.key, k.n, r.principal, r.principal_kind, r.kind_reason, r.access, r.use_kind, r.via,
             r.actions, r.conditions, r.certainty, r.detail, r.steps, e.cites
        FROM access_right_of_key k
        JOIN access_right r ON r.snapshot = k.snapshot AND r.id = k.path
        JOIN access_evidence e ON e.snapshot = k.snapshot AND e.key = k.key;

    -- What tests of access judge. subject: key id, or account for iam-missing and decrypt-all-keys.
    CREATE TABLE access_fact (
      snapshot TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('public', 'wildcard', 'cross-account', 'unconstrained-grant',
        'administrator-who-uses', 'human-with-use', 'decrypt-all-keys', 'iam-missing', 'evaluated')),
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

    CREATE TABLE trail (
      snapshot TEXT NOT NULL,
      id TEXT NOT NULL,
      source TEXT NOT NULL,
      basis TEXT NOT NULL,
      account TEXT NOT NULL,
      home_region TEXT NOT NULL,
      name TEXT NOT NULL,
      multi_region INTEGER,
      organization INTEGER,
      global_events INTEGER,
      validation INTEGER,
      bucket TEXT,
      prefix TEXT,
      log_group TEXT,
      key TEXT,
      selectors TEXT,                 -- JSON array of event selectors, null when not known
      advanced_selectors TEXT,        -- JSON array, null when there are none or not known
      selectors_status TEXT NOT NULL,
      selectors_code TEXT,
      selectors_seq INTEGER,
      kms_events TEXT NOT NULL CHECK (kms_events IN
        ('all', 'write-only', 'read-only', 'partial', 'excluded', 'unknown')),
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE trail_status (
      snapshot TEXT NOT NULL,
      trail TEXT NOT NULL,
      region TEXT NOT NULL,
      status TEXT NOT NULL,
      code TEXT,
      logging INTEGER,
      latest_delivery TEXT,
      latest_delivery_error TEXT,
      latest_digest TEXT,
      latest_digest_error TEXT,
      started TEXT,
      stopped TEXT,
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, trail, region)
    ) STRICT, WITHOUT ROWID;

    -- One setting of a place that logs are kept in. status: set, absent (the provider says there is none), or why not known.
    CREATE TABLE log_setting (
      snapshot TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('bucket', 'log group')),
      destination TEXT NOT NULL,
      setting TEXT NOT NULL,
      status TEXT NOT NULL,
      code TEXT,
      value TEXT,                     -- JSON
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, kind, destination, setting)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE alert (
      snapshot TEXT NOT NULL,
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('event rule', 'metric filter')),
      name TEXT NOT NULL,
      enabled INTEGER,
      covers TEXT NOT NULL,           -- JSON array of the watched operations it reacts to
      targets TEXT,                   -- JSON array; null when not known
      detail TEXT NOT NULL,           -- JSON: pattern, log group, alarm
      cites TEXT NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, account, region, kind, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE region (
      snapshot TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
      status TEXT, collected INTEGER NOT NULL, reason TEXT, seq INTEGER, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, source, account, name)
    ) STRICT, WITHOUT ROWID;

    -- What should be there and is not.
    CREATE TABLE gap (
      snapshot TEXT NOT NULL,
      n INTEGER NOT NULL,
      source TEXT NOT NULL,
      scope TEXT NOT NULL,
      op TEXT NOT NULL,
      subject TEXT NOT NULL,          -- key id, trail, bucket; empty for the scope as a whole
      reason TEXT NOT NULL,
      code TEXT,
      message TEXT,
      effect TEXT NOT NULL,
      remedy TEXT NOT NULL,
      seq INTEGER,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, n)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE call_count (
      snapshot TEXT NOT NULL, source TEXT NOT NULL, op TEXT NOT NULL, scope TEXT NOT NULL,
      outcome TEXT NOT NULL, code TEXT NOT NULL,
      calls INTEGER NOT NULL, retries INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
      first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, source, op, scope, outcome, code)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE identity (
      snapshot TEXT NOT NULL, source TEXT NOT NULL, arn TEXT NOT NULL, account TEXT, user_id TEXT,
      calls INTEGER NOT NULL, seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, source, arn)
    ) STRICT, WITHOUT ROWID;

    -- Per host: the certificate it showed, and its clock minus ours in ms (a Date header has a resolution of 1 s).
    CREATE TABLE host (
      snapshot TEXT NOT NULL, source TEXT NOT NULL, host TEXT NOT NULL, tls_peer TEXT NOT NULL,
      calls INTEGER NOT NULL, offset_min INTEGER, offset_median INTEGER, offset_max INTEGER,
      first_seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, source, host, tls_peer)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE listing (
      snapshot TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
      label TEXT NOT NULL CHECK (label IN ('start', 'end')),
      pages INTEGER NOT NULL, items INTEGER NOT NULL, complete INTEGER NOT NULL, status TEXT NOT NULL, code TEXT,
      first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, source, account, region, label)
    ) STRICT, WITHOUT ROWID;

    -- A configuration change of a key or trail, as a log event tells it.
    CREATE TABLE setting_change (
      snapshot TEXT NOT NULL,
      subject TEXT NOT NULL,
      n INTEGER NOT NULL,
      at TEXT NOT NULL,
      setting TEXT NOT NULL,
      value TEXT,
      event TEXT NOT NULL,
      actor TEXT,
      event_id TEXT,
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, subject, n)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE test_result (
      snapshot TEXT NOT NULL,
      control TEXT NOT NULL,
      subject TEXT NOT NULL,
      at TEXT NOT NULL CHECK (at IN ('collection', 'period')),
      subject_kind TEXT NOT NULL,
      result TEXT NOT NULL CHECK (result IN
        ('pass', 'exception', 'not-applicable', 'evidence-required', 'undetermined')),
      reason TEXT NOT NULL,
      code TEXT,
      cites TEXT NOT NULL,            -- JSON array of ledger sequences
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, control, subject, at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX test_result_by_subject ON test_result (snapshot, subject);
    CREATE INDEX test_result_by_result ON test_result (snapshot, result);
  `);
}
