import type { ReadableDb } from '../../../db/handle.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import { bodyOf } from '../events-of-entry.ts';
import { limitReached } from '../azure-csv/row-limits.ts';
import { ACTIVITY_LOG, SAVED_ROWS } from './format.ts';

/** `az monitor activity-log list` gives this many changes unless it is told otherwise. */
const CLI_CHANGES = 50;

/**
 * Why an imported file of Azure's records may not hold all of the time it spans: the file ends early, Azure cut the answer at
 * a limit, or said itself that it is partial. Null when nothing speaks for that.
 */
export function shortfallOf(db: ReadableDb, seq: number): string | null {
  const entry = readEntry(db, seq);
  if (entry?.kind !== 'import') return null;
  const { format, lines } = entry.facts;
  if (lines) return lines.defect;
  if (format !== SAVED_ROWS && format !== ACTIVITY_LOG) return null;
  const answer = parsed(bodyOf(db, entry));
  const items = Array.isArray(answer) ? answer : Array.isArray(answer.value) ? answer.value : null;
  if (format === ACTIVITY_LOG) {
    return items?.length === CLI_CHANGES
      ? `it holds exactly ${CLI_CHANGES} changes, which is where "az monitor activity-log list" stops without --max-events`
      : null;
  }
  if (!Array.isArray(answer) && answer.error) {
    const { code = 'error', message = '' } = answer.error;
    return `Azure answered in part only (${code}${message === '' ? '' : `: ${message}`})`;
  }
  const rows = items?.length ?? (Array.isArray(answer) ? 0 : (answer.tables?.[0]?.rows?.length ?? 0));
  return limitReached(rows);
}

interface Answer {
  value?: unknown;
  tables?: { rows?: unknown[] }[];
  error?: { code?: string; message?: string };
}

function parsed(body: Buffer | null): Answer | unknown[] {
  try {
    return JSON.parse((body ?? Buffer.from('{}')).toString('utf8').replace(/^\uFEFF/, '')) as Answer;
  } catch {
    return {};
  }
}
