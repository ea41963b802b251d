import type { WritableDb } from '../handle.ts';

/** Derived tables for what only Vault has: settings of the cluster and its engines, and versions of KV secrets. */
export default function vault(db: WritableDb): void {
  db.exec(`
    -- One setting of a cluster, a namespace, a secrets engine or an auth method, as the server answered. status: set,
    -- absent (this server does not have it), or why it is not known.
    CREATE TABLE cluster_setting (
      snapshot TEXT NOT NULL,
      source TEXT NOT NULL,
      account TEXT NOT NULL,          -- cluster
      region TEXT NOT NULL,           -- namespace
      kind TEXT NOT NULL,             -- seal, barrier key, secrets engine, auth method …
      name TEXT NOT NULL,             -- path of the engine or method; empty for the cluster's own
      status TEXT NOT NULL,
      code TEXT,
      value TEXT,                     -- JSON
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, account, region, kind, name)
    ) STRICT, WITHOUT ROWID;

    -- A KV version 2 secret without its value: the dates of its versions are evidence of its rotation.
    CREATE TABLE secret (
      snapshot TEXT NOT NULL,
      source TEXT NOT NULL,
      account TEXT NOT NULL,
      region TEXT NOT NULL,           -- <namespace>/<mount>
      path TEXT NOT NULL,
      created TEXT,
      updated TEXT,
      current_version INTEGER,
      versions TEXT NOT NULL,         -- JSON array of {version, at, deleted, destroyed}, oldest first
      detail TEXT NOT NULL,           -- JSON: max_versions, cas_required, delete_version_after, custom_metadata
      seq INTEGER NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, account, region, path)
    ) STRICT, WITHOUT ROWID;
  `);
}
