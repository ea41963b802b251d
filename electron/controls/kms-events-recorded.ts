import { exception, pass, results, undetermined, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { logging, type TrailWithStatus } from './places.ts';
import { throughout } from './throughout.ts';

const ID = 'kms-events-recorded';

/** No trail leaves KMS events out. */
export const kmsEventsRecorded: Control = {
  id: ID,
  title: 'KMS events are not excluded from the trail',
  finding: 'logging',
  criteria: ['CC7.2', 'CC6.1'],
  question: 'Does the trail record all KMS events?',
  method:
    'Read basic and advanced event selectors (GetEventSelectors) and decide which KMS management events pass them. For the period, read logged PutEventSelectors events.',
  permissions: ['cloudtrail:DescribeTrails', 'cloudtrail:GetEventSelectors'],
  remediation:
    'Remove kms.amazonaws.com from the excluded event sources, or record the events by another trail and document it.',
  standards: [{ name: 'AWS Config', version: 'managed rules', ref: 'cloudtrail-security-trail-enabled' }],
  appliesTo: 'trails',
  test: (context) =>
    logging(context).trails.flatMap((trail) => {
      const now = trailNow(context, trail);
      const period = throughout(context, {
        subject: trail.id,
        account: trail.account,
        region: trail.home_region,
        settings: ['selectors'],
        created: null,
        now,
        what: `trail ${trail.name} recorded all KMS events`,
      });
      return results(ID, 'trail', trail.id, { collection: now, period });
    }),
};

const WORDS = {
  excluded: 'records no KMS events',
  'write-only': 'records only KMS events that change something: decryption and other use is left out',
  'read-only': 'records only KMS events that read or use: changes are left out',
  partial: 'records only some KMS events: its advanced selectors filter them further',
} as const;

function trailNow(context: ControlContext, trail: TrailWithStatus): Answer {
  const cites = [trail.seq, ...(trail.selectors_seq === null ? [] : [trail.selectors_seq])];
  if (trail.kms_events === 'unknown') {
    return undetermined(
      `The event selectors of trail ${trail.name} could not be read (${trail.selectors_code ?? trail.selectors_status}).`,
      cites,
      trail.selectors_code,
    );
  }
  if (trail.kms_events === 'all') return pass(`Trail ${trail.name} records all KMS events.`, cites);
  const others = logging(context).trails.filter(
    (other) => other.id !== trail.id && other.kms_events === 'all' && covers(other, trail),
  );
  const instead =
    others.length > 0
      ? `The same account and Regions are also in the reach of ${others.map((o) => o.name).join(', ')}, which records all KMS events.`
      : 'No other trail records them for the same account and Regions.';
  return exception(`Trail ${trail.name} ${WORDS[trail.kms_events]}. ${instead}`, cites);
}

function covers(other: TrailWithStatus, trail: TrailWithStatus): boolean {
  const account = other.account === trail.account || other.organization === 1;
  return (
    account &&
    (other.multi_region === 1 || (trail.multi_region !== 1 && other.home_region === trail.home_region))
  );
}
