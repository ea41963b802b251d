import { trailKeyArn } from './catalogue-lifecycle.ts';
import { LOCAL_BUCKET, ORGANIZATION_BUCKET, TRAIL_HOME } from './buckets.ts';
import type { Frame } from './frame.ts';
import type { People } from './people.ts';
import type { Change, Trail } from './types.ts';

/** The three trails: one that logs everything, one without KMS, one that was stopped for some days. */
export function buildTrails(frame: Frame, people: People): Trail[] {
  const arn = (account: string, region: string, name: string): string =>
    `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;
  const usual = { DataResources: [], ReadWriteType: 'All' as const, IncludeManagementEvents: true };
  return [
    {
      name: 'meridian-organization',
      arn: arn(frame.security, TRAIL_HOME, 'meridian-organization'),
      accountId: frame.security,
      homeRegion: TRAIL_HOME,
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

/** Creation, starts and stops of the trails, as CloudTrail logs them. */
export function logTrailChanges(frame: Frame, people: People, history: Change[], trails: Trail[]): void {
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
