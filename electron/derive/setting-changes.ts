import { inserter } from '../../db/derived/write.ts';
import type { WritableDb } from '../../db/handle.ts';
import { DERIVATIONS } from './derivations.ts';
import type { LogFacts } from './log-facts.ts';

/** Writes the change timeline of every key, trail and place that logged events changed. */
export function deriveSettingChanges(db: WritableDb, snapshot: string, logs: LogFacts): void {
  const insert = inserter(db, 'setting_change', [
    ...(['snapshot', 'subject', 'n', 'at', 'setting', 'value', 'event', 'actor', 'event_id', 'seq'] as const),
  ]);
  const next = new Map<string, number>();
  const seen = new Set<string>();
  for (const change of logs.changes()) {
    const owner = DERIVATIONS.find((derivation) => derivation.ownsChange(change));
    for (const { subject, setting, value } of owner?.settingChanges(change) ?? []) {
      // The same event comes from event history and from log files of several trails: it is one change.
      const id = `${change.eventId ?? `${change.at} ${change.event}`} ${subject} ${setting}`;
      if (seen.has(id)) continue;
      seen.add(id);
      const n = next.get(subject) ?? 0;
      next.set(subject, n + 1);
      insert({
        ...{ snapshot, subject, n, at: change.at, setting, value, event: change.event },
        ...{ actor: change.actor, event_id: change.eventId, seq: change.seq },
      });
    }
  }
}

/** Adds the keys that only logs know to the population, with basis logged. */
export function deriveLoggedKeys(db: WritableDb, snapshot: string, logs: LogFacts): void {
  const known = db
    .prepare<[string, string], number>('SELECT 1 FROM key WHERE snapshot = ? AND id = ?')
    .pluck();
  const insert = inserter(db, 'key', [
    ...([
      'snapshot',
      'id',
      'provider',
      'source',
      'basis',
      'account',
      'region',
      'native_id',
      'belongs',
    ] as const),
    ...(['listed_start', 'listed_end', 'state', 'manager', 'created', 'deletion_date', 'seq'] as const),
  ]);
  for (const key of logs.loggedKeys()) {
    if (known.get(snapshot, key.arn) !== undefined) continue;
    insert({
      ...{
        snapshot,
        id: key.arn,
        provider: key.provider,
        source: key.source,
        basis: 'logged',
        account: key.account,
      },
      ...{
        region: key.region,
        native_id: key.nativeId,
        belongs: key.belongs,
        listed_start: 0,
        listed_end: 0,
      },
      ...{ state: key.deleted === null ? null : 'Deleted', manager: null },
      ...{ created: key.created, deletion_date: key.deleted, seq: key.seq },
    });
  }
}
