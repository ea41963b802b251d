import type { Company } from '../company/types.ts';
import { logKey } from './delivery.ts';
import { eventLog } from './event-log.ts';
import { DELIVERY_DELAY } from './grid.ts';
import type { Scope } from './scope.ts';

export interface BenchFile {
  key: string;
  scope: Scope;
  firstHour: number;
  lastHour: number;
  events: number;
}

/** Cuts the whole period into files of about this many events, without computing any event. */
export function planBenchFiles(company: Company, filesOf: number): BenchFile[] {
  const log = eventLog(company);
  const trail = company.trails[0]!;
  const files: BenchFile[] = [];
  for (const scope of log.scopes) {
    let firstHour = 0;
    let events = 0;
    for (let hour = 0; hour < log.grid.hours; hour++) {
      events += log.count(scope, hour);
      if (events < filesOf && hour < log.grid.hours - 1) continue;
      const deliveredAt = log.grid.end(hour) + DELIVERY_DELAY;
      if (events > 0)
        files.push({
          key: logKey(company, trail, scope, deliveredAt, firstHour),
          scope,
          firstHour,
          lastHour: hour,
          events,
        });
      firstHour = hour + 1;
      events = 0;
    }
  }
  return files;
}
