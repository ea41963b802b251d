import type { Region } from '@aws-sdk/client-account';
import type { SourceRun } from '../../collect/source-run.ts';
import type { AwsSource } from '../../engagement/engagement.ts';
import { account } from './operations/index.ts';
import { allPages } from './pages.ts';
import { homeRegion } from './partition.ts';
import type { SignedIn } from './sign-in.ts';

/**
 * Regions that every account has without opting in
 * (https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html). Used only when the account's own
 * list cannot be read, and then said to be an assumption.
 */
const DEFAULT_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
];

/**
 * Which regions to collect: those the source names, else all that are enabled. Every enabled region that is not
 * collected is noted; so are regions that are turned off, which hold keys that nobody can use or see.
 */
export async function collectRegions(run: SourceRun<AwsSource>, signedIn: SignedIn): Promise<string[]> {
  const wanted = run.source.regions;
  const { pages, complete } = await allPages(
    (NextToken) =>
      signedIn.ask(
        account.listRegions,
        { MaxResults: 50, ...(NextToken && { NextToken }) },
        { region: homeRegion(wanted) },
      ),
    (page) => page.NextToken,
  );
  if (!complete) return assumedRegions(run, signedIn, wanted);

  const all = pages.flatMap((page) => page.Regions ?? []);
  const enabled = all.filter(isEnabled).map((r) => r.RegionName!);
  const collected = wanted ?? enabled;
  for (const region of all) {
    if (collected.includes(region.RegionName!)) continue;
    await run.asking.note({
      scope: `${signedIn.account}/${region.RegionName!}`,
      op: null,
      ...(isEnabled(region)
        ? {
            what: 'region-not-collected',
            reason: 'it is enabled in the account, but not a region of the source',
          }
        : {
            what: 'region-not-enabled',
            reason: `it is not enabled in the account (${region.RegionOptStatus})`,
          }),
      from: null,
      to: null,
    });
  }
  return [...collected];
}

async function assumedRegions(
  run: SourceRun<AwsSource>,
  signedIn: SignedIn,
  wanted: readonly string[] | null,
): Promise<string[]> {
  await run.asking.note({
    scope: `${signedIn.account}/global`,
    op: account.listRegions.id,
    what: 'regions-assumed',
    from: null,
    to: null,
    reason: wanted
      ? 'the account’s regions could not be listed: only the regions of the source are collected'
      : 'the account’s regions could not be listed: the regions every account has are collected',
  });
  const partition = homeRegion(wanted);
  if (wanted) return [...wanted];
  return partition === 'us-east-1' ? DEFAULT_REGIONS : [partition];
}

function isEnabled(region: Region): boolean {
  return region.RegionOptStatus === 'ENABLED' || region.RegionOptStatus === 'ENABLED_BY_DEFAULT';
}
