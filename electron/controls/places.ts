import { regions } from '../../db/derived/completeness.ts';
import { iterateGaps, type GapRow } from '../../db/derived/gaps.ts';
import { trails, trailStatuses, type TrailRow, type TrailStatusRow } from '../../db/derived/logging.ts';
import type { ControlContext } from './context.ts';

/** One account and Region that holds keys or was collected. */
export interface Place {
  account: string;
  region: string;
  /** `<account>/<region>` */
  id: string;
  /** True when customer managed keys are (or may be) there. */
  hasKeys: boolean;
  /** Whose place it is. */
  provider: string;
}

/** A trail with what it says about itself where. */
export interface TrailWithStatus extends TrailRow {
  statuses: readonly TrailStatusRow[];
}

interface Logging {
  places: Place[];
  trails: TrailWithStatus[];
  gaps: GapRow[];
}

const cache = new WeakMap<ControlContext, Logging>();

/** Places, trails, and gaps of operations on neither, read once per run. */
export function logging(context: ControlContext): Logging {
  let known = cache.get(context);
  if (!known) {
    const statuses = Map.groupBy(trailStatuses(context.db, context.snapshot), (row) => row.trail);
    known = {
      places: placesOf(context),
      trails: trails(context.db, context.snapshot).map((t) => ({ ...t, statuses: statuses.get(t.id) ?? [] })),
      gaps: [...iterateGaps(context.db, context.snapshot)].filter((gap) => !gap.op.startsWith('aws.kms.')),
    };
    cache.set(context, known);
  }
  return known;
}

function placesOf(context: ControlContext): Place[] {
  const places = new Map<string, Place>();
  const add = (account: string, region: string, hasKeys: boolean, provider: string): void => {
    const id = `${account}/${region}`;
    const known = places.get(id);
    places.set(id, { account, region, id, provider, hasKeys: hasKeys || (known?.hasKeys ?? false) });
  };
  for (const region of regions(context.db, context.snapshot)) {
    if (region.collected === 1) add(region.account, region.name, false, 'aws');
  }
  for (const key of context.keys) add(key.account, key.region, key.manager !== 'provider', key.provider);
  return [...places.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Accounts and Regions of AWS: what trails and EventBridge rules are asked about. */
export function awsPlaces(context: ControlContext): Place[] {
  return logging(context).places.filter((place) => place.provider === 'aws');
}

/** Whether a trail's reach includes a place, logging or not. */
export function reaches(trail: TrailRow, place: Place): boolean {
  const account = trail.account === place.account || trail.organization === 1;
  return account && (trail.multi_region === 1 || trail.home_region === place.region);
}

/** What a trail says of its logging: in the place's Region, else at home. */
export function statusAt(trail: TrailWithStatus, region: string): TrailStatusRow | undefined {
  return (
    trail.statuses.find((row) => row.region === region && row.status === 'ok') ??
    trail.statuses.find((row) => row.region === trail.home_region && row.status === 'ok') ??
    trail.statuses.find((row) => row.region === region) ??
    trail.statuses[0]
  );
}

/** The gap of an operation in a place, or of the whole place; undefined when it was answered. */
export function gapAt(
  context: ControlContext,
  action: string,
  scope: string,
  subject?: string,
): GapRow | undefined {
  return logging(context).gaps.find(
    (gap) =>
      gap.op.endsWith(`.${action}`) &&
      gap.scope === scope &&
      (subject === undefined || gap.subject === subject || gap.subject === ''),
  );
}
