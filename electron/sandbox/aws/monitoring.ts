import { AwsError } from '../server/aws-error.ts';
import {
  allow,
  optionalText,
  pageOf,
  pageSize,
  requiredText,
  seconds,
  type Call,
  type JsonOperation,
} from './call.ts';

/** Alerts and their targets: EventBridge, CloudWatch alarms, CloudWatch Logs. Read operations only. */

const here = <T extends { accountId: string; region: string }>(call: Call, list: T[]): T[] =>
  list.filter((item) => item.accountId === call.caller.accountId && item.region === call.region);
const place = (call: Call, list: string): string => `${list} ${call.caller.accountId} ${call.region}`;

/** Target prefix AWSEvents. */
export const eventBridgeOperations: Record<string, JsonOperation> = {
  ListRules(call, input) {
    allow(call, 'events:ListRules');
    const bus = optionalText(input, 'EventBusName') ?? 'default';
    if (bus !== 'default')
      throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    const prefix = optionalText(input, 'NamePrefix') ?? '';
    const rules = here(call, call.company.eventRules).filter((rule) => rule.name.startsWith(prefix));
    const size = pageSize(input.Limit, 'Limit', { min: 1, max: 100, usual: 100 });
    const { page, next } = pageOf(
      rules,
      size,
      optionalText(input, 'NextToken'),
      place(call, `rules ${prefix}`),
      () => new AwsError('ValidationException', 'Invalid NextToken'),
    );
    return {
      Rules: page.map((rule) => ({
        Name: rule.name,
        Arn: rule.arn,
        ...(rule.eventPattern === undefined ? {} : { EventPattern: rule.eventPattern }),
        State: rule.state,
        Description: rule.description,
        ...(rule.scheduleExpression === undefined ? {} : { ScheduleExpression: rule.scheduleExpression }),
        EventBusName: rule.eventBusName,
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },

  ListTargetsByRule(call, input) {
    const name = requiredText(input, 'Rule');
    allow(
      call,
      'events:ListTargetsByRule',
      `arn:aws:events:${call.region}:${call.caller.accountId}:rule/${name}`,
    );
    const rule = here(call, call.company.eventRules).find((candidate) => candidate.name === name);
    if (!rule)
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
    return { Targets: rule.targets.map((target) => ({ Id: target.id, Arn: target.arn })) };
  },
};

/** Target prefix GraniteServiceVersion20100801, AWS JSON 1.0. */
export const cloudWatchOperations: Record<string, JsonOperation> = {
  DescribeAlarms(call, input) {
    allow(call, 'cloudwatch:DescribeAlarms');
    const prefix = optionalText(input, 'AlarmNamePrefix') ?? '';
    const names = Array.isArray(input.AlarmNames) ? input.AlarmNames.map(String) : undefined;
    const alarms = here(call, call.company.alarms).filter(
      (alarm) => alarm.name.startsWith(prefix) && (names?.includes(alarm.name) ?? true),
    );
    const size = pageSize(input.MaxRecords, 'MaxRecords', { min: 1, max: 100, usual: 50 });
    const { page, next } = pageOf(
      alarms,
      size,
      optionalText(input, 'NextToken'),
      place(call, `alarms ${prefix}`),
      () => new AwsError('InvalidNextToken', 'The next token specified is invalid.'),
    );
    return {
      CompositeAlarms: [],
      MetricAlarms: page.map((alarm) => ({
        AlarmName: alarm.name,
        AlarmArn: alarm.arn,
        AlarmDescription: alarm.description,
        AlarmConfigurationUpdatedTimestamp: seconds(alarm.updatedAt),
        ActionsEnabled: alarm.actionsEnabled,
        OKActions: [],
        AlarmActions: alarm.actions,
        InsufficientDataActions: [],
        StateValue: alarm.state,
        StateReason:
          'Threshold Crossed: no datapoints were received and the missing data are treated as not breaching.',
        StateUpdatedTimestamp: seconds(alarm.updatedAt + 60_000),
        MetricName: alarm.metricName,
        Namespace: alarm.metricNamespace,
        Statistic: 'Sum',
        Dimensions: [],
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
};

/** Target prefix Logs_20140328. Times are milliseconds here, not seconds. */
export const logsOperations: Record<string, JsonOperation> = {
  DescribeLogGroups(call, input) {
    allow(call, 'logs:DescribeLogGroups');
    const prefix = optionalText(input, 'logGroupNamePrefix') ?? '';
    const groups = here(call, call.company.logGroups).filter((group) => group.name.startsWith(prefix));
    const { page, next } = pageOf(
      groups,
      pageSize(input.limit, 'limit', { min: 1, max: 50, usual: 50 }),
      optionalText(input, 'nextToken'),
      place(call, `groups ${prefix}`),
      badToken,
    );
    return {
      logGroups: page.map((group) => ({
        logGroupName: group.name,
        creationTime: group.createdAt,
        ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
        metricFilterCount: here(call, call.company.metricFilters).filter(
          (filter) => filter.logGroupName === group.name,
        ).length,
        arn: group.arn,
        storedBytes: group.storedBytes,
        ...(group.kmsKeyArn === undefined ? {} : { kmsKeyId: group.kmsKeyArn }),
        logGroupClass: 'STANDARD',
        logGroupArn: group.arn.replace(/:\*$/, ''),
      })),
      ...(next === undefined ? {} : { nextToken: next }),
    };
  },

  DescribeMetricFilters(call, input) {
    allow(call, 'logs:DescribeMetricFilters');
    const name = optionalText(input, 'logGroupName');
    if (name !== undefined && !here(call, call.company.logGroups).some((group) => group.name === name)) {
      throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    }
    const prefix = optionalText(input, 'filterNamePrefix') ?? '';
    const filters = here(call, call.company.metricFilters).filter(
      (filter) => (name ?? filter.logGroupName) === filter.logGroupName && filter.name.startsWith(prefix),
    );
    const { page, next } = pageOf(
      filters,
      pageSize(input.limit, 'limit', { min: 1, max: 50, usual: 50 }),
      optionalText(input, 'nextToken'),
      place(call, `filters ${name} ${prefix}`),
      badToken,
    );
    return {
      metricFilters: page.map((filter) => ({
        filterName: filter.name,
        filterPattern: filter.pattern,
        metricTransformations: [
          { metricName: filter.metricName, metricNamespace: filter.metricNamespace, metricValue: '1' },
        ],
        creationTime: filter.createdAt,
        logGroupName: filter.logGroupName,
      })),
      ...(next === undefined ? {} : { nextToken: next }),
    };
  },
};

const badToken = (): AwsError =>
  new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
