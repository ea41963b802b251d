import type { Frame } from './frame.ts';
import { trailKeyArn } from './catalogue-lifecycle.ts';
import type { People } from './people.ts';
import type {
  Alarm,
  Bucket,
  Change,
  Company,
  EventRule,
  LogGroup,
  MetricFilter,
  PolicyDocument,
  Trail,
} from './types.ts';

export const ORGANIZATION_BUCKET = 'meridian-organization-trail';
export const LOCAL_BUCKET = 'meridian-ops-trail';
const HOME = 'eu-central-1';

type Logging = Pick<Company, 'trails' | 'buckets' | 'eventRules' | 'logGroups' | 'metricFilters' | 'alarms'>;

/** Where events go and who is told: trails, their buckets, rules and alarms. Adds the trails' own changes to the history. */
export function buildLogging(frame: Frame, people: People, history: Change[]): Logging {
  const trails = buildTrails(frame, people);
  logTrailChanges(frame, people, history, trails);
  return { trails, buckets: buildBuckets(frame), ...buildAlerts(frame) };
}

function buildTrails(frame: Frame, people: People): Trail[] {
  const arn = (account: string, region: string, name: string): string =>
    `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;
  const usual = { DataResources: [], ReadWriteType: 'All' as const, IncludeManagementEvents: true };
  return [
    {
      name: 'meridian-organization',
      arn: arn(frame.security, HOME, 'meridian-organization'),
      accountId: frame.security,
      homeRegion: HOME,
      bucket: ORGANIZATION_BUCKET,
      multiRegion: true,
      organization: true,
      includeGlobalServiceEvents: true,
      logFileValidation: true,
      kmsKeyArn: trailKeyArn(frame),
      eventSelectors: [{ ...usual, ExcludeManagementEventSources: [] }],
      insightTypes: ['ApiCallRateInsight'],
      createdAt: frame.daysAgo(1040, 'organization-trail'),
      stopped: [],
      tags: { Owner: 'Ines Carvalho', System: 'logging' },
    },
    // Believed by operations to log everything; it leaves all KMS events out.
    {
      name: 'ops-us-east-1',
      arn: arn(frame.production, 'us-east-1', 'ops-us-east-1'),
      accountId: frame.production,
      homeRegion: 'us-east-1',
      bucket: LOCAL_BUCKET,
      prefix: 'ops',
      multiRegion: false,
      organization: false,
      includeGlobalServiceEvents: true,
      logFileValidation: false,
      logGroupArn: `arn:aws:logs:us-east-1:${frame.production}:log-group:cloudtrail/ops:*`,
      logGroupRoleArn: people.arn('cloudtrail-to-cloudwatch'),
      eventSelectors: [
        { ...usual, ExcludeManagementEventSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] },
      ],
      insightTypes: [],
      createdAt: frame.daysAgo(900, 'ops-trail'),
      stopped: [],
      tags: {},
    },
    {
      name: 'eu-west-1-audit',
      arn: arn(frame.production, 'eu-west-1', 'eu-west-1-audit'),
      accountId: frame.production,
      homeRegion: 'eu-west-1',
      bucket: LOCAL_BUCKET,
      prefix: 'eu-west-1',
      multiRegion: false,
      organization: false,
      includeGlobalServiceEvents: false,
      logFileValidation: true,
      advancedEventSelectors: [
        {
          Name: 'All management events',
          FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }],
        },
        {
          Name: 'Objects of the documents bucket',
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
            { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::meridian-customer-documents/'] },
          ],
        },
      ],
      insightTypes: [],
      createdAt: frame.daysAgo(760, 'eu-west-1-trail'),
      stopped: [{ from: frame.daysAgo(43, 'trail-stopped'), to: frame.daysAgo(39, 'trail-started') }],
      tags: { Owner: 'Tom Becker' },
    },
  ];
}

function logTrailChanges(frame: Frame, people: People, history: Change[], trails: Trail[]): void {
  const push = (
    at: number,
    trail: Trail,
    eventName: string,
    actor: string,
    requestParameters: Record<string, unknown>,
    responseElements: Record<string, unknown> | null,
  ): void => {
    history.push({
      at,
      accountId: trail.accountId,
      region: trail.homeRegion,
      eventSource: 'cloudtrail.amazonaws.com',
      eventName,
      eventType: 'AwsApiCall',
      actor: people.actor(actor),
      eventId: frame.random('trail-change', trail.name, eventName, at).uuid(),
      requestParameters,
      responseElements,
    });
  };
  for (const trail of trails) {
    const owner = trail.accountId === frame.security ? 'sso-security-admin' : 'tom.becker';
    push(
      trail.createdAt,
      trail,
      'CreateTrail',
      owner,
      {
        name: trail.name,
        s3BucketName: trail.bucket,
        isMultiRegionTrail: trail.multiRegion,
        enableLogFileValidation: trail.logFileValidation,
      },
      { name: trail.name, trailARN: trail.arn, s3BucketName: trail.bucket },
    );
    push(trail.createdAt + 30_000, trail, 'StartLogging', owner, { name: trail.arn }, null);
    for (const pause of trail.stopped) {
      push(pause.from, trail, 'StopLogging', 'tom.becker', { name: trail.arn }, null);
      if (pause.to !== undefined)
        push(pause.to, trail, 'StartLogging', 'sso-key-admin', { name: trail.arn }, null);
    }
  }
}

const trailBucketPolicy = (frame: Frame, bucket: string, prefix: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'AWSCloudTrailAclCheck',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:GetBucketAcl',
      Resource: `arn:aws:s3:::${bucket}`,
    },
    {
      Sid: 'AWSCloudTrailWrite',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${bucket}/${prefix}AWSLogs/*`,
      Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});

function buildBuckets(frame: Frame): Bucket[] {
  const closed = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  return [
    {
      name: ORGANIZATION_BUCKET,
      accountId: frame.security,
      region: HOME,
      createdAt: frame.daysAgo(1045, ORGANIZATION_BUCKET),
      versioning: 'Enabled',
      mfaDelete: false,
      encryption: { algorithm: 'aws:kms', kmsKeyArn: trailKeyArn(frame), bucketKey: true },
      policy: trailBucketPolicy(frame, ORGANIZATION_BUCKET, ''),
      publicAccessBlock: closed,
      lifecycle: [
        {
          id: 'archive-then-expire',
          enabled: true,
          prefix: '',
          transitions: [{ days: 90, storageClass: 'GLACIER_IR' }],
          expirationDays: 2555,
          noncurrentExpirationDays: 30,
        },
      ],
      logging: { targetBucket: 'meridian-access-logs', targetPrefix: 'organization-trail/' },
      tags: { Owner: 'Ines Carvalho', DataClass: 'Restricted' },
    },
    {
      name: LOCAL_BUCKET,
      accountId: frame.production,
      region: 'us-east-1',
      createdAt: frame.daysAgo(905, LOCAL_BUCKET),
      versioning: 'Never',
      mfaDelete: false,
      encryption: { algorithm: 'AES256', bucketKey: false },
      policy: trailBucketPolicy(frame, LOCAL_BUCKET, '*/'),
      publicAccessBlock: { ...closed, RestrictPublicBuckets: false },
      lifecycle: [{ id: 'expire', enabled: true, prefix: '', transitions: [], expirationDays: 180 }],
      tags: {},
    },
  ];
}

function buildAlerts(frame: Frame): {
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
      group(security, HOME, '/aws/lambda/siem-forwarder', 4_410_220, 365),
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
