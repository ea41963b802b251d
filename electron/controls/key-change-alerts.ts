import { alerts, type AlertRow } from '../../db/derived/logging.ts';
import { WATCHED } from '../providers/aws/normalise/watched.ts';
import {
  both,
  exception,
  notApplicable,
  pass,
  results,
  undetermined,
  type Answer,
  type Answers,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { awsPlaces, gapAt, logging, reaches, type Place } from './places.ts';
import { throughout } from './throughout.ts';

const ID = 'key-change-alerts';
const SOURCES = ['ListRules', 'ListTargetsByRule', 'DescribeMetricFilters', 'DescribeAlarms'];

/** Somebody is told at once when a key is disabled, scheduled for deletion, or opened. */
export const keyChangeAlerts: Control = {
  id: ID,
  title: 'Key changes raise an alert',
  finding: 'logging',
  criteria: ['CC7.2', 'CC7.3'],
  question: 'Does an alert exist for DisableKey, ScheduleKeyDeletion and PutKeyPolicy?',
  method:
    'In every account and Region with customer managed keys, read EventBridge rules with their targets, and metric filters with the alarms on their metric. An alert counts when it is enabled, somebody is its target, and (for a metric filter) a trail that records KMS events feeds its log group.',
  permissions: [
    'events:ListRules',
    'events:ListTargetsByRule',
    'logs:DescribeMetricFilters',
    'cloudwatch:DescribeAlarms',
  ],
  remediation: 'Add an EventBridge rule for the three operations with a target that people read.',
  standards: [
    { name: 'CIS AWS Foundations Benchmark', version: '3.0', ref: '4.7' },
    { name: 'CIS AWS Foundations Benchmark', version: '6.0', ref: '5.7' },
  ],
  appliesTo: 'accounts and Regions with customer managed keys',
  test: (context) => {
    const all = alerts(context.db, context.snapshot);
    return awsPlaces(context).flatMap((place) => results(ID, 'place', place.id, test(context, place, all)));
  },
};

function test(context: ControlContext, place: Place, all: readonly AlertRow[]): Answers {
  if (!place.hasKeys) return both(notApplicable(`No customer managed key is in ${place.id}.`));
  const now = placeNow(context, place, all);
  return {
    collection: now,
    period: throughout(context, {
      subject: place.id,
      account: place.account,
      region: place.region,
      settings: ['alerts'],
      created: null,
      now,
      what: 'alerts for all three changes were in place',
    }),
  };
}

function placeNow(context: ControlContext, place: Place, all: readonly AlertRow[]): Answer {
  const here = all.filter((alert) => hears(context, place, alert));
  const cites = here.flatMap((alert) => alert.cites);
  const good = here.filter((alert) => alert.enabled === 1 && (alert.targets?.length ?? 0) > 0);
  const missing = WATCHED.filter((operation) => !good.some((alert) => alert.covers.includes(operation)));
  if (missing.length === 0) {
    const names = good.filter((a) => a.covers.length > 0).map((a) => `${a.kind} ${a.name}`);
    return pass(`${WATCHED.join(', ')} raise an alert through ${names.join(', ')}.`, cites);
  }
  const maybe = here.filter(
    (alert) => alert.enabled === null || (alert.enabled === 1 && alert.targets === null),
  );
  const open = missing.filter((operation) => maybe.some((alert) => alert.covers.includes(operation)));
  const gap = SOURCES.map((action) => gapAt(context, action, place.id)).find((g) => g !== undefined);
  const asked = rulesAsked(context, place);
  if (open.length === missing.length || gap || asked.length === 0) {
    const why = gap
      ? `${gap.op.split('.').at(-1)} was not answered (${gap.code ?? gap.reason})`
      : asked.length === 0
        ? 'EventBridge rules were not asked for'
        : 'whom they tell could not be read';
    return undetermined(
      `Whether ${missing.join(', ')} raise an alert in ${place.id} could not be read: ${why}.`,
      [...cites, ...(gap?.seq ? [gap.seq] : [])],
      gap?.code ?? null,
    );
  }
  const off = here.filter((alert) => alert.enabled === 0 && missing.some((m) => alert.covers.includes(m)));
  const note =
    off.length === 0 ? '' : ` (${off.map((a) => `${a.kind} ${a.name} is off or has no alarm`).join('; ')})`;
  return exception(`Nobody is told of ${missing.join(', ')} in ${place.id}${note}.`, [...cites, ...asked]);
}

/** Whether an alert hears of changes in a place: rules in their own Region, metric filters where a trail feeds them. */
function hears(context: ControlContext, place: Place, alert: AlertRow): boolean {
  if (alert.covers.length === 0) return false;
  if (alert.kind === 'event rule') return alert.account === place.account && alert.region === place.region;
  const group = `log-group:${String(alert.detail.logGroup)}`;
  return logging(context).trails.some(
    (trail) =>
      reaches(trail, place) &&
      (trail.kms_events === 'all' || trail.kms_events === 'write-only') &&
      trail.log_group !== null &&
      trail.log_group.replace(/:\*$/, '').endsWith(`:${alert.account}:${group}`),
  );
}

function rulesAsked(context: ControlContext, place: Place): number[] {
  return context.db
    .prepare<[string, string], number>(
      `SELECT last_seq FROM call_count WHERE snapshot = ? AND scope = ? AND outcome = 'ok' AND op LIKE 'aws.%.ListRules'`,
    )
    .pluck()
    .all(context.snapshot, place.id);
}
