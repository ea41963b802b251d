import type { ReadableDb } from '../handle.ts';
import { statement } from '../statement.ts';

/** A trail. kms_events: which KMS events its selectors let pass. */
export interface TrailRow {
  id: string;
  source: string;
  basis: string;
  account: string;
  home_region: string;
  name: string;
  multi_region: number | null;
  organization: number | null;
  global_events: number | null;
  validation: number | null;
  bucket: string | null;
  prefix: string | null;
  log_group: string | null;
  key: string | null;
  /** JSON array of basic event selectors; null when not known. */
  selectors: string | null;
  /** JSON array; null when there are none or they are not known. */
  advanced_selectors: string | null;
  selectors_status: string;
  selectors_code: string | null;
  selectors_seq: number | null;
  kms_events: 'all' | 'write-only' | 'read-only' | 'partial' | 'excluded' | 'unknown';
  seq: number;
}

/** All trails of a snapshot. */
export function trails(db: ReadableDb, snapshot: string): TrailRow[] {
  return db.prepare<[string], TrailRow>('SELECT * FROM trail WHERE snapshot = ? ORDER BY id').all(snapshot);
}

/** What a trail says about itself in one Region. */
export interface TrailStatusRow {
  trail: string;
  region: string;
  /** ok, or why it is not known. */
  status: string;
  code: string | null;
  logging: number | null;
  latest_delivery: string | null;
  latest_delivery_error: string | null;
  latest_digest: string | null;
  latest_digest_error: string | null;
  started: string | null;
  stopped: string | null;
  seq: number;
}

/** Status of all trails, by trail and Region. */
export function trailStatuses(db: ReadableDb, snapshot: string): TrailStatusRow[] {
  return db
    .prepare<[string], TrailStatusRow>(
      `SELECT trail, region, status, code, logging, latest_delivery, latest_delivery_error, latest_digest,
              latest_digest_error, started, stopped, seq FROM trail_status WHERE snapshot = ? ORDER BY trail, region`,
    )
    .all(snapshot);
}

/** One setting of a log bucket or log group. status: set, absent, or why it is not known. */
export interface LogSettingRow {
  kind: 'bucket' | 'log group';
  destination: string;
  setting: string;
  status: string;
  code: string | null;
  /** JSON of the provider's answer; null unless set. */
  value: string | null;
  seq: number;
}

/** Settings of all places that logs are kept in. */
export function logSettings(db: ReadableDb, snapshot: string): LogSettingRow[] {
  return db
    .prepare<[string], LogSettingRow>(
      `SELECT kind, destination, setting, status, code, value, seq FROM log_setting WHERE snapshot = ?
        ORDER BY kind, destination, setting`,
    )
    .all(snapshot);
}

/** A rule or metric filter that tells somebody about key changes. */
export interface AlertRow {
  account: string;
  region: string;
  kind: 'event rule' | 'metric filter';
  name: string;
  enabled: number | null;
  covers: string[];
  /** Who is told; null when not known. */
  targets: string[] | null;
  detail: Record<string, unknown>;
  cites: number[];
}

/** All rules and metric filters of a snapshot. */
export function alerts(db: ReadableDb, snapshot: string): AlertRow[] {
  type Stored = Omit<AlertRow, 'covers' | 'targets' | 'detail' | 'cites'> &
    Record<'covers' | 'detail' | 'cites', string> & { targets: string | null };
  return db
    .prepare<[string], Stored>(
      `SELECT account, region, kind, name, enabled, covers, targets, detail, cites FROM alert WHERE snapshot = ?
        ORDER BY account, region, kind, name`,
    )
    .all(snapshot)
    .map((row) => ({
      ...row,
      covers: JSON.parse(row.covers) as string[],
      targets: row.targets === null ? null : (JSON.parse(row.targets) as string[]),
      detail: JSON.parse(row.detail) as Record<string, unknown>,
      cites: JSON.parse(row.cites) as number[],
    }));
}

/** One logged change of a setting. */
export interface SettingChangeRow {
  /** Key id, trail, bucket, account (`iam`) or `<account>/<region>` (`alerts`). */
  subject: string;
  n: number;
  at: string;
  setting: string;
  value: string | null;
  event: string;
  actor: string | null;
  event_id: string | null;
  seq: number;
}

/** The change timeline of one subject, oldest first. */
export function changesOf(db: ReadableDb, snapshot: string, subject: string): SettingChangeRow[] {
  return statement<[string, string], SettingChangeRow>(
    db,
    `SELECT subject, n, at, setting, value, event, actor, event_id, seq FROM setting_change
        WHERE snapshot = ? AND subject = ? ORDER BY n`,
  ).all(snapshot, subject);
}

/** All logged changes by subject, for the pack. */
export function iterateChanges(db: ReadableDb, snapshot: string): IterableIterator<SettingChangeRow> {
  return db
    .prepare<[string], SettingChangeRow>(
      `SELECT subject, n, at, setting, value, event, actor, event_id, seq FROM setting_change
        WHERE snapshot = ? ORDER BY subject, n`,
    )
    .iterate(snapshot);
}
