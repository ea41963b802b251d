import { answerReader, iterateKeys, type AnswerRow, type KeyRow } from '../../db/derived/keys.ts';
import { changesOf, type SettingChangeRow } from '../../db/derived/logging.ts';
import type { ReadableDb } from '../../db/handle.ts';
import type { LogFacts } from '../derive/log-facts.ts';
import { currentEngagement, snapshots } from '../engagement/current.ts';
import type { Engagement } from '../engagement/engagement.ts';
import type { AccessFacts } from './access-facts.ts';
import { equivalent } from './equivalents.ts';

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
  /** Outcome of one question put to a key, in AWS's words (see equivalents.ts). */
  asked(key: string, action: string): AnswerRow;
  /** Ledger entries that hold the users, roles and policies of an account; none when they were not read. */
  iam(account: string): readonly number[];
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
  const iam = new Map<string, number[]>();
  let changes: { subject: string; rows: SettingChangeRow[] } = { subject: '', rows: [] };
  const answerOf = answerReader(db, snapshot);
  return {
    ...{ db, snapshot, logs, access },
    engagement: currentEngagement(db),
    collectedAt: collectedAt(db, snapshot),
    keys: keys.filter((key) => key.belongs === 'inventory'),
    key: (id) => byId.get(id),
    asked(key, question) {
      const meant = equivalent(byId.get(key)?.provider, question);
      if ('none' in meant) return noSuchThing(key, question, meant.none);
      const action = meant.asked;
      const none = { key, op: action, status: 'not-asked', code: null, message: null, seq: null } as const;
      return answerOf(key, action) ?? none;
    },
    iam(account) {
      let known = iam.get(account);
      if (!known) {
        known = iamSeqs(db, snapshot, account);
        iam.set(account, known);
      }
      return known;
    },
    changes(subject) {
      if (!changed.has(subject)) return [];
      if (changes.subject !== subject) changes = { subject, rows: changesOf(db, snapshot, subject) };
      return changes.rows;
    },
  };
}

function noSuchThing(key: string, op: string, message: string): AnswerRow {
  return { key, op, status: 'not-applicable', code: null, message, seq: null };
}

function iamSeqs(db: ReadableDb, snapshot: string, account: string): number[] {
  return db
    .prepare<[string, string], number>(
      'SELECT DISTINCT seq FROM principal WHERE snapshot = ? AND account = ? ORDER BY seq',
    )
    .pluck()
    .all(snapshot, account);
}

/** The last moment anything was asked; for imported files alone, when the snapshot was opened. */
function collectedAt(db: ReadableDb, snapshot: string): string {
  const last = db
    .prepare<[string], string | null>('SELECT max(last) FROM call_count WHERE snapshot = ?')
    .pluck()
    .get(snapshot);
  return last ?? snapshots(db).find((s) => s.id === snapshot)?.startedAt ?? currentEngagement(db).period.to;
}
