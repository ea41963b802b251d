import { answersOf, iterateKeys, type AnswerRow, type KeyRow } from '../../db/derived/keys.ts';
import { changesOf, type SettingChangeRow } from '../../db/derived/logging.ts';
import type { ReadableDb } from '../../db/handle.ts';
import type { LogFacts } from '../derive/log-facts.ts';
import { currentEngagement, snapshots } from '../engagement/current.ts';
import type { Engagement } from '../engagement/engagement.ts';
import type { AccessFacts } from './access-facts.ts';

/** What a test of a control may look at: derived rows, declarations, logs. It changes nothing. */
export interface ControlContext {
  db: ReadableDb;
  snapshot: string;
  engagement: Engagement;
  /** When the snapshot was taken: the moment "at collection" means (UTC). */
  collectedAt: string;
  logs: LogFacts;
  access: AccessFacts;
  /** Keys of the inventory in id order. */
  keys: readonly KeyRow[];
  key(id: string): KeyRow | undefined;
  /** Outcome of one question put to a key. */
  asked(key: string, action: string): AnswerRow;
  /** Logged changes of a subject, oldest first. */
  changes(subject: string): SettingChangeRow[];
}

/** Makes the context of one snapshot. */
export function controlContext(
  db: ReadableDb,
  snapshot: string,
  logs: LogFacts,
  access: AccessFacts,
): ControlContext {
  const keys = [...iterateKeys(db, snapshot)];
  const byId = new Map(keys.map((key) => [key.id, key]));
  const changed = new Set(
    db
      .prepare<[string], string>('SELECT DISTINCT subject FROM setting_change WHERE snapshot = ?')
      .pluck()
      .all(snapshot),
  );
  let changes: { subject: string; rows: SettingChangeRow[] } = { subject: '', rows: [] };
  let answers: { key: string; rows: AnswerRow[] } = { key: '', rows: [] };
  return {
    ...{ db, snapshot, logs, access },
    engagement: currentEngagement(db),
    collectedAt: collectedAt(db, snapshot),
    keys: keys.filter((key) => key.belongs === 'inventory'),
    key: (id) => byId.get(id),
    asked(key, action) {
      // Controls go through keys in order, and ask several questions about each.
      if (answers.key !== key) answers = { key, rows: answersOf(db, snapshot, key) };
      return (
        answers.rows.find((row) => row.op === action) ?? {
          ...{ key, op: action, status: 'not-asked', code: null, message: null, seq: null },
        }
      );
    },
    changes(subject) {
      if (!changed.has(subject)) return [];
      if (changes.subject !== subject) changes = { subject, rows: changesOf(db, snapshot, subject) };
      return changes.rows;
    },
  };
}

/** The last moment anything was asked; for imported files alone, when the snapshot was opened. */
function collectedAt(db: ReadableDb, snapshot: string): string {
  const last = db
    .prepare<[string], string | null>('SELECT max(last) FROM call_count WHERE snapshot = ?')
    .pluck()
    .get(snapshot);
  return last ?? snapshots(db).find((s) => s.id === snapshot)?.startedAt ?? currentEngagement(db).period.to;
}
