import type { WritableDb } from '../../db/handle.ts';
import type { CollectNote } from '../engagement/collection.ts';
import type { AccessPath } from '../access/types.ts';
import type { FactDraft } from './access-facts-of.ts';
import type { Answer, AnswerStatus, JsonObject } from './answer.ts';
import type { LogChange } from './log-facts.ts';

/** What decides whether a question is put to a key. */
export interface AskedKey {
  manager: string | null;
  rotation_support: string | null;
  algorithm: string | null;
  material_holder: string | null;
}

/** One question that completeness asks of every key of a provider: what a missing answer means. */
export interface KeyOperation {
  /** Operation id, for example `aws.kms.DescribeKey`. */
  op: string;
  /** Last part of the id. */
  action: string;
  /** What it tells, in words for the completeness table. The first question of a provider is the one that describes a key. */
  tells: string;
  /** Permission it needs, as the provider names it. */
  permission: string;
  /** What cannot be said without it. */
  effect: string;
  /** Why the question is not put to a key, or null when it must be. */
  notPut: (key: AskedKey) => string | null;
}

/** What a logged event says about a setting. `value` is null when the event says only that it changed. */
export interface SettingChange {
  subject: string;
  setting: string;
  value: string | null;
}

export type SharedPath = Omit<AccessPath, 'key'>;

/** Who may reach the keys of one provider, evaluated. */
export interface EvaluatedAccess {
  /**
   * Paths by key; those of one key come together. A path that is equally true for many keys is the same object, and
   * stands once in the tables.
   */
  chunks: () => Iterable<{ key: string; paths: readonly SharedPath[] }>;
  /** What the documents show by themselves, for tests of controls. */
  facts: () => Iterable<FactDraft>;
  /** Ledger entries that the paths of a key rest on. */
  cites: ReadonlyMap<string, readonly number[]>;
}

/**
 * What the answers of one provider mean: the counterpart of its {@link ../providers/provider.ts | Provider}. Pure: it
 * reads the ledger and derived rows, and uses no clock, random number or insertion id.
 */
export interface Derivation<Normalised = unknown> {
  /** First part of the ids of its operations. */
  provider: string;
  /** Questions put to every key of an inventory, in the order of the completeness table. */
  keyOperations: readonly KeyOperation[];
  /** Operation that lists the keys of a place; its failure is told by the list, not by each call. */
  listKeys: string;
  /** What became of an exchange. */
  answerStatus: (
    action: string,
    outcome: 'ok' | 'error' | 'network' | 'interrupted',
    code: string | null,
    httpStatus: number | null,
  ) => AnswerStatus;
  /** An error code as the provider's pages write it. */
  errorName: (code: string) => string;
  /** Parses a body as kept. @throws when it is not what the provider sends */
  parseBody: (body: Uint8Array) => JsonObject;
  /** The provider's own words about an error; null when it said nothing. */
  errorMessage: (answer: Answer) => string | null;
  /** The key a question was about, so that it is judged with the key's other questions; null for other questions. */
  keyOfQuestion: (answer: Answer) => string | null;
  /** What a question was about, in the provider's words; empty for its scope as a whole. */
  subjectOf: (answer: Answer) => string;
  /** What cannot be said when an operation went unanswered. */
  effectOf: (op: string) => string;
  /** What would close a gap of this reason and code; null for the ordinary advice. */
  remedyOf: (op: string, reason: AnswerStatus, code: string | null, message: string | null) => string | null;
  /** What would close the gap that a note of this provider tells of, where the ordinary advice does not fit. */
  noteRemedies?: Partial<Record<CollectNote['what'], string>>;
  /** Files the client exported that hold answers of this provider. */
  importedAnswers: (db: WritableDb, snapshot: string, body: (seq: number) => JsonObject) => Answer[];
  /**
   * Turns the answers of one snapshot into rows.
   *
   * @param answersTo gives the deciding answers to one action, imported ones first; they are read once and let go.
   */
  normalise: (
    db: WritableDb,
    snapshot: string,
    answersTo: (action: string) => readonly Answer[],
  ) => Normalised;
  /** Evaluates access from the rows; null when the snapshot has no key of this provider. */
  access: (db: WritableDb, snapshot: string, normalised: Normalised) => EvaluatedAccess | null;
  /** Where a key is that only logs name, from its id; null when the id is none of this provider's. */
  placeOfKey: (id: string) => { account: string; region: string; nativeId: string } | null;
  /** Events by which logs tell that a key was created, and that it was deleted for good. */
  keyEvents: { created: readonly string[]; deleted: readonly string[] };
  /** Whether a logged change is in this provider's words. */
  ownsChange: (change: LogChange) => boolean;
  /** Settings that a logged change set. */
  settingChanges: (change: LogChange) => SettingChange[];
}
