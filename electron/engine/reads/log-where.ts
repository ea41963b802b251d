import { dimensionId } from '../../../db/derived/events.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import type { EventFilter } from '../../api/logs.ts';
import { currentEngagement } from '../../engagement/current.ts';

const DAY_MS = 86_400_000;

/** Time range of a filter, ms UTC, `[from, to)`: the period of the engagement where it says nothing. */
export function rangeOf(db: ReadableDb, filter: EventFilter): { from: number; to: number } {
  const { period } = currentEngagement(db);
  return { from: Date.parse(filter.from ?? period.from), to: Date.parse(filter.to ?? period.to) };
}

/** Whether daily totals answer for the range exactly, and for the filter. */
export function byDays(filter: EventFilter, { from, to }: { from: number; to: number }): boolean {
  return from % DAY_MS === 0 && to % DAY_MS === 0 && !filter.changesOnly;
}

/** A condition on `usage_day t`, or on `usage_event_row r`. */
export function eventWhere(
  table: 't' | 'r',
  filter: EventFilter,
  { from, to }: { from: number; to: number },
) {
  const parts =
    table === 't'
      ? ['t.day >= ?', 't.day < ?']
      : [
          'r.time >= ?',
          'r.time < ?',
          'NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)',
        ];
  const values = table === 't' ? [Math.floor(from / DAY_MS), Math.ceil(to / DAY_MS)] : [from, to];
  const narrow = (column: string, id: number) => {
    parts.push(`${table}.${column} = ?`);
    values.push(id);
  };
  if (filter.key !== undefined) narrow('key', dimensionId('usage_key', filter.key));
  if (filter.principal !== undefined) narrow('principal', dimensionId('usage_principal', filter.principal));
  if (filter.operation) {
    narrow('operation', dimensionId('usage_operation', filter.operation.service, filter.operation.name));
  }
  if (filter.changesOnly && table === 'r') parts.push('r.flags & 2');
  return { sql: parts.join(' AND '), values };
}
