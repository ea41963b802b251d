import { TRAIL_HOME } from './buckets.ts';
import type { Frame } from './frame.ts';
import type { Alarm, EventRule, LogGroup, MetricFilter } from './types.ts';

/** Who is told when a key changes: rules, log groups, metric filters and alarms, with holes. */
export function buildAlerts(frame: Frame): {
  eventRules: EventRule[];
  logGroups: LogGroup[];
  metricFilters: MetricFilter[];
  alarms: Alarm[];
} {
  const { production, security } = frame;
  const rule = (
    accountId: string,
    region: string,
    name: string,
    description: string,
    eventNames: string[] | undefined,
    target: string,
    state: EventRule['state'] = 'ENABLED',
  ): EventRule => ({
    accountId,
    region,
    name,
    arn: `arn:aws:events:${region}:${accountId}:rule/${name}`,
    description,
    eventBusName: 'default',
    state,
    ...(eventNames === undefined
      ? { scheduleExpression: 'rate(1 day)' }
      : {
          eventPattern: JSON.stringify({
            source: ['aws.kms'],
            'detail-type': ['AWS API Call via CloudTrail'],
            detail: { eventSource: ['kms.amazonaws.com'], eventName: eventNames },
          }),
        }),
    targets: [{ id: 'Id1', arn: target }],
  });
  const topic = (account: string, region: string): string =>
    `arn:aws:sns:${region}:${account}:security-alerts`;
  const group = (
    accountId: string,
    region: string,
    name: string,
    storedBytes: number,
    retentionDays?: number,
  ): LogGroup => ({
    accountId,
    region,
    name,
    arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`,
    createdAt: frame.daysAgo(880, 'log-group', name),
    storedBytes,
    ...(retentionDays === undefined ? {} : { retentionDays }),
  });
  const filter = (name: string, pattern: string): MetricFilter => ({
    accountId: production,
    region: 'us-east-1',
    logGroupName: 'cloudtrail/ops',
    name,
    pattern,
    createdAt: frame.daysAgo(870, 'metric-filter', name),
    metricName: name,
    metricNamespace: 'Security',
  });
  const alarm = (name: string, actionsEnabled: boolean): Alarm => ({
    accountId: production,
    region: 'us-east-1',
    name: `alarm-${name}`,
    arn: `arn:aws:cloudwatch:us-east-1:${production}:alarm:alarm-${name}`,
    description: `Raised when ${name} counts one event or more in five minutes`,
    actionsEnabled,
    actions: [topic(production, 'us-east-1')],
    metricName: name,
    metricNamespace: 'Security',
    updatedAt: frame.daysAgo(868, 'alarm', name),
    state: 'OK',
  });
  return {
    eventRules: [
      // PutKeyPolicy is missing: a policy opened to everybody raises nothing here.
      rule(
        production,
        'us-east-1',
        'kms-key-disabled-or-deleted',
        'Tells security when a key is disabled or scheduled for deletion',
        ['DisableKey', 'ScheduleKeyDeletion'],
        topic(production, 'us-east-1'),
      ),
      rule(
        production,
        'eu-central-1',
        'kms-key-changes',
        'Tells security about key changes',
        ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'],
        topic(production, 'eu-central-1'),
      ),
      rule(
        production,
        'eu-west-1',
        'kms-key-changes',
        'Switched off during the pallet sensor pilot',
        ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'],
        topic(production, 'eu-west-1'),
        'DISABLED',
      ),
      rule(
        production,
        'us-east-1',
        'nightly-rates',
        'Loads carrier rates',
        undefined,
        `arn:aws:lambda:us-east-1:${production}:function:load-rates`,
      ),
      ...frame.enabledRegions.map((region) =>
        rule(
          security,
          region,
          'kms-key-changes',
          'Tells security about key changes',
          ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'],
          topic(security, region),
        ),
      ),
    ],
    logGroups: [
      group(production, 'us-east-1', 'cloudtrail/ops', 81_204_552_190, 180),
      group(production, 'us-east-1', '/aws/lambda/billing-batch', 9_120_441),
      group(production, 'us-east-1', '/aws/rds/orders', 1_220_118_300, 30),
      group(production, 'eu-west-1', '/aws/lambda/tracking-stream', 22_140_087, 14),
      group(security, TRAIL_HOME, '/aws/lambda/siem-forwarder', 4_410_220, 365),
    ],
    metricFilters: [
      filter(
        'KmsKeyDisabledOrDeleted',
        '{($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion))}',
      ),
      filter('KmsKeyPolicyChanged', '{($.eventSource = kms.amazonaws.com) && ($.eventName = PutKeyPolicy)}'),
      filter('RootSignIn', '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS }'),
    ],
    // The policy-change filter has no alarm.
    alarms: [alarm('KmsKeyDisabledOrDeleted', true), alarm('RootSignIn', false)],
  };
}
