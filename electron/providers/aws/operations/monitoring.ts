import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand, DescribeMetricFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { awsOperation, json } from '../operation.ts';

const rules = { perSecond: 50, source: 'Amazon EventBridge quotas (default, adjustable)' };

export const events = {
  listRules: awsOperation({
    service: 'events',
    command: ListRulesCommand,
    action: 'ListRules',
    permissions: ['events:ListRules'],
    scopeKind: 'region',
    purpose: 'Rules that react to events: an alert on DisableKey, ScheduleKeyDeletion or PutKeyPolicy.',
    answer: json('Rules'),
    quota: rules,
    docs: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html',
  }),
  listTargetsByRule: awsOperation({
    service: 'events',
    command: ListTargetsByRuleCommand,
    action: 'ListTargetsByRule',
    permissions: ['events:ListTargetsByRule'],
    scopeKind: 'region',
    purpose: 'Whom a rule about keys tells.',
    answer: json('Targets'),
    quota: rules,
    docs: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html',
  }),
};

export const logs = {
  describeLogGroups: awsOperation({
    service: 'logs',
    command: DescribeLogGroupsCommand,
    action: 'DescribeLogGroups',
    permissions: ['logs:DescribeLogGroups'],
    scopeKind: 'region',
    purpose: 'How long the log group of a trail keeps its events.',
    answer: json('logGroups'),
    quota: { perSecond: 10, source: 'Amazon CloudWatch Logs quotas' },
    docs: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html',
  }),
  describeMetricFilters: awsOperation({
    service: 'logs',
    command: DescribeMetricFiltersCommand,
    action: 'DescribeMetricFilters',
    permissions: ['logs:DescribeMetricFilters'],
    scopeKind: 'region',
    purpose: 'Which patterns in the log group of a trail are counted, so that an alarm can follow.',
    answer: json('metricFilters'),
    quota: { perSecond: 5, source: 'Amazon CloudWatch Logs quotas' },
    docs: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeMetricFilters.html',
  }),
};

export const cloudwatch = {
  describeAlarms: awsOperation({
    service: 'cloudwatch',
    command: DescribeAlarmsCommand,
    action: 'DescribeAlarms',
    permissions: ['cloudwatch:DescribeAlarms'],
    scopeKind: 'region',
    purpose: 'Alarms on those metrics, and whom they tell.',
    answer: json(),
    quota: { perSecond: 9, source: 'Amazon CloudWatch quotas' },
    docs: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html',
  }),
};
