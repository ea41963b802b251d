import { inserter } from '../../db/derived/write.ts';
import type { WritableDb } from '../../db/handle.ts';
import type { CollectNote } from '../engagement/collection.ts';
import { declared } from '../engagement/declarations.ts';
import { membersOf, supersededIn } from '../engagement/view.ts';
import { actionOf, type Answer, type AnswerStatus } from './answer.ts';
import { DERIVATIONS, derivationOf } from './derivations.ts';
import { importGaps } from './import-gaps.ts';
import { logGapCloser } from './log-gap-closer.ts';

/** Something that should be there and is not. */
export interface GapRow {
  source: string;
  scope: string;
  op: string;
  subject: string;
  reason: string;
  code: string | null;
  message: string | null;
  effect: string;
  remedy: string;
  seq: number | null;
}

/** Gaps of one snapshot, gathered while its answers are read. */
export interface GapList {
  /** The deciding answer to a question was no answer. */
  failed(answer: Answer): void;
  /** A log file that could not be read to its end. */
  defectiveFile(file: { seq: number; source: string; scope: string; op: string; defect: string }): void;
  /** Adds what the derived rows show (keys, lists, Regions) and writes all in ledger order. */
  write(db: WritableDb): void;
}

export function newGapList(snapshot: string): GapList {
  const gaps: GapRow[] = [];
  return {
    failed(answer) {
      const derivation = derivationOf(answer.op);
      // Questions about a key are judged per key, once all its answers are known; lists of keys by what they lack.
      if (derivation === undefined || derivation.keyOfQuestion(answer) !== null) return;
      if (answer.op === derivation.listKeys) return;
      const message = derivation.errorMessage(answer);
      gaps.push({
        ...{
          source: answer.source,
          scope: answer.scope,
          op: answer.op,
          subject: derivation.subjectOf(answer),
        },
        ...{ reason: answer.status, code: answer.code, message },
        ...{
          effect: effectOf(answer.op),
          remedy: remedy(answer.status, answer.op, answer.code, message),
          seq: answer.seq,
        },
      });
    },
    defectiveFile({ defect, ...file }) {
      gaps.push({
        ...file,
        ...{ subject: '', reason: 'defective-file', code: 'DefectiveLogFile', message: defect },
        effect: 'events of this log file are missing from where it is damaged',
        remedy: 'Ask the client for the file from another copy, or explain its loss.',
      });
    },
    write(db) {
      const notes = noteGaps(db, snapshot);
      const noted = new Set(notes.map((note) => `${note.source} ${note.scope} ${note.reason}`));
      const regions = regionGaps(db, snapshot).filter(
        (gap) => !noted.has(`${gap.source} ${gap.scope} region-not-collected`),
      );
      gaps.push(...notes, ...keyGaps(db, snapshot), ...listingGaps(db, snapshot), ...regions);
      gaps.push(...importGaps(db, snapshot));
      const elsewhere = answeredElsewhere(db, snapshot);
      for (let i = gaps.length - 1; i >= 0; i -= 1) if (elsewhere(gaps[i]!)) gaps.splice(i, 1);
      const open = stillOpen(db, snapshot, gaps);
      open.sort(
        (a, b) =>
          (a.seq ?? Number.MAX_SAFE_INTEGER) - (b.seq ?? Number.MAX_SAFE_INTEGER) ||
          compare(
            [a.source, a.scope, a.op, a.subject, a.reason],
            [b.source, b.scope, b.op, b.subject, b.reason],
          ),
      );
      const insert = inserter(db, 'gap', [
        ...(['snapshot', 'n', 'source', 'scope', 'op', 'subject', 'reason', 'code'] as const),
        ...(['message', 'effect', 'remedy', 'seq'] as const),
      ]);
      open.forEach((gap, n) => insert({ snapshot, n, ...gap }));
    },
  };
}

/**
 * IAM Identity Center is asked through every account, and answers only in its own and to a delegated administrator: what
 * one account refused and another one told is missing nowhere.
 */
function answeredElsewhere(db: WritableDb, snapshot: string): (gap: GapRow) => boolean {
  const told = db
    .prepare<[string, string, string], number>(
      'SELECT count(*) FROM federated_group WHERE snapshot = ? AND account = ? AND source <> ?',
    )
    .pluck();
  const asked = new Set(['aws.sso.ListInstances', 'aws.sso.ListPermissionSetsProvisionedToAccount']);
  return ({ op, scope, subject, source }) =>
    asked.has(op) && told.get(snapshot, subject || scope.split('/')[0]!, source)! > 0;
}

function compare(a: string[], b: string[]): number {
  for (let i = 0; i < a.length; i += 1) {
    if (a[i]! !== b[i]!) return a[i]! < b[i]! ? -1 : 1;
  }
  return 0;
}

const NOTE_REMEDIES: Partial<Record<CollectNote['what'], string>> = {
  'lookup-incomplete': 'Resume the collection.',
  'region-not-collected': 'Collect this Region, or state in the scope why it is left out.',
  'regions-assumed': 'Grant account:ListRegions, or name the Regions in the source.',
  'before-retention-edge': "Use log files of a trail, or import the client's export, for that time.",
  'provisional-tail': 'Collect again later than 15 minutes after the end of the period.',
  'event-budget-reached': 'Use log files of a trail, or raise the event budget.',
  'log-files-not-read': "Allow reading of the log bucket, or import the client's export of the log files.",
  'other-account': 'Add the other account as a source.',
  'unreadable-answer': "Report it: the provider's answer changed.",
  'namespace-not-collected': 'Add the namespace to the source, or state why it is out of scope.',
  'mount-not-collected': 'Add the mount to the source, or state why it is out of scope.',
  'auth-method-not-read': 'Export the roles of this auth method by hand, or state why it is out of scope.',
};

/** Notes that leave nothing open: a restarted lookup lost nothing, and a Region that is off holds no usable key. */
const NO_GAP = new Set<string>(['lookup-restarted', 'region-not-enabled']);

/** The gaps of a view that no other member's logs fill; of a single run, all. */
function stillOpen(db: WritableDb, snapshot: string, gaps: readonly GapRow[]): GapRow[] {
  if (membersOf(db, snapshot).length === 1) return [...gaps];
  const closer = logGapCloser(db, snapshot);
  const runOf = db.prepare<[number], string | null>(
    `SELECT CASE kind WHEN 'declaration' THEN line ->> '$.facts.subject' ELSE snapshot END FROM entry WHERE seq = ?`,
  );
  runOf.pluck();
  return gaps.filter((gap) => closer(gap.seq === null ? '' : (runOf.get(gap.seq) ?? ''), gap) === null);
}

/** What the collector declared that it did not ask. */
function noteGaps(db: WritableDb, snapshot: string): GapRow[] {
  const members = membersOf(db, snapshot);
  const superseded = supersededIn(db, snapshot);
  return declared(db, 'collect.note')
    .filter((d) => members.includes(d.subject) && !NO_GAP.has(d.value.what))
    .filter((d) => !superseded || superseded.by(d.subject, d.value.source) === null)
    .map(({ seq, value }) => ({
      source: value.source,
      scope: value.scope,
      op: value.op ?? '',
      subject: '',
      reason: value.what,
      code: null,
      message: value.reason,
      effect: noteEffect(value),
      remedy:
        derivationOf(value.op ?? '')?.noteRemedies?.[value.what] ??
        NOTE_REMEDIES[value.what] ??
        'Resume the collection.',
      seq,
    }));
}

function noteEffect(note: CollectNote): string {
  if (note.op !== null) return effectOf(note.op);
  if (note.what === 'region-not-collected') return 'keys of this Region are not in the inventory';
  return note.from === null
    ? 'what this part of the source holds is not in the snapshot'
    : `nothing is known of ${note.from} to ${note.to ?? 'the end of the period'} from here`;
}

/** What to do about a gap, by its reason. */
export function remedy(
  reason: AnswerStatus,
  op: string,
  code: string | null,
  message: string | null,
): string {
  const own = derivationOf(op)?.remedyOf(op, reason, code, message);
  if (own) return own;
  switch (reason) {
    case 'denied':
      return `Allow ${op} to the collecting identity, then collect again.`;
    case 'throttled':
      return 'Collect again with a smaller rate budget, or at a quieter hour.';
    case 'network':
      return 'Check the connection to the host, then resume the collection.';
    case 'interrupted':
    case 'not-asked':
      return 'Resume the collection, so that the question is asked.';
    case 'error':
    case 'ok':
    case 'not-applicable':
      return "Read the provider's message, correct the cause, then collect again.";
  }
}

function keyGaps(db: WritableDb, snapshot: string): GapRow[] {
  const rows = db
    .prepare<[string], KeyGap>(
      `SELECT k.provider, k.source, k.account || '/' || k.region AS scope, a.op AS action, a.key, a.status, a.code, a.message, a.seq
         FROM key_answer a JOIN key k ON k.snapshot = a.snapshot AND k.id = a.key
        WHERE a.snapshot = ? AND a.status NOT IN ('ok', 'not-applicable')`,
    )
    .all(snapshot);
  const ops = new Map(
    DERIVATIONS.flatMap(({ provider, keyOperations }) =>
      keyOperations.map((operation) => [`${provider} ${operation.action}`, operation.op] as const),
    ),
  );
  return rows.map(({ provider, action, key, status, ...row }) => {
    const op = ops.get(`${provider} ${action}`) ?? `${provider}.${action}`;
    const said = { effect: effectOf(op), remedy: remedy(status, op, row.code, row.message) };
    return { ...row, op, subject: key, reason: status, ...said };
  });
}

interface KeyGap extends Said {
  provider: string;
  source: string;
  scope: string;
  action: string;
  key: string;
  status: AnswerStatus;
}

interface Said {
  code: string | null;
  message: string | null;
  seq: number | null;
}

function listingGaps(db: WritableDb, snapshot: string): GapRow[] {
  const rows = db
    .prepare<
      [string],
      {
        source: string;
        scope: string;
        label: string;
        pages: number;
        status: AnswerStatus;
        code: string;
        seq: number;
      }
    >(
      `SELECT source, account || '/' || region AS scope, label, pages, status, code, last_seq AS seq
         FROM listing WHERE snapshot = ? AND complete = 0`,
    )
    .all(snapshot);
  return rows.map(({ label, pages, status, ...row }) => {
    const op = listOperation(db, row.seq);
    return {
      ...row,
      op,
      subject: '',
      reason: status,
      message: `the list of keys at the ${label} ended after ${pages} ${pages === 1 ? 'page' : 'pages'}`,
      effect: effectOf(op),
      remedy: remedy(status, op, row.code, null),
    };
  });
}

/** The operation that made a list of keys, from the entry that ended it. */
function listOperation(db: WritableDb, seq: number | null): string {
  const op = db
    .prepare<[number | null], string | null>(
      "SELECT coalesce(op, line ->> '$.facts.format') FROM entry WHERE seq = ?",
    )
    .pluck()
    .get(seq);
  return derivationOf(op ?? '')?.listKeys ?? '';
}

function effectOf(op: string): string {
  return derivationOf(op)?.effectOf(op) ?? `the answer of ${actionOf(op)} is missing`;
}

/** Regions that are on and were not collected. Those that are off are listed with the Regions, and are no gap. */
function regionGaps(db: WritableDb, snapshot: string): GapRow[] {
  const rows = db
    .prepare<[string], { source: string; account: string; name: string; why: string; seq: number | null }>(
      `SELECT source, account, name, reason AS why, seq FROM region
        WHERE snapshot = ? AND collected = 0 AND coalesce(status, '') NOT IN ('DISABLED', 'DISABLING')
          AND NOT EXISTS (SELECT 1 FROM listing l
            WHERE l.snapshot = region.snapshot AND l.source = region.source
              AND l.account = region.account AND l.region = region.name)`,
    )
    .all(snapshot);
  return rows.map((row) => ({
    source: row.source,
    scope: `${row.account}/${row.name}`,
    op: 'aws.kms.ListKeys', // Only AWS has Regions that can be left out; other places are notes.
    subject: row.name,
    reason: 'region-not-collected',
    code: null,
    message: row.why,
    effect: 'keys of this Region are not in the inventory',
    remedy: 'Collect this Region, or state in the scope why it is left out.',
    seq: row.seq,
  }));
}
