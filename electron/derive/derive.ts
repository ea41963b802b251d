import { withLargeCache } from '../../db/derived/large-cache.ts';
import { DERIVED_TABLES } from '../../db/derived/write.ts';
import type { WritableDb } from '../../db/handle.ts';
import { asObject } from '../providers/aws/normalise/wire.ts';
import { supersededIn } from '../engagement/view.ts';
import { deriveInventory } from '../review/derive-inventory.ts';
import { deriveAccess } from './access.ts';
import { actionOf, type Answer, type Json, type JsonObject } from './answer.ts';
import { newCallTally } from './calls.ts';
import type { Derivation } from './derivation.ts';
import { DERIVATIONS, derivationOf } from './derivations.ts';
import { newGapList, type GapList } from './gaps.ts';
import { bodyReader, operationsOf, readOperation, snapshotIds, type ReadExchange } from './read-operation.ts';
import { readLogFacts } from './read-log-facts.ts';
import { deriveLoggedKeys, deriveSettingChanges } from './setting-changes.ts';
import { accountForUnasked } from './unasked.ts';
import { deriveClosedGaps } from './closed-gaps.ts';
import { deriveFormerKeys } from './former-keys.ts';
import { notAnsweredLive } from './not-answered-live.ts';

/**
 * Deletes the derived rows of keys, access, logging settings, gaps and results, and makes them again from the ledger alone, in one transaction.
 *
 * Log events must have been derived before (electron/logs), because changes and deleted keys come from them. Results of
 * tests are left empty: run them next.
 *
 * Deterministic: entries are read in ledger order, and no clock, random number or insertion id takes part.
 */
export function derive(db: WritableDb): void {
  withLargeCache(db, () => {
    db.transaction(() => {
      for (const table of DERIVED_TABLES) db.exec(`DELETE FROM ${table}`);
      for (const snapshot of snapshotIds(db)) deriveSnapshot(db, snapshot);
    }).immediate();
  });
}

function deriveSnapshot(db: WritableDb, snapshot: string): void {
  const tally = newCallTally(snapshot);
  const gaps = newGapList(snapshot);
  const bytes = bodyReader(db);
  const operations = operationsOf(db, snapshot);
  const unread = new Set(operations);
  const superseded = supersededIn(db, snapshot);

  const bodies = new Map(DERIVATIONS.map((derivation) => [derivation, bodyParser(bytes, derivation)]));
  const read = (op: string): Answer[] => {
    unread.delete(op);
    const final = readOperation(db, snapshot, op, (exchange) => tally.add(op, exchange)).filter(
      // A source that was collected again answers for itself: its earlier answers are of another moment.
      ({ run, source }) => superseded === null || superseded.by(run, source) === null,
    );
    const derivation = derivationOf(op);
    const answers = derivation
      ? final.map((exchange) => toAnswer(derivation, op, exchange, bodies.get(derivation)!, gaps))
      : [];
    for (const answer of answers) {
      if (answer.status !== 'ok' && answer.status !== 'not-applicable') gaps.failed(answer);
    }
    for (const { seq, source, scope, defect } of final) {
      if (defect !== null) gaps.defectiveFile({ seq, source, scope, op, defect });
    }
    return answers;
  };
  const normalised = DERIVATIONS.map((derivation) => {
    const imported = derivation.importedAnswers(db, snapshot, bodies.get(derivation)!);
    const own = operations.filter((op) => derivationOf(op) === derivation);
    const rows = derivation.normalise(db, snapshot, (action) => {
      const live = own.filter((op) => actionOf(op) === action).flatMap(read);
      const given = imported.filter((answer) => answer.action === action);
      return [...notAnsweredLive(derivation, given, live), ...live];
    });
    return { derivation, rows };
  });
  // Operations whose answers others read (log files, events): their calls and failures count here.
  for (const op of [...unread].sort()) read(op);

  const logs = readLogFacts(db, snapshot);
  deriveFormerKeys(db, snapshot);
  deriveLoggedKeys(db, snapshot, logs);
  deriveSettingChanges(db, snapshot, logs);
  accountForUnasked(db, snapshot);
  tally.write(db);
  gaps.write(db);
  deriveClosedGaps(db, snapshot);
  deriveAccess(
    db,
    snapshot,
    normalised.map(
      ({ derivation, rows }) =>
        () =>
          derivation.access(db, snapshot, rows),
    ),
  );
  deriveInventory(db, snapshot);
}

/** The bodies of one snapshot, parsed; the last one is kept, because a row often needs it twice. */
function bodyParser(
  read: (seq: number) => Buffer | null,
  { parseBody }: Derivation,
): (seq: number) => JsonObject {
  let last: { seq: number; body: JsonObject } = { seq: 0, body: {} };
  return (seq) => {
    if (last.seq !== seq) {
      const bytes = read(seq);
      last = { seq, body: bytes === null ? {} : parseBody(bytes) };
    }
    return last.body;
  };
}

function toAnswer(
  { answerStatus, errorName }: Derivation,
  op: string,
  exchange: ReadExchange,
  parsed: (seq: number) => JsonObject,
  gaps: GapList,
): Answer {
  const action = actionOf(op);
  let params: JsonObject | undefined;
  const answer: Answer = {
    seq: exchange.seq,
    basis: 'observed',
    source: exchange.source,
    op,
    action,
    scope: exchange.scope,
    label: exchange.label,
    at: exchange.end,
    status: answerStatus(action, exchange.outcome, exchange.errorCode, exchange.httpStatus),
    code: exchange.errorCode === null ? null : errorName(exchange.errorCode),
    params: () => (params ??= exchange.params === '' ? {} : asObject(JSON.parse(exchange.params) as Json)),
    body() {
      try {
        return parsed(exchange.seq);
      } catch {
        if (answer.status === 'ok') {
          answer.status = 'error';
          answer.code = 'MalformedAnswer';
          gaps.failed(answer);
        }
        return {};
      }
    },
  };
  return answer;
}
