import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailStatusCommand,
  ListEventDataStoresCommand,
  ListPublicKeysCommand,
  ListTagsCommand,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import { awsOperation, json } from '../operation.ts';

const read = {
  perSecond: 10,
  source: 'AWS CloudTrail quotas: Get, Describe and List, together',
  group: 'aws.cloudtrail.read',
};
const docs = (action: string) =>
  `https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_${action}.html`;
const common = { service: 'cloudtrail', scopeKind: 'region' } as const;

export const cloudtrail = {
  describeTrails: awsOperation({
    ...common,
    command: DescribeTrailsCommand,
    action: 'DescribeTrails',
    permissions: ['cloudtrail:DescribeTrails'],
    purpose: 'Which trails log the region, where they deliver, and whether log files are validated.',
    answer: json('trailList'),
    quota: read,
    docs: docs('DescribeTrails'),
  }),
  getTrailStatus: awsOperation({
    ...common,
    command: GetTrailStatusCommand,
    action: 'GetTrailStatus',
    permissions: ['cloudtrail:GetTrailStatus'],
    purpose: 'Whether a trail is logging in the region, and when it last delivered, started and stopped.',
    answer: json('IsLogging'),
    quota: read,
    docs: docs('GetTrailStatus'),
  }),
  getEventSelectors: awsOperation({
    ...common,
    command: GetEventSelectorsCommand,
    action: 'GetEventSelectors',
    permissions: ['cloudtrail:GetEventSelectors'],
    purpose: 'Which events a trail logs: whether it leaves out KMS events.',
    answer: json('TrailARN'),
    quota: read,
    docs: docs('GetEventSelectors'),
  }),
  getInsightSelectors: awsOperation({
    ...common,
    command: GetInsightSelectorsCommand,
    action: 'GetInsightSelectors',
    permissions: ['cloudtrail:GetInsightSelectors'],
    purpose: 'Whether unusual activity is watched for.',
    answer: json(),
    quota: read,
    notApplicable: [{ code: 'InsightNotEnabledException', meaning: 'the trail has no Insights' }],
    docs: docs('GetInsightSelectors'),
  }),
  listTags: awsOperation({
    ...common,
    command: ListTagsCommand,
    action: 'ListTags',
    permissions: ['cloudtrail:ListTags'],
    purpose: 'Tags of the trails: owner and purpose.',
    answer: json('ResourceTagList'),
    quota: read,
    docs: docs('ListTags'),
  }),
  listPublicKeys: awsOperation({
    ...common,
    command: ListPublicKeysCommand,
    action: 'ListPublicKeys',
    permissions: ['cloudtrail:ListPublicKeys'],
    purpose: 'The public keys that verify the signatures of digest files.',
    answer: json('PublicKeyList'),
    quota: read,
    docs: docs('ListPublicKeys'),
  }),
  listEventDataStores: awsOperation({
    ...common,
    command: ListEventDataStoresCommand,
    action: 'ListEventDataStores',
    permissions: ['cloudtrail:ListEventDataStores'],
    purpose: 'Whether events are also kept in CloudTrail Lake.',
    answer: json(),
    quota: read,
    docs: docs('ListEventDataStores'),
  }),
  lookupEvents: awsOperation({
    ...common,
    command: LookupEventsCommand,
    action: 'LookupEvents',
    permissions: ['cloudtrail:LookupEvents'],
    purpose: 'Changes and uses of keys in the last 90 days, from the event history of the region.',
    answer: json(),
    quota: { perSecond: 2, source: 'AWS CloudTrail quotas: LookupEvents, account and region' },
    notApplicable: [
      { code: 'InvalidNextTokenException', meaning: 'the page token had expired; the slice was asked again' },
    ],
    docs: docs('LookupEvents'),
  }),
};
