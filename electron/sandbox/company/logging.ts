import { buildAlerts } from './alerts.ts';
import { buildBuckets } from './buckets.ts';
import type { Frame } from './frame.ts';
import type { People } from './people.ts';
import { buildTrails, logTrailChanges } from './trails.ts';
import type { Change, Company } from './types.ts';

type Logging = Pick<Company, 'trails' | 'buckets' | 'eventRules' | 'logGroups' | 'metricFilters' | 'alarms'>;

/** Where events go and who is told: trails, their buckets, rules and alarms. Adds the trails' own changes to the history. */
export function buildLogging(frame: Frame, people: People, history: Change[]): Logging {
  const trails = buildTrails(frame, people);
  logTrailChanges(frame, people, history, trails);
  return { trails, buckets: buildBuckets(frame), ...buildAlerts(frame) };
}
