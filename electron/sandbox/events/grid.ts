import { HOUR, MINUTE } from '../company/time.ts';
import type { Company, Instant } from '../company/types.ts';

/**
 * The period cut into hours, the unit of random access. Hours begin ten minutes before the full hour, so that the newest
 * whole one is delivered (5 minutes later) and digested (7 minutes later) before the company's "now": as in real life
 * only the last minutes are not yet in the log files. Hour 0 is short by these ten minutes, the last one has only them.
 */
export interface Grid {
  from: Instant;
  to: Instant;
  /** Number of hours, counting the two short ones. */
  hours: number;
  start(hour: number): Instant;
  end(hour: number): Instant;
  /** The hour this moment falls into; moments outside of the period give the nearest hour. */
  hourOf(at: Instant): number;
}

const LEAD = 10 * MINUTE;
/** A log file is delivered this long after its last event. */
export const DELIVERY_DELAY = 5 * MINUTE;
/** A digest ends (and is delivered) this long after the last event it can cover. */
export const DIGEST_DELAY = 7 * MINUTE;

export function gridOf(company: Company): Grid {
  const { from, to } = company.period;
  const hours = Math.ceil((to - from) / HOUR) + 1;
  const origin = from - LEAD;
  const start = (hour: number): Instant => Math.max(from, origin + hour * HOUR);
  return {
    from,
    to,
    hours,
    start,
    end: (hour) => Math.min(to, origin + (hour + 1) * HOUR),
    hourOf: (at) => Math.min(Math.max(Math.floor((at - origin) / HOUR), 0), hours - 1),
  };
}
