import { DAY } from '../company/time.ts';
import { AzureFault } from './http.ts';
import type { ActivityEvent } from './types.ts';

const RETENTION_DAYS = 90;
const CLAUSE = /^(\w+)\s+(ge|le|eq)\s+'([^']*)'$/i;
const NAMES = ['resourcegroupname', 'resourceprovider', 'resourceuri', 'correlationid'];

/**
 * The activity log's `$filter`: eventTimestamp with a start, and at most one of the documented equalities. Nothing else
 * is accepted, and nothing older than 90 days. Monitor REST: "Activity Logs - List".
 */
export function filterActivity(
  events: readonly ActivityEvent[],
  filter: string,
  now: number,
): ActivityEvent[] {
  let from: number | undefined;
  let to = now;
  let match: (event: ActivityEvent) => boolean = () => true;
  let equalities = 0;
  for (const clause of filter.split(/\s+and\s+/i)) {
    const [, name = '', operator = '', value = ''] = CLAUSE.exec(clause.trim()) ?? [];
    const field = name.toLowerCase();
    const timed = field === 'eventtimestamp' && operator.toLowerCase() !== 'eq';
    if (timed) {
      const at = Date.parse(value);
      if (Number.isNaN(at)) throw bad(`'${value}' is not a time.`);
      if (operator.toLowerCase() === 'ge') from = at;
      else to = at;
      continue;
    }
    if (operator.toLowerCase() !== 'eq' || !NAMES.includes(field) || ++equalities > 1)
      throw bad(`The filter clause "${clause}" is not supported.`);
    const wanted = value.toLowerCase();
    match = (event) => fieldOf(event, field).toLowerCase() === wanted;
  }
  if (from === undefined) throw bad('The filter must have a start: eventTimestamp ge.');
  if (from < now - RETENTION_DAYS * DAY)
    throw bad(`The start time cannot be more than ${RETENTION_DAYS} days in the past.`);
  const start = from;
  return events.filter((event) => event.at >= start && event.at <= to && match(event));
}

function fieldOf(event: ActivityEvent, field: string): string {
  if (field === 'resourceprovider') return event.resourceProvider;
  if (field === 'resourceuri') return event.resourceId;
  if (field === 'correlationid') return event.correlationId;
  return event.resourceId.split('/')[4] ?? '';
}

const bad = (message: string): AzureFault => new AzureFault(400, 'BadRequest', message);
