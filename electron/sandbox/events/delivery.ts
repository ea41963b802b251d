import { randomFor } from '../company/random.ts';
import type { Company, Instant, Trail } from '../company/types.ts';
import { eventLog, type EventLog } from './event-log.ts';
import { DELIVERY_DELAY, DIGEST_DELAY } from './grid.ts';
import { logSettings } from './options.ts';
import type { Scope } from './scope.ts';
import { compactTime, datePath, mixed16 } from './text.ts';

/** One log file to be: which events it holds and where it lies. Its content is computed when asked for. */
export interface LogFile {
  key: string;
  trail: Trail;
  scope: Scope;
  /** Hours of the grid, first and last included. */
  firstHour: number;
  lastHour: number;
  /** Events of [from, to) only: logging may begin or end inside of an hour. */
  from: Instant;
  to: Instant;
  deliveredAt: Instant;
}

/** One digest file to be. It covers the log files delivered in [start, end). */
export interface DigestFile {
  key: string;
  start: Instant;
  end: Instant;
  files: LogFile[];
  /** Nothing before it: logging has just begun, or begun again. */
  starting: boolean;
}

/** What one trail delivers for one account and region. */
export interface Delivery {
  trail: Trail;
  scope: Scope;
  files: LogFile[];
  /** Oldest first. Empty when log file validation is off. */
  digests: DigestFile[];
}

/** Everything that all trails of the company have delivered in the period, up to its "now". No content is computed. */
export function deliveriesOf(company: Company): Delivery[] {
  const log = eventLog(company);
  return company.trails.flatMap((trail) =>
    log.scopes.filter((scope) => covers(trail, scope)).map((scope) => deliver(company, log, trail, scope)),
  );
}

/** Whether this trail logs that account and Region at all. */
export function covers(trail: Trail, scope: Pick<Scope, 'accountId' | 'region'>): boolean {
  return (
    (trail.organization || trail.accountId === scope.accountId) &&
    (trail.multiRegion || trail.homeRegion === scope.region)
  );
}

/** Whether this trail keeps events of this source, by its event selectors. */
export function keeps(trail: Trail, eventSource: string): boolean {
  const management = trail.advancedEventSelectors?.filter((selector) =>
    selector.FieldSelectors.some(
      (field) => field.Field === 'eventCategory' && field.Equals?.includes('Management'),
    ),
  );
  if (management) {
    return management.some((selector) =>
      selector.FieldSelectors.every(
        (field) =>
          field.Field !== 'eventSource' ||
          (!field.NotEquals?.includes(eventSource) && (field.Equals?.includes(eventSource) ?? true)),
      ),
    );
  }
  if (!trail.eventSelectors || trail.eventSelectors.length === 0) return true;
  return trail.eventSelectors.some(
    (selector) =>
      selector.IncludeManagementEvents && !selector.ExcludeManagementEventSources.includes(eventSource),
  );
}

function deliver(company: Company, log: EventLog, trail: Trail, scope: Scope): Delivery {
  const { hoursPerFile, hoursPerDigest } = logSettings(company);
  const delivery: Delivery = { trail, scope, files: [], digests: [] };
  for (const segment of loggingTimes(company, trail)) {
    let starting = true;
    let digestStart = segment.from;
    for (
      let hour = log.grid.hourOf(segment.from);
      hour < log.grid.hours && log.grid.start(hour) < segment.to;
    ) {
      const next = hour - (hour % hoursPerDigest) + hoursPerDigest;
      const files: LogFile[] = [];
      for (let h = hour; h < next; h = h - (h % hoursPerFile) + hoursPerFile) {
        const last = Math.min(h - (h % hoursPerFile) + hoursPerFile, log.grid.hours) - 1;
        if (last >= h && log.grid.start(h) < segment.to)
          files.push(...filesIn(company, log, trail, scope, h, last, segment));
      }
      delivery.files.push(...files);
      const end = Math.min(log.grid.end(Math.min(next, log.grid.hours) - 1), segment.to) + DIGEST_DELAY;
      if (trail.logFileValidation && end <= company.now) {
        delivery.digests.push({
          key: digestKey(company, trail, scope, end),
          start: digestStart,
          end,
          files,
          starting,
        });
        starting = false;
        digestStart = end;
      }
      hour = next;
    }
  }
  return delivery;
}

/** Times in which the trail was logging, within the period. The calls that stop and start it are still logged. */
function loggingTimes(company: Company, trail: Trail): { from: Instant; to: Instant }[] {
  const times: { from: Instant; to: Instant }[] = [];
  let from = Math.max(company.period.from, trail.createdAt);
  for (const stop of trail.stopped) {
    const to = stop.from - (stop.from % 1000) + 1000;
    if (to > from) times.push({ from, to });
    from = Math.max(from, stop.to === undefined ? Infinity : stop.to - (stop.to % 1000));
  }
  if (from < company.period.to) times.push({ from, to: company.period.to });
  return times;
}

/** Fewer events than this are looked at one by one to see whether a file has anything in it: empty ones are not delivered. */
const FEW = 40;

function filesIn(
  company: Company,
  log: EventLog,
  trail: Trail,
  scope: Scope,
  firstHour: number,
  lastHour: number,
  segment: { from: Instant; to: Instant },
): LogFile[] {
  const { eventsPerFile } = logSettings(company);
  const from = Math.max(log.grid.start(firstHour), segment.from);
  const to = Math.min(log.grid.end(lastHour), segment.to);
  const deliveredAt = to + DELIVERY_DELAY;
  if (deliveredAt > company.now) return [];
  const files: LogFile[] = [];
  let first = firstHour;
  let count = 0;
  const close = (last: number): void => {
    const file: LogFile = {
      key: logKey(company, trail, scope, deliveredAt, first),
      trail,
      scope,
      firstHour: first,
      lastHour: last,
      from,
      to,
      deliveredAt,
    };
    const clipped = segment.from > log.grid.start(first) || segment.to < log.grid.end(last);
    if (count > FEW && !clipped ? true : linesOf(log, file).length > 0) files.push(file);
    first = last + 1;
    count = 0;
  };
  for (let hour = firstHour; hour <= lastHour; hour++) {
    const events = log.count(scope, hour);
    if (count > 0 && count + events > eventsPerFile) close(hour - 1);
    count += events;
  }
  if (count > 0) close(lastHour);
  return files;
}

/** The events of a log file, oldest first. */
export function linesOf(log: EventLog, file: LogFile): { at: Instant; text: string }[] {
  const lines: { at: Instant; text: string }[] = [];
  const wanted = (at: Instant, source: string): boolean =>
    at >= file.from && at < file.to && keeps(file.trail, source);
  for (let hour = file.firstHour; hour <= file.lastHour; hour++) {
    for (const line of log.lines(file.scope, hour, wanted)) lines.push(line);
  }
  return lines;
}

/** Folder of a trail's files for an account (CloudTrail user guide, "Finding your CloudTrail log files"). */
function folder(
  company: Company,
  trail: Trail,
  scope: Scope,
  kind: 'CloudTrail' | 'CloudTrail-Digest',
  at: Instant,
): string {
  const prefix = trail.prefix === undefined ? '' : `${trail.prefix}/`;
  const organization = trail.organization ? `${company.organizationId}/` : '';
  return `${prefix}AWSLogs/${organization}${scope.accountId}/${kind}/${scope.region}/${datePath(at)}/`;
}

export function logKey(
  company: Company,
  trail: Trail,
  scope: Scope,
  deliveredAt: Instant,
  part: number | string,
): string {
  const random = randomFor(
    company.seed,
    'log-file',
    trail.name,
    scope.accountId,
    scope.region,
    deliveredAt,
    part,
  );
  const word = (): number => random.int(0x1_0000_0000);
  return `${folder(company, trail, scope, 'CloudTrail', deliveredAt)}${scope.accountId}_CloudTrail_${scope.region}_${compactTime(deliveredAt, false)}_${mixed16(word(), word(), word())}.json.gz`;
}

export function digestKey(company: Company, trail: Trail, scope: Scope, end: Instant): string {
  return `${folder(company, trail, scope, 'CloudTrail-Digest', end)}${scope.accountId}_CloudTrail-Digest_${scope.region}_${trail.name}_${trail.homeRegion}_${compactTime(end, true)}.json.gz`;
}
