import type { Trail } from '@aws-sdk/client-cloudtrail';
import { all } from '../../collect/for-each.ts';
import type { AwsRun } from './aws-run.ts';
import { cloudtrail } from './operations/index.ts';
import { allPages } from './pages.ts';

/** Longest list of trails that ListTags takes. */
const TAGS_AT_ONCE = 20;

/**
 * Trails that log the collected regions, with their status in each region and what they log. A multi-Region or
 * organisation trail shows up in every region it logs; it is listed once here.
 */
export async function collectTrails(aws: AwsRun): Promise<Trail[]> {
  const found = new Map<string, Trail>();
  await all(
    aws.regions.map(async (region) => {
      const answer = await aws.ask(cloudtrail.describeTrails, { includeShadowTrails: true }, { region });
      const trails = answer.ok ? (answer.output.trailList ?? []) : [];
      for (const trail of trails) if (trail.TrailARN) found.set(trail.TrailARN, trail);
      await all([
        // Logging is on or off in each region by itself.
        ...trails.map((trail) => aws.ask(cloudtrail.getTrailStatus, { Name: trail.TrailARN! }, { region })),
        allPages(
          (NextToken) => aws.ask(cloudtrail.listEventDataStores, NextToken ? { NextToken } : {}, { region }),
          (page) => page.NextToken,
        ),
        collectPublicKeys(aws, region),
      ]);
    }),
  );
  const trails = [...found.values()].sort((a, b) => (a.TrailARN! < b.TrailARN! ? -1 : 1));
  await all([...trails.map((trail) => collectSelectors(aws, trail)), collectTags(aws, trails)]);
  return trails;
}

async function collectSelectors(aws: AwsRun, trail: Trail): Promise<void> {
  const where = { region: trail.HomeRegion ?? aws.regions[0]! };
  await all([
    aws.ask(cloudtrail.getEventSelectors, { TrailName: trail.TrailARN }, where),
    aws.ask(cloudtrail.getInsightSelectors, { TrailName: trail.TrailARN }, where),
  ]);
}

/** Tags are answered for trails of one home region and of the own account. */
async function collectTags(aws: AwsRun, trails: readonly Trail[]): Promise<void> {
  const own = trails.filter((trail) => trail.TrailARN!.split(':')[4] === aws.account);
  const byRegion = Map.groupBy(own, (trail) => trail.HomeRegion ?? aws.regions[0]!);
  await all(
    [...byRegion].flatMap(([region, members]) => {
      const arns = members.map((trail) => trail.TrailARN!);
      const parts = Array.from({ length: Math.ceil(arns.length / TAGS_AT_ONCE) }, (_, i) =>
        arns.slice(i * TAGS_AT_ONCE, (i + 1) * TAGS_AT_ONCE),
      );
      return parts.map((ResourceIdList) =>
        allPages(
          (NextToken) =>
            aws.ask(cloudtrail.listTags, { ResourceIdList, ...(NextToken && { NextToken }) }, { region }),
          (page) => page.NextToken,
        ),
      );
    }),
  );
}

/** Public keys are per region; a digest can be signed some time after the hours it covers. */
async function collectPublicKeys(aws: AwsRun, region: string): Promise<void> {
  const { from, to } = aws.run.period;
  const StartTime = new Date(Date.parse(from) - 60 * 60_000);
  const end = Math.min(Date.parse(to) + 26 * 60 * 60_000, aws.run.startedAt.getTime());
  const EndTime = new Date(Math.max(end, StartTime.getTime()));
  await allPages(
    (NextToken) =>
      aws.ask(cloudtrail.listPublicKeys, { StartTime, EndTime, ...(NextToken && { NextToken }) }, { region }),
    (page) => page.NextToken,
  );
}
