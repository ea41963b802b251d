import { resultsOf, type ResultRow } from '../../db/derived/results.ts';
import type { AccessFacts } from '../../electron/controls/access-facts.ts';
import { NO_ACCESS } from '../../electron/controls/access-facts.ts';
import type { Control } from '../../electron/controls/control.ts';
import { runControls } from '../../electron/controls/run-controls.ts';
import { derive } from '../../electron/derive/derive.ts';
import {
  NO_LOGS,
  type CoverageHole,
  type LogChange,
  type LogFacts,
} from '../../electron/derive/log-facts.ts';
import { deriveLoggedKeys, deriveSettingChanges } from '../../electron/derive/setting-changes.ts';
import { ACCOUNT, keyArn, REGION, SNAPSHOT, type AwsLedger } from './aws-ledger.ts';

/** A logged change of a key (or another subject). */
export function change(event: string, at: string, more: Partial<LogChange> = {}): LogChange {
  return {
    ...{ at: new Date(at).toISOString(), event, eventSource: 'kms.amazonaws.com', subject: keyArn(1) },
    ...{ account: ACCOUNT, region: REGION, actor: `arn:aws:iam::${ACCOUNT}:user/bob`, params: null },
    ...{ eventId: `${event} ${at}`, error: null, seq: 1, ...more },
  };
}

/** Logs that cover the whole period but for the given holes. */
export function logs(
  changes: LogChange[] = [],
  holes: CoverageHole[] = [],
  more: Partial<LogFacts> = {},
): LogFacts {
  return { ...NO_LOGS, available: true, changes: () => changes, holes: () => holes, ...more };
}

/** A hole in the coverage. */
export const hole = (from: string, to: string): CoverageHole => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  reason: 'the trail was stopped',
  lost: true,
  seqs: [1],
});

/** Derives the ledger, runs one control, and gives its answers about a subject: [collection, period]. */
export function answers(
  ledger: AwsLedger,
  control: Control,
  options: { logs?: LogFacts; access?: Partial<AccessFacts>; subject?: string } = {},
): { collection: ResultRow; period: ResultRow } {
  derive(ledger.db);
  const read = options.logs ?? NO_LOGS;
  deriveLoggedKeys(ledger.db, SNAPSHOT, read);
  deriveSettingChanges(ledger.db, SNAPSHOT, read);
  runControls(ledger.db, {
    snapshot: SNAPSHOT,
    controls: [control],
    logs: read,
    ...(options.access ? { access: { ...NO_ACCESS, available: true, ...options.access } } : {}),
  });
  const rows = resultsOf(ledger.db, SNAPSHOT, options.subject ?? keyArn(1));
  const at = (time: ResultRow['at']): ResultRow => {
    const row = rows.find((r) => r.at === time && r.control === control.id);
    if (!row) throw new Error(`no answer of ${control.id} ${time} for ${options.subject ?? keyArn(1)}`);
    return row;
  };
  return { collection: at('collection'), period: at('period') };
}
