import type { Trail } from '@aws-sdk/client-cloudtrail';
import { all } from '../../collect/for-each.ts';
import { scopeOf, type AwsRun } from './aws-run.ts';
import { cloudwatch, events, logs } from './operations/index.ts';
import { allPages } from './pages.ts';

/** Alerts on key changes: event rules in every region, and metric filters with alarms on the trails' log groups. */
export async function collectMonitoring(aws: AwsRun, trails: readonly Trail[]): Promise<void> {
  await all([...aws.regions.map((region) => collectRules(aws, region)), collectLogGroups(aws, trails)]);
}

async function collectRules(aws: AwsRun, region: string): Promise<void> {
  const { pages } = await allPages(
    (NextToken) => aws.ask(events.listRules, { Limit: 100, ...(NextToken && { NextToken }) }, { region }),
    (page) => page.NextToken,
  );
  const rules = pages.flatMap((page) => page.Rules ?? []).filter(concernsKeys);
  await all(
    rules.map((rule) =>
      allPages(
        (NextToken) =>
          aws.ask(
            events.listTargetsByRule,
            {
              Rule: rule.Name,
              ...(rule.EventBusName && { EventBusName: rule.EventBusName }),
              ...(NextToken && { NextToken }),
            },
            { region },
          ),
        (page) => page.NextToken,
      ),
    ),
  );
}

/** A rule whose pattern speaks of KMS or of CloudTrail, or matches every API call. */
function concernsKeys(rule: { EventPattern?: string | undefined }): boolean {
  return /kms|cloudtrail|AWS API Call/i.test(rule.EventPattern ?? '');
}

async function collectLogGroups(aws: AwsRun, trails: readonly Trail[]): Promise<void> {
  const groups = new Set(trails.flatMap((trail) => trail.CloudWatchLogsLogGroupArn ?? []));
  const regions = new Set<string>();
  await all(
    [...groups].sort().map(async (arn) => {
      const [, , , region = '', account = '', , name = ''] = arn.split(':');
      if (account !== aws.account) {
        await aws.run.asking.note({
          scope: scopeOf(aws, region),
          op: logs.describeLogGroups.id,
          what: 'other-account',
          from: null,
          to: null,
          reason: `the log group ${name} belongs to account ${account}`,
        });
        return;
      }
      regions.add(region);
      await all([
        aws.ask(logs.describeLogGroups, { logGroupNamePrefix: name, limit: 50 }, { region }),
        allPages(
          (nextToken) =>
            aws.ask(
              logs.describeMetricFilters,
              { logGroupName: name, ...(nextToken && { nextToken }) },
              { region },
            ),
          (page) => page.nextToken,
        ),
      ]);
    }),
  );
  await all([...regions].map((region) => collectAlarms(aws, region)));
}

async function collectAlarms(aws: AwsRun, region: string): Promise<void> {
  await allPages(
    (NextToken) =>
      aws.ask(
        cloudwatch.describeAlarms,
        { AlarmTypes: ['MetricAlarm'], MaxRecords: 100, ...(NextToken && { NextToken }) },
        { region },
      ),
    (page) => page.NextToken,
  );
}
