import { dimensionId } from '../../../db/derived/events.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import type { Period } from '../../engagement/engagement.ts';
import { membersJson } from '../../engagement/view.ts';

/*
 * Two checks of completeness that do not depend on how the logs were collected: the provider's own memory of each key's
 * last use, and the keys that logs name against the keys that were listed.
 */

/** Whether the last use that KMS remembers of a key is in the logs. */
export interface LastUseProbe {
  key: string;
  /** CloudTrail event id that GetKeyLastUsage gave; null when the key has no use on record. */
  eventId: string | null;
  /** ISO 8601 UTC. */
  at: string | null;
  operation: string | null;
  /**
   * found: the event is in the logs. not found: the logs cover its time and do not have it, so they are not complete.
   * not covered: it happened when no log source covers the place. outside the period: nothing to find. no use: KMS
   * knows of none since it began to keep track.
   */
  answer: 'found' | 'not found' | 'not covered' | 'outside the period' | 'no use';
  /** Ledger entry and record that hold the event. */
  seq: number | null;
  record: number | null;
}

const HOUR_MS = 3_600_000;

/** Looks for the last use of every key of a snapshot in its logs. Needs the derived keys and coverage. */
export function lastUseProbes(db: ReadableDb, snapshot: string, period: Period): LastUseProbe[] {
  interface KeyRow {
    id: string;
    account: string;
    region: string;
    at: string | null;
    operation: string | null;
    eventId: string | null;
  }
  const keys = db
    .prepare<[string], KeyRow>(
      `SELECT id, account, region, last_used AS at, last_used_operation AS operation, last_used_event AS eventId
         FROM key WHERE snapshot = ? AND (last_used IS NOT NULL OR usage_tracked_from IS NOT NULL) ORDER BY id`,
    )
    .all(snapshot);
  const members = membersJson(db, snapshot);
  const find = db.prepare<[number, number, number, string, string], { seq: number; n: number }>(
    `SELECT r.seq, r.n FROM usage_event_row r JOIN usage_source s ON s.seq = r.seq
      WHERE r.key = ? AND r.time BETWEEN ? AND ? AND r.event_id = ?
        AND s.snapshot IN (SELECT value FROM json_each(?))
      ORDER BY s.rank, r.seq, r.n LIMIT 1`,
  );
  const covers = db
    .prepare<[string, string, string, number, number], number>(
      `SELECT 1 FROM coverage WHERE snapshot = ? AND account = ? AND region = ? AND start <= ? AND end > ?
          AND state = 'covered'`,
    )
    .pluck();
  return keys.map(({ id: key, account, region, at, operation, eventId }): LastUseProbe => {
    const none = { key, eventId, at, operation, seq: null, record: null };
    const time = at === null ? NaN : Date.parse(at);
    if (Number.isNaN(time) || eventId === null) return { ...none, answer: 'no use' };
    if (time < Date.parse(period.from) || time >= Date.parse(period.to)) {
      return { ...none, answer: 'outside the period' };
    }
    // KMS and CloudTrail may give times that differ a little.
    const id = dimensionId('usage_key', key);
    const event = find.get(id, time - HOUR_MS, time + HOUR_MS, eventId, members);
    if (event) return { ...none, answer: 'found', seq: event.seq, record: event.n };
    const covered = covers.get(snapshot, account, region, time, time) === 1;
    return { ...none, answer: covered ? 'not found' : 'not covered' };
  });
}

/** A key that logs name and no list of keys has. */
export interface UnlistedKey {
  key: string;
  events: number;
  /** First and last event, ms UTC. */
  first: number;
  last: number;
  explanation:
    | 'deleted in the period'
    | 'of another account'
    | 'of a Region that was not collected'
    | 'named only in refused calls'
    | 'an alias that the log does not resolve'
    | 'AWS owned'
    | 'not explained';
}

/** Every key that the logs of a snapshot name and that is not in its inventory, each with why. By key. */
export function unlistedKeys(db: ReadableDb, snapshot: string): UnlistedKey[] {
  const listed = db
    .prepare<[string], string>(
      `SELECT DISTINCT account || '/' || region FROM listing WHERE snapshot = ? AND complete = 1`,
    )
    .pluck()
    .all(snapshot);
  const places = new Set(listed);
  const accounts = new Set(listed.map((place) => place.split('/')[0]));
  const rows = db
    .prepare<
      [string, string, string],
      {
        key: string;
        events: number;
        first: number;
        last: number;
        made: number;
        deleted: number;
        service: number;
      }
    >(
      `SELECT k.key, count(*) AS events, min(r.time) AS first, max(r.time) AS last, sum(r.error IS NULL) AS made,
              max(o.name = 'DeleteKey' AND r.error IS NULL) AS deleted, max(a.type = 'AWSService') AS service
         FROM usage_event_row r
         JOIN usage_source s ON s.seq = r.seq
         JOIN usage_key k ON k.id = r.key
         JOIN usage_operation o ON o.id = r.operation
         JOIN usage_actor a ON a.id = r.actor
        WHERE s.snapshot IN (SELECT value FROM json_each(?))
          AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)
          AND NOT EXISTS (SELECT 1 FROM key known WHERE known.snapshot = ? AND known.id = k.key
                            AND (known.listed_start = 1 OR known.listed_end = 1))
          AND NOT EXISTS (SELECT 1 FROM key_alias known WHERE known.snapshot = ?
                            AND k.key = substr(known.key, 1, instr(known.key, ':key/')) || known.name)
        GROUP BY k.key ORDER BY k.key`,
    )
    .all(membersJson(db, snapshot), snapshot, snapshot);
  return rows.map(({ key, events, first, last, made, deleted, service }) => {
    const [, , , region = '', account = ''] = key.split(':');
    const explanation = ((): UnlistedKey['explanation'] => {
      if (key.includes(':alias/')) return 'an alias that the log does not resolve';
      if (deleted) return 'deleted in the period';
      if (accounts.size > 0 && !accounts.has(account)) return service ? 'AWS owned' : 'of another account';
      if (accounts.size > 0 && !places.has(`${account}/${region}`))
        return 'of a Region that was not collected';
      return made === 0 ? 'named only in refused calls' : 'not explained';
    })();
    return { key, events, first, last, explanation };
  });
}
