import type { CollectSettings } from '../../engagement/collection.ts';
import type { AwsSource, Period } from '../../engagement/engagement.ts';
import { plannedCall, type PlannedCall } from '../../collect/plan.ts';
import { keyChangeEvents, trailChangeEvents } from './event-names.ts';
import {
  account,
  cloudtrail,
  cloudwatch,
  events,
  iam,
  identitystore,
  kms,
  logs,
  s3,
  sso,
  sts,
} from './operations/index.ts';
import type { AwsOperation } from './operation.ts';

/** What is known about an account before it is collected: from a connection test, or an earlier snapshot. */
export interface KnownAccount {
  regions?: readonly string[];
  /** Keys by region, also AWS managed ones. */
  keys?: Readonly<Record<string, number>>;
  trails?: number;
  /** Log and digest files of the period. */
  logFiles?: number;
}

/** Assumptions of a plan where nothing is known; the plan says so. */
const ASSUMED = {
  permissionSets: 10,
  members: 10,
  regions: 17,
  keysPerRegion: 20,
  trails: 1,
  logFilesPerRegionDay: 100,
};
const DIGESTS_PER_REGION_DAY = 24;
const EVENTS_PER_PAGE = 50;

/** The calls that collecting an AWS source takes, by operation and region, before any is made. */
export function planAws(
  source: AwsSource,
  period: Period,
  settings: Pick<CollectSettings, 'quotas' | 'usageEventBudget'>,
  known: KnownAccount = {},
): PlannedCall[] {
  const named = source.regions ?? known.regions ?? null;
  const regions = named ?? Array.from({ length: ASSUMED.regions }, (_, i) => `region-${i + 1}`);
  const regionGuess = named ? null : `${ASSUMED.regions} regions assumed until the account is asked`;
  const trails = known.trails ?? ASSUMED.trails;
  const trailGuess = known.trails === undefined ? `${ASSUMED.trails} trail assumed` : null;
  const plan: PlannedCall[] = [];
  const add = (op: AwsOperation<never>, scope: string, calls: number, estimate: string | null) =>
    plan.push(plannedCall(source.id, op, scope, calls, estimate, settings.quotas));

  add(sts.getCallerIdentity, 'global', source.assumeRole ? 2 : 1, null);
  if (source.assumeRole) add(sts.assumeRole, 'global', 1, 'one for each hour it takes');
  add(account.listRegions, 'global', 1, null);
  add(iam.getAccountAuthorizationDetails, 'global', 2, 'one for each thousand users, roles and policies');

  const center = regions[0]!;
  const answered = 'answered in the management account or to a delegated administrator';
  add(sso.listInstances, center, 1, null);
  add(sso.listPermissionSetsProvisionedToAccount, center, 1, 'one for each account');
  for (const op of [sso.describePermissionSet, sso.listAccountAssignments])
    add(op, center, ASSUMED.permissionSets, `${ASSUMED.permissionSets} permission sets assumed; ${answered}`);
  for (const op of [
    identitystore.describeGroup,
    identitystore.listGroupMemberships,
    identitystore.describeUser,
  ])
    add(op, center, ASSUMED.members, `${ASSUMED.members} groups and people assumed; ${answered}`);

  for (const region of regions) {
    const keys = known.keys?.[region];
    const count = keys ?? ASSUMED.keysPerRegion;
    const guess =
      keys === undefined ? `${ASSUMED.keysPerRegion} keys assumed until they are listed` : regionGuess;
    add(kms.listKeys, region, 2 * Math.max(1, Math.ceil(count / 1000)), guess);
    add(kms.listAliases, region, Math.max(1, Math.ceil(count / 100)), guess);
    add(kms.describeCustomKeyStores, region, 1, regionGuess);
    for (const op of [
      kms.describeKey,
      kms.getKeyPolicy,
      kms.listGrants,
      kms.listResourceTags,
      kms.getKeyLastUsage,
    ])
      add(op, region, count, guess);
    for (const op of [kms.getKeyRotationStatus, kms.listKeyRotations])
      add(op, region, count, guess ?? 'fewer: only keys that can rotate');
    for (const op of [cloudtrail.describeTrails, cloudtrail.listPublicKeys, cloudtrail.listEventDataStores])
      add(op, region, 1, regionGuess);
    add(cloudtrail.getTrailStatus, region, trails, trailGuess);
    add(events.listRules, region, 1, regionGuess);
    add(events.listTargetsByRule, region, 2, 'one for each rule about keys');
    const lookups = keyChangeEvents.length + trailChangeEvents.length;
    const uses = Math.ceil(settings.usageEventBudget / EVENTS_PER_PAGE);
    add(cloudtrail.lookupEvents, region, lookups + uses, 'one more for each fifty events');
  }

  const home = regions[0]!;
  for (const op of [cloudtrail.getEventSelectors, cloudtrail.getInsightSelectors, cloudtrail.listTags])
    add(op, home, trails, trailGuess);
  for (const op of [logs.describeLogGroups, logs.describeMetricFilters, cloudwatch.describeAlarms])
    add(op, home, 1, 'when a trail delivers to CloudWatch Logs');
  for (const op of [
    s3.getBucketLocation,
    s3.getBucketPolicy,
    s3.getBucketVersioning,
    s3.getObjectLockConfiguration,
    s3.getBucketEncryption,
    s3.getPublicAccessBlock,
    s3.getBucketLogging,
    s3.getBucketLifecycle,
  ])
    add(op, home, trails, trailGuess);
  if (source.readLogFiles) planLogFiles(add, period, regions, home, known.logFiles);
  return plan;
}

function planLogFiles(
  add: (op: AwsOperation<never>, scope: string, calls: number, estimate: string | null) => void,
  period: Period,
  regions: readonly string[],
  home: string,
  known: number | undefined,
): void {
  const days = Math.ceil((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000) + 1;
  const perDay = ASSUMED.logFilesPerRegionDay + DIGESTS_PER_REGION_DAY;
  add(s3.listObjects, home, 2 + 2 * days * regions.length, 'one more for each thousand files of a day');
  add(
    s3.getObject,
    home,
    known ?? days * regions.length * perDay,
    known === undefined ? `${perDay} files for each region and day assumed` : null,
  );
}
