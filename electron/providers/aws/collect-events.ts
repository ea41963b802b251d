import type { LookupAttribute } from '@aws-sdk/client-cloudtrail';
import { all } from '../../collect/for-each.ts';
import { scopeOf, type AwsRun } from './aws-run.ts';
import { keyChangeEvents, trailChangeEvents } from './event-names.ts';
import { cloudtrail } from './operations/index.ts';

const DAY = 24 * 60 * 60_000;
/** How far back the event history goes. */
const RETENTION_MS = 90 * DAY;
/** Events may take this long to appear. */
const DELAY_MS = 15 * 60_000;
const PAGE = 50;
/** How often a slice is begun again because its page token expired. */
const RESTARTS = 3;
/** Look-ups of one region that fail one after the other before the others are not asked: they would fail too. */
const FAILURES = 2;

interface Slice {
  attribute: LookupAttribute;
  from: Date;
  to: Date;
}

/**
 * Looks up events of one region in CloudTrail's event history: every change of keys and of logging by event name, then
 * uses of keys, newest day first, until the event budget is spent. Two requests a second are all AWS allows.
 */
export async function collectEvents(aws: AwsRun, region: string): Promise<void> {
  const range = await lookupRange(aws, region);
  if (!range) return;
  const names = [...keyChangeEvents, ...trailChangeEvents];
  aws.run.asking.tracker.plan(cloudtrail.lookupEvents, scopeOf(aws, region), names.length);
  const ask = (AttributeValue: string) =>
    lookUp(aws, region, { attribute: { AttributeKey: 'EventName', AttributeValue }, ...range }, Infinity);
  let failures = 0;
  for (const name of names.slice(0, FAILURES)) failures += (await ask(name)).answered ? 0 : 1;
  if (failures === FAILURES) return noteFailing(aws, region, range);
  await all(names.slice(FAILURES).map(ask));
  await lookUpUses(aws, region, range);
}

/** Says that the rest was not asked: at the two look-ups a second that AWS allows, asking in vain takes minutes. */
async function noteFailing(aws: AwsRun, region: string, range: { from: Date; to: Date }): Promise<void> {
  await aws.run.asking.note({
    scope: scopeOf(aws, region),
    op: cloudtrail.lookupEvents.id,
    what: 'lookup-incomplete',
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    reason: `${FAILURES} look-ups one after the other were not answered: the others were not asked`,
  });
}

/** The part of the period the event history can hold; what it cannot is noted. */
async function lookupRange(aws: AwsRun, region: string): Promise<{ from: Date; to: Date } | null> {
  const { period, startedAt } = aws.run;
  const edge = new Date(startedAt.getTime() - RETENTION_MS);
  const from = new Date(Math.max(Date.parse(period.from), edge.getTime()));
  const to = new Date(Math.min(Date.parse(period.to), startedAt.getTime()));
  const note = { scope: scopeOf(aws, region), op: cloudtrail.lookupEvents.id };
  if (Date.parse(period.from) < edge.getTime()) {
    await aws.run.asking.note({
      ...note,
      what: 'before-retention-edge',
      from: period.from,
      to: new Date(Math.min(edge.getTime(), Date.parse(period.to))).toISOString(),
      reason: 'the event history of CloudTrail goes back 90 days',
    });
  }
  if (from >= to) return null;
  const settled = startedAt.getTime() - DELAY_MS;
  if (to.getTime() > settled) {
    await aws.run.asking.note({
      ...note,
      what: 'provisional-tail',
      from: new Date(Math.max(settled, from.getTime())).toISOString(),
      to: to.toISOString(),
      reason: 'events may appear up to 15 minutes late',
    });
  }
  return { from, to };
}

/** Uses of keys, a day at a time from the newest. */
async function lookUpUses(aws: AwsRun, region: string, range: { from: Date; to: Date }): Promise<void> {
  const { usageEventBudget } = aws.run.settings;
  if (usageEventBudget === 0) return;
  const attribute: LookupAttribute = { AttributeKey: 'EventSource', AttributeValue: 'kms.amazonaws.com' };
  let left = usageEventBudget;
  let to = range.to;
  let failures = 0;
  while (to > range.from) {
    const from = new Date(Math.max(range.from.getTime(), startOfDay(to.getTime() - 1)));
    const { events, complete, answered } = await lookUp(aws, region, { attribute, from, to }, left);
    failures = answered ? 0 : failures + 1;
    if (failures === FAILURES) return noteFailing(aws, region, { from: range.from, to: from });
    left -= events;
    if (left <= 0) {
      // The day it stopped in is complete only when its pages had ended.
      await noteBudget(aws, region, range.from, complete ? from : to);
      return;
    }
    to = from;
  }
}

function startOfDay(ms: number): number {
  return Math.floor(ms / DAY) * DAY;
}

async function noteBudget(aws: AwsRun, region: string, from: Date, to: Date): Promise<void> {
  if (from >= to) return;
  await aws.run.asking.note({
    scope: scopeOf(aws, region),
    op: cloudtrail.lookupEvents.id,
    what: 'event-budget-reached',
    from: from.toISOString(),
    to: to.toISOString(),
    reason: `the budget of ${aws.run.settings.usageEventBudget} events of key use in the region was reached`,
  });
}

/**
 * All pages of one slice, or as many as the budget of events allows. A page token that has expired begins the slice
 * again under a label of its own, so that its pages are not mistaken for the first ones.
 */
async function lookUp(aws: AwsRun, region: string, slice: Slice, budget: number) {
  for (let restart = 0; ; restart += 1) {
    const label = restart === 0 ? '' : `restart-${restart}`;
    const { expired, ...result } = await lookUpOnce(aws, region, slice, budget, label);
    if (!expired) return result;
    const given = restart >= RESTARTS;
    await aws.run.asking.note({
      scope: scopeOf(aws, region),
      op: cloudtrail.lookupEvents.id,
      what: given ? 'lookup-incomplete' : 'lookup-restarted',
      from: slice.from.toISOString(),
      to: slice.to.toISOString(),
      reason: `the page token of ${slice.attribute.AttributeValue} expired (${restart + 1})`,
    });
    if (given) return result;
  }
}

async function lookUpOnce(aws: AwsRun, region: string, slice: Slice, budget: number, label: string) {
  let events = 0;
  let NextToken: string | undefined;
  do {
    const answer = await aws.ask(
      cloudtrail.lookupEvents,
      {
        LookupAttributes: [slice.attribute],
        StartTime: slice.from,
        // The API's end is inclusive to the second; ours is not.
        EndTime: new Date(slice.to.getTime() - 1000),
        MaxResults: PAGE,
        ...(NextToken && { NextToken }),
      },
      { region, label },
    );
    if (!answer.ok) {
      const expired = answer.notApplicable !== null;
      return { events, complete: false, answered: expired, expired };
    }
    events += answer.output.Events?.length ?? 0;
    NextToken = answer.output.NextToken;
    if (events >= budget) break;
  } while (NextToken);
  return { events, complete: !NextToken, answered: true, expired: false };
}
