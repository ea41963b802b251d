import type { ReadableDb } from '../handle.ts';
import { statement } from '../statement.ts';

/** One grant on a key. */
export interface GrantRow {
  key: string;
  grant_id: string;
  name: string | null;
  grantee: string | null;
  grantee_service: string | null;
  retiring: string | null;
  retiring_service: string | null;
  issuing_account: string | null;
  created: string | null;
  operations: string[];
  /** Encryption context or source that the grant is bound to; null when it is bound to none. */
  constraints: Record<string, unknown> | null;
  seq: number;
}

type StoredGrant = Omit<GrantRow, 'operations' | 'constraints'> & {
  operations: string;
  constraints: string | null;
};

const GRANT_COLUMNS = `key, grant_id, name, grantee, grantee_service, retiring, retiring_service, issuing_account,
  created, operations, constraints, seq`;

/** Grants on one key, by id. */
export function grantsOf(db: ReadableDb, snapshot: string, key: string): GrantRow[] {
  return statement<[string, string], StoredGrant>(
    db,
    `SELECT ${GRANT_COLUMNS} FROM key_grant WHERE snapshot = ? AND key = ? ORDER BY grant_id`,
  )
    .all(snapshot, key)
    .map(openGrant);
}

/** All grants of a snapshot by key, for the pack. */
export function* iterateGrants(db: ReadableDb, snapshot: string): Generator<GrantRow> {
  const rows = db
    .prepare<[string], StoredGrant>(
      `SELECT ${GRANT_COLUMNS} FROM key_grant WHERE snapshot = ? ORDER BY key, grant_id`,
    )
    .iterate(snapshot);
  for (const row of rows) yield openGrant(row);
}

function openGrant(row: StoredGrant): GrantRow {
  return {
    ...row,
    operations: JSON.parse(row.operations) as string[],
    constraints: row.constraints === null ? null : (JSON.parse(row.constraints) as Record<string, unknown>),
  };
}

/** A person, role, group or policy of a provider's directory. */
export interface PrincipalRow {
  source: string;
  account: string;
  kind: 'user' | 'role' | 'group' | 'policy';
  id: string;
  name: string;
  unique_id: string | null;
  created: string | null;
  /** The provider's own answer under its own names; policy documents are JSON text. */
  detail: Record<string, unknown>;
  seq: number;
}

/** Users, roles, groups and policies of a snapshot, by account and kind; all accounts when none is given. */
export function* iteratePrincipals(
  db: ReadableDb,
  snapshot: string,
  account?: string,
): Generator<PrincipalRow> {
  const rows = db
    .prepare<(string | number)[], Omit<PrincipalRow, 'detail'> & { detail: string }>(
      `SELECT source, account, kind, id, name, unique_id, created, detail, seq FROM principal
        WHERE snapshot = ? AND (? OR account = ?) ORDER BY account, kind, id`,
    )
    .iterate(snapshot, account === undefined ? 1 : 0, account ?? '');
  for (const row of rows) yield { ...row, detail: JSON.parse(row.detail) as Record<string, unknown> };
}

/** How one principal holds a right on a key. */
export interface AccessPathRow {
  key: string;
  n: number;
  principal: string;
  principal_kind: string;
  /** Why this kind, in words. */
  kind_reason: string;
  /** administer, use, grant: the three rights auditors ask about. */
  access: 'administer' | 'use' | 'grant';
  /** encrypt, decrypt, sign …; null unless the right is use. */
  use_kind: string | null;
  /** What gives it, from the key outwards, in words. */
  via: string;
  actions: string[];
  /** Conditions under which it holds, in words; null when there are none. */
  conditions: string | null;
  certainty: 'allowed' | 'conditional' | 'unknown';
  /** What was not evaluated. */
  detail: string | null;
  cites: number[];
}

type StoredPath = Omit<AccessPathRow, 'actions' | 'cites'> & { actions: string; cites: string };

const PATH_COLUMNS =
  'key, n, principal, principal_kind, kind_reason, access, use_kind, via, actions, conditions, certainty, detail, cites';

/** Access paths of one key. */
export function accessPathsOf(db: ReadableDb, snapshot: string, key: string): AccessPathRow[] {
  return statement<[string, string], StoredPath>(
    db,
    `SELECT ${PATH_COLUMNS} FROM access_path WHERE snapshot = ? AND key = ? ORDER BY n`,
  )
    .all(snapshot, key)
    .map(openPath);
}

/** All access paths of a snapshot by key: the access matrix. */
export function* iterateAccessPaths(db: ReadableDb, snapshot: string): Generator<AccessPathRow> {
  const rows = db
    .prepare<[string], StoredPath>(
      `SELECT ${PATH_COLUMNS} FROM access_path WHERE snapshot = ? ORDER BY key, n`,
    )
    .iterate(snapshot);
  for (const row of rows) yield openPath(row);
}

function openPath(row: StoredPath): AccessPathRow {
  return {
    ...row,
    actions: JSON.parse(row.actions) as string[],
    cites: JSON.parse(row.cites) as number[],
  };
}
