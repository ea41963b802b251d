import {
  exception,
  pass,
  results,
  undetermined,
  type Answer,
  type Answers,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';
import { awsPlaces, gapAt, logging, reaches, statusAt, type Place, type TrailWithStatus } from './places.ts';
import { changeText, throughout } from './throughout.ts';

const ID = 'trail-logging';

/** A multi-Region trail records every place that holds keys. */
export const trailLogging: Control = {
  id: ID,
  title: 'A multi-Region trail is logging',
  finding: 'logging',
  criteria: ['CC7.2', 'CC6.1'],
  question: 'Is a multi-Region trail logging in the account and Region?',
  method:
    'For every collected account and Region, find the trails that reach it (DescribeTrails: multi-Region, organisation) and their status (GetTrailStatus). For the period, read logged StopLogging, StartLogging and DeleteTrail events of those trails.',
  permissions: ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus'],
  remediation: 'Create a multi-Region trail, or start logging on the one there is.',
  standards: [
    { name: 'CIS AWS Foundations Benchmark', version: '3.0', ref: '3.1' },
    { name: 'AWS Security Hub CSPM', version: 'CloudTrail controls', ref: 'CloudTrail.1' },
  ],
  appliesTo: 'accounts and Regions',
  test: (context) =>
    awsPlaces(context).flatMap((place) => results(ID, 'place', place.id, test(context, place))),
};

function test(context: ControlContext, place: Place): Answers {
  const reaching = logging(context).trails.filter((trail) => reaches(trail, place));
  const each = reaching.map((trail) => ({ trail, now: trailNow(trail, place) }));
  const collection = best(each.map((e) => e.now)) ?? noTrail(context, place);
  const periods = each.map(({ trail, now }) =>
    throughout(context, {
      subject: trail.id,
      account: trail.account,
      region: trail.home_region,
      settings: ['logging'],
      created: null,
      now,
      what: `trail ${trail.name} was logging`,
      bad: (change, until) =>
        change.value === 'on'
          ? null
          : `Trail ${trail.name} was not logging from ${day(change.at)} to ${day(until)} (${changeText(change)}).`,
      good: (change) => change.value === 'on',
    }),
  );
  return { collection, period: best(periods) ?? collection };
}

function trailNow(trail: TrailWithStatus, place: Place): Answer {
  const status = statusAt(trail, place.region);
  const cites = [trail.seq, ...(status ? [status.seq] : [])];
  if (!status || status.status !== 'ok' || status.logging === null) {
    return undetermined(
      `Whether trail ${trail.name} is logging could not be read (${status?.code ?? 'it was not asked'}).`,
      cites,
      status?.code ?? null,
    );
  }
  if (status.logging === 0)
    return exception(`Trail ${trail.name} reaches ${place.id} but is not logging.`, cites);
  const error = status.latest_delivery_error;
  if (error !== null) {
    return exception(`Trail ${trail.name} is logging, but its last delivery failed (${error}).`, cites);
  }
  if (trail.multi_region !== 1) {
    return exception(`Only trail ${trail.name} records ${place.id}, and it is not multi-Region.`, cites);
  }
  return pass(
    `Multi-Region trail ${trail.name} is logging${trail.organization === 1 ? ' for the organisation' : ''}; last delivery ${status.latest_delivery === null ? 'not stated' : day(status.latest_delivery)}.`,
    cites,
  );
}

/** One good trail is enough; an open question outweighs an exception, because that trail may be the good one. */
function best(answers: readonly Answer[]): Answer | null {
  for (const result of ['pass', 'undetermined', 'evidence-required', 'exception'] as const) {
    const found = answers.find((answer) => answer.result === result);
    if (found) return found;
  }
  return answers[0] ?? null;
}

function noTrail(context: ControlContext, place: Place): Answer {
  const gap = gapAt(context, 'DescribeTrails', place.id);
  if (gap) {
    return undetermined(
      `Trails of ${place.id} could not be read (${gap.code ?? gap.reason}).`,
      gap.seq === null ? [] : [gap.seq],
      gap.code,
    );
  }
  const asked = describeTrailsAsked(context, place);
  return asked.length > 0
    ? exception(`No trail reaches ${place.id}.`, asked)
    : undetermined(`Trails of ${place.id} were not asked for.`);
}

/** Ledger entries of answered DescribeTrails calls in a place. */
function describeTrailsAsked(context: ControlContext, place: Place): number[] {
  return context.db
    .prepare<[string, string], number>(
      `SELECT last_seq FROM call_count WHERE snapshot = ? AND op = 'aws.cloudtrail.DescribeTrails'
          AND scope = ? AND outcome = 'ok'`,
    )
    .pluck()
    .all(context.snapshot, place.id);
}
