import { readBody } from '../../db/ledger/bodies.ts';
import type { ReadableDb } from '../../db/handle.ts';
import type { ExchangeFacts } from '../../db/ledger/entry.ts';
import { askedBy, readEntry } from '../../db/ledger/read.ts';
import type { CollectNote } from '../engagement/collection.ts';
import { callKey } from '../recorder/finals.ts';
import { operationById, providerOfOperation } from '../providers/index.ts';
import { meaningOf } from './operation.ts';
import { notesOf } from './notes.ts';

/** Something that should be there and is not, with the reason. */
export interface Gap {
  source: string;
  scope: string;
  /** Operation id; null when a whole scope is missing. */
  op: string | null;
  /** What it is about: the call's parameters (canonical JSON), or empty. */
  subject: string;
  label: string;
  /** The provider's own error code, or what a note says. */
  code: string;
  /** The provider's own words, or ours for a note. */
  message: string | null;
  /** What would close the gap. */
  remedy: string;
  /** Ledger entry that shows it. */
  seq: number;
  /** The part of the period it concerns; null for all of it. */
  from: string | null;
  to: string | null;
}

/**
 * The gaps of a snapshot, in ledger order, computed from the ledger alone: calls whose last exchange is neither data nor
 * "not applicable", log files that are defective, and what was not asked at all.
 */
export function gapsOf(db: ReadableDb, snapshot: string): Gap[] {
  const open = failedOperations(db, snapshot).flatMap((op) => unanswered(db, snapshot, op));
  const calls = open.map((seq) => gapOfCall(db, seq));
  const notes = notesOf(db, snapshot)
    .filter((note) => noteRemedy(note) !== undefined)
    .map((note): Gap => {
      const { source, scope, op, what, reason, from, to, seq } = note;
      const remedy = noteRemedy(note)!;
      return {
        source,
        scope,
        op,
        subject: '',
        label: '',
        code: what,
        message: reason,
        remedy,
        seq,
        from,
        to,
      };
    });
  return [...calls, ...notes].sort((a, b) => a.seq - b.seq);
}

/** Operations with a call that was not answered at once: only their exchanges need to be read. */
function failedOperations(db: ReadableDb, snapshot: string): string[] {
  return db
    .prepare<[string], string>(
      `SELECT DISTINCT op FROM entry INDEXED BY entry_by_snapshot WHERE snapshot = ? AND kind = 'exchange'
          AND (line ->> '$.facts.outcome' <> 'ok' OR line ->> '$.facts.lines.defect' IS NOT NULL) ORDER BY op`,
    )
    .pluck()
    .all(snapshot);
}

/** Entries of calls whose last exchange answers nothing; memory grows with those calls alone. */
function unanswered(db: ReadableDb, snapshot: string, op: string): number[] {
  const open = new Map<string, number>();
  for (const { seq, facts, params } of askedBy(db, snapshot, op)) {
    // Each run signs in anew under a label of its own; one that succeeds answers for those that failed.
    const label = facts.label.replace(/^(run|session)-\d+/, '$1');
    const key = callKey({ ...facts, label, params });
    if (isAnswered(facts)) open.delete(key);
    else open.set(key, seq);
  }
  return [...open.values()];
}

function isAnswered(facts: ExchangeFacts): boolean {
  if (facts.outcome === 'ok') return !facts.lines?.defect;
  const operation = operationById(facts.op);
  return operation !== undefined && meaningOf(operation, facts.errorCode) !== null;
}

function gapOfCall(db: ReadableDb, seq: number): Gap {
  const entry = readEntry(db, seq);
  if (entry?.kind !== 'exchange') throw new Error(`cannot read gap ${seq}: it is not an exchange.`);
  const { facts, values } = entry;
  const code = facts.lines?.defect ? 'DefectiveLogFile' : (facts.errorCode ?? facts.outcome);
  const message = facts.lines?.defect ?? errorMessage(db, facts, values.body);
  return {
    source: facts.source,
    scope: facts.scope,
    op: facts.op,
    subject: values.params!,
    label: facts.label,
    code,
    message,
    remedy: remedyOf(facts, code, message),
    seq,
    from: null,
    to: null,
  };
}

function errorMessage(db: ReadableDb, facts: ExchangeFacts, body: string | undefined): string | null {
  if (facts.outcome !== 'error' || facts.bodyClass !== 'full' || !body) return null;
  const bytes = readBody(db, body);
  return bytes && (providerOfOperation(facts.op)?.errorMessage(bytes) ?? null);
}

function remedyOf(facts: ExchangeFacts, code: string, message: string | null): string {
  const own = providerOfOperation(facts.op)?.remedyOf(facts.op, code, message);
  if (own) return own;
  if (/AccessDenied|Unauthorized|Forbidden|Http403/i.test(code)) {
    const needed = operationById(facts.op)?.permissions.join(', ') ?? facts.op;
    return `Grant ${needed} to the collector (for a key, in its key policy too), then resume or collect again.`;
  }
  if (code === 'DefectiveLogFile')
    return 'Ask the client for the file from another copy, or explain its loss.';
  if (/NotFound|NoSuch/.test(code)) return 'It no longer exists or is in another place: ask the client.';
  if (/Throttl|SlowDown|TooManyRequests|LimitExceeded/.test(code)) {
    return 'Resume the snapshot when the account is less busy.';
  }
  if (facts.outcome === 'network')
    return 'Check the network, proxy and certificates, then resume the snapshot.';
  if (facts.outcome === 'interrupted') return 'Resume the snapshot.';
  return 'Read the provider’s message; resume the snapshot when its cause is gone.';
}

function noteRemedy({ op, what }: CollectNote): string | undefined {
  const provider = op === null ? undefined : providerOfOperation(op);
  return provider?.noteRemedies[what] ?? noteRemedies[what];
}

/** What would close the gap that a note tells of. Notes without a line here are facts, not gaps. */
const noteRemedies: Partial<Record<CollectNote['what'], string>> = {
  'region-not-collected': 'Add the region to the source, or state why it is out of scope.',
  'regions-assumed': 'Grant account:ListRegions, or name the regions in the source.',
  'before-retention-edge': 'Use log files of a trail, or import the client’s export, for that time.',
  'provisional-tail': 'Collect again later than 15 minutes after the end of the period.',
  'event-budget-reached': 'Use log files of a trail, or raise the event budget.',
  'log-files-not-read': 'Allow reading of the log bucket, or import the client’s export of the log files.',
  'lookup-incomplete': 'Use log files of a trail for that time, or collect again.',
  'other-account': 'Add the other account as a source.',
  'unreadable-answer': 'Report it: the provider’s answer changed.',
  'namespace-not-collected': 'Add the namespace to the source, or state why it is out of scope.',
  'mount-not-collected': 'Add the mount to the source, or state why it is out of scope.',
  'auth-method-not-read': 'Export the roles of this auth method by hand, or state why it is out of scope.',
};
