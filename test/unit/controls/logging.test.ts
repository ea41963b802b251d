import { describe, expect, it } from 'vitest';
import { keyChangeAlerts } from '../../../electron/controls/key-change-alerts.ts';
import { kmsEventsRecorded } from '../../../electron/controls/kms-events-recorded.ts';
import { logBucketProtected } from '../../../electron/controls/log-bucket-protected.ts';
import { logCoverage } from '../../../electron/controls/log-coverage.ts';
import { logDestinationApproved } from '../../../electron/controls/log-destination-approved.ts';
import { logRetention } from '../../../electron/controls/log-retention.ts';
import { logValidation } from '../../../electron/controls/log-validation.ts';
import { trailLogging } from '../../../electron/controls/trail-logging.ts';
import type { DigestResult } from '../../../electron/derive/log-facts.ts';
import { ACCOUNT, newAwsLedger, REGION, type AwsLedger } from '../../support/aws-ledger.ts';
import { answers, change, hole, logs } from '../../support/controls.ts';

const TRAIL = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/main`;
const PLACE = `${ACCOUNT}/${REGION}`;
const BUCKET = 'trail-logs';
const GROUP = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:trail`;

interface Setup {
  trail?: object | null;
  status?: object | string;
  selectors?: object | string;
  parameters?: object;
}

async function ledgerWith(setup: Setup = {}): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement(setup.parameters ?? {});
  await ledger.lists([1]);
  await ledger.describe(1);
  const trail = {
    ...{ Name: 'main', TrailARN: TRAIL, HomeRegion: REGION, S3BucketName: BUCKET, IsMultiRegionTrail: true },
    ...{ IncludeGlobalServiceEvents: true, IsOrganizationTrail: false, LogFileValidationEnabled: true },
    ...{ HasCustomEventSelectors: true, CloudWatchLogsLogGroupArn: `${GROUP}:*`, ...setup.trail },
  };
  await ledger.ok('aws.cloudtrail.DescribeTrails', {}, { trailList: setup.trail === null ? [] : [trail] });
  if (setup.trail === null) return ledger;
  const status = setup.status ?? { IsLogging: true, LatestDeliveryTime: 1782800000 };
  if (typeof status === 'string')
    await ledger.fails('aws.cloudtrail.GetTrailStatus', { Name: TRAIL }, status);
  else await ledger.ok('aws.cloudtrail.GetTrailStatus', { Name: TRAIL }, status);
  const selectors = setup.selectors ?? basic();
  if (typeof selectors === 'string')
    await ledger.fails('aws.cloudtrail.GetEventSelectors', { TrailName: TRAIL }, selectors);
  else
    await ledger.ok(
      'aws.cloudtrail.GetEventSelectors',
      { TrailName: TRAIL },
      { TrailARN: TRAIL, ...selectors },
    );
  return ledger;
}

const basic = (more: object = {}) => ({
  EventSelectors: [
    {
      ReadWriteType: 'All',
      IncludeManagementEvents: true,
      DataResources: [],
      ExcludeManagementEventSources: [],
      ...more,
    },
  ],
});
const advanced = (...fields: object[]) => ({
  AdvancedEventSelectors: [
    { Name: 'any', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...fields] },
  ],
});
const trailChange = (event: string, at: string) =>
  change(event, at, { eventSource: 'cloudtrail.amazonaws.com', subject: TRAIL });
const outcome = (given: ReturnType<typeof answers>) => [given.collection.result, given.period.result];

describe('trail-logging', () => {
  const ask = (ledger: AwsLedger, read = logs()) =>
    answers(ledger, trailLogging, { subject: PLACE, logs: read });

  it('passes for a multi-Region trail that logs, throughout with complete logs', async () => {
    expect(outcome(ask(await ledgerWith()))).toEqual(['pass', 'pass']);
  });

  it('is an exception without a trail, with a stopped one, and with one of a single Region', async () => {
    expect(outcome(ask(await ledgerWith({ trail: null })))).toEqual(['exception', 'exception']);
    expect(outcome(ask(await ledgerWith({ status: { IsLogging: false } })))[0]).toBe('exception');
    const single = ask(await ledgerWith({ trail: { IsMultiRegionTrail: false } }));
    expect(single.collection.reason).toContain('not multi-Region');
  });

  it('finds the days on which logging was stopped', async () => {
    const paused = logs([
      trailChange('StopLogging', '2026-03-01'),
      trailChange('StartLogging', '2026-03-05'),
    ]);
    const given = ask(await ledgerWith(), paused);
    expect(outcome(given)).toEqual(['pass', 'exception']);
    expect(given.period.reason).toContain('not logging from 2026-03-01 to 2026-03-05');
  });

  it('is undetermined when trails or their status were refused', async () => {
    const status = ask(await ledgerWith({ status: 'AccessDeniedException' }));
    expect(outcome(status)).toEqual(['undetermined', 'undetermined']);
    expect(status.collection.code).toBe('AccessDeniedException');
    const ledger = newAwsLedger();
    await ledger.engagement();
    await ledger.lists([1]);
    await ledger.describe(1);
    await ledger.fails('aws.cloudtrail.DescribeTrails', {}, 'AccessDeniedException');
    expect(ask(ledger).collection).toMatchObject({ result: 'undetermined', code: 'AccessDeniedException' });
  });
});

describe('kms-events-recorded', () => {
  const ask = (ledger: AwsLedger, read = logs()) =>
    answers(ledger, kmsEventsRecorded, { subject: TRAIL, logs: read });

  it.each([
    ['all management events', basic(), 'pass'],
    [
      'KMS excluded by a basic selector',
      basic({ ExcludeManagementEventSources: ['kms.amazonaws.com'] }),
      'exception',
    ],
    ['write events only', basic({ ReadWriteType: 'WriteOnly' }), 'exception'],
    ['no management events', basic({ IncludeManagementEvents: false }), 'exception'],
    ['all by an advanced selector', advanced(), 'pass'],
    [
      'KMS excluded by an advanced selector',
      advanced({ Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }),
      'exception',
    ],
    [
      'reads and writes by two advanced selectors',
      {
        AdvancedEventSelectors: ['true', 'false'].flatMap(
          (v) => advanced({ Field: 'readOnly', Equals: [v] }).AdvancedEventSelectors,
        ),
      },
      'pass',
    ],
    ['one event name only', advanced({ Field: 'eventName', Equals: ['DisableKey'] }), 'exception'],
    [
      'data events only',
      { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }] },
      'exception',
    ],
  ])('reads selectors: %s', async (_, selectors, result) => {
    expect(ask(await ledgerWith({ selectors })).collection.result).toBe(result);
  });

  it('is undetermined when the selectors were refused, unless the trail has none of its own', async () => {
    const refused = ask(await ledgerWith({ selectors: 'AccessDeniedException' }));
    expect(outcome(refused)).toEqual(['undetermined', 'undetermined']);
    expect(refused.collection.code).toBe('AccessDeniedException');
    const plain = await ledgerWith({
      selectors: 'AccessDeniedException',
      trail: { HasCustomEventSelectors: false },
    });
    expect(ask(plain).collection.result).toBe('pass');
  });

  it('asks for the earlier selectors when they were changed', async () => {
    const changed = logs([trailChange('PutEventSelectors', '2026-03-01')]);
    expect(outcome(ask(await ledgerWith(), changed))).toEqual(['pass', 'evidence-required']);
    expect(outcome(ask(await ledgerWith()))).toEqual(['pass', 'pass']);
  });
});

describe('log-validation', () => {
  const digest = (result: DigestResult['result']): DigestResult => ({
    ...{ account: ACCOUNT, region: REGION, trail: TRAIL, result, reason: 'one file missing', seqs: [1] },
  });
  const ask = (ledger: AwsLedger, digests: DigestResult[] = []) =>
    answers(ledger, logValidation, { subject: TRAIL, logs: logs([], [], { digests: () => digests }) });

  it('passes when validation is on and every chain verifies', async () => {
    expect(outcome(ask(await ledgerWith(), [digest('valid')]))).toEqual(['pass', 'pass']);
  });

  it('is an exception when off, broken or with a gap; undetermined when digests were not read', async () => {
    expect(outcome(ask(await ledgerWith({ trail: { LogFileValidationEnabled: false } })))).toEqual([
      'exception',
      'exception',
    ]);
    expect(outcome(ask(await ledgerWith(), [digest('valid'), digest('gap')]))).toEqual(['pass', 'exception']);
    expect(outcome(ask(await ledgerWith(), [digest('invalid')]))).toEqual(['pass', 'exception']);
    expect(outcome(ask(await ledgerWith()))).toEqual(['pass', 'undetermined']);
    expect(outcome(ask(await ledgerWith(), [digest('not-validated')]))).toEqual(['pass', 'undetermined']);
  });
});

describe('log-bucket-protected', () => {
  const block = (restrict: boolean) =>
    `<PublicAccessBlockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>${restrict}</RestrictPublicBuckets></PublicAccessBlockConfiguration>`;
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const good: Record<string, string> = {
    GetPublicAccessBlock: block(true),
    GetBucketPolicy: policy({
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
    }),
    GetBucketVersioning: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
    GetBucketEncryption:
      '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>',
  };

  async function bucket(overrides: Record<string, string> = {}): Promise<AwsLedger> {
    const ledger = await ledgerWith();
    for (const [action, body] of Object.entries({
      ...good,
      GetObjectLockConfiguration: 'ObjectLockConfigurationNotFoundError',
      ...overrides,
    })) {
      if (/^[<{]/.test(body)) await ledger.ok(`aws.s3.${action}`, { Bucket: BUCKET }, body);
      else await ledger.fails(`aws.s3.${action}`, { Bucket: BUCKET }, body);
    }
    return ledger;
  }
  const ask = (ledger: AwsLedger, read = logs()) =>
    answers(ledger, logBucketProtected, { subject: BUCKET, logs: read });

  it('passes for a closed, versioned, encrypted bucket that nobody changed', async () => {
    expect(outcome(ask(await bucket()))).toEqual(['pass', 'pass']);
    const changed = logs([
      change('PutBucketPolicy', '2026-03-01', { eventSource: 's3.amazonaws.com', subject: BUCKET }),
    ]);
    expect(outcome(ask(await bucket(), changed))).toEqual(['pass', 'evidence-required']);
  });

  it.each([
    ['GetPublicAccessBlock', block(false), 'RestrictPublicBuckets off'],
    ['GetPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration', 'public access is not blocked'],
    [
      'GetBucketPolicy',
      policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' }),
      'allows everybody',
    ],
    ['GetBucketVersioning', '<VersioningConfiguration/>', 'neither versioning nor object lock'],
    ['GetBucketEncryption', 'ServerSideEncryptionConfigurationNotFoundError', 'no default encryption'],
  ])('is an exception: %s answers %s', async (action, body, words) => {
    const given = ask(await bucket({ [action]: body }));
    expect(outcome(given)).toEqual(['exception', 'exception']);
    expect(given.collection.reason).toContain(words);
  });

  it('is undetermined when a setting was refused', async () => {
    const given = ask(await bucket({ GetBucketVersioning: 'AccessDenied' }));
    expect(outcome(given)).toEqual(['undetermined', 'undetermined']);
    expect(given.collection.code).toBe('AccessDenied');
  });
});

describe('log-retention', () => {
  const rule = (days: number, prefix = '', status = 'Enabled') =>
    `<Rule><ID>r</ID><Filter><Prefix>${prefix}</Prefix></Filter><Status>${status}</Status><Expiration><Days>${days}</Days></Expiration></Rule>`;
  const ask = async (body: string, parameters = {}) => {
    const ledger = await ledgerWith({ parameters });
    if (body.startsWith('<'))
      await ledger.ok('aws.s3.GetBucketLifecycleConfiguration', { Bucket: BUCKET }, body);
    else await ledger.fails('aws.s3.GetBucketLifecycleConfiguration', { Bucket: BUCKET }, body);
    return answers(ledger, logRetention, { subject: BUCKET, logs: logs() });
  };
  const lifecycle = (...rules: string[]) =>
    `<LifecycleConfiguration>${rules.join('')}</LifecycleConfiguration>`;

  it('passes when nothing is deleted, or late enough, or elsewhere', async () => {
    expect(outcome(await ask('NoSuchLifecycleConfiguration'))).toEqual(['pass', 'pass']);
    expect(outcome(await ask(lifecycle(rule(400), rule(10, 'temporary/'), rule(1, '', 'Disabled'))))).toEqual(
      ['pass', 'pass'],
    );
  });

  it('is an exception below policy, and when the start of the period is gone already', async () => {
    expect(outcome(await ask(lifecycle(rule(400), rule(180))))).toEqual(['exception', 'exception']);
    const gone = await ask(lifecycle(rule(100)), { logRetentionDays: { value: 90, clause: '9' } });
    expect(gone.collection.reason).toContain('its first logs are gone');
  });

  it('is undetermined when the rules were refused', async () => {
    expect((await ask('AccessDenied')).collection).toMatchObject({
      result: 'undetermined',
      code: 'AccessDenied',
    });
  });

  it('judges the log group that a trail delivers to', async () => {
    const ledger = await ledgerWith();
    await ledger.ok(
      'aws.logs.DescribeLogGroups',
      {},
      { logGroups: [{ logGroupName: 'trail', arn: `${GROUP}:*`, retentionInDays: 30 }] },
    );
    expect(answers(ledger, logRetention, { subject: GROUP, logs: logs() }).collection.result).toBe(
      'exception',
    );
  });
});

describe('log-destination-approved', () => {
  const ask = async (value: string[], read = logs()) =>
    answers(
      await ledgerWith({ parameters: { approvedLogDestinations: { value, clause: '8' } } }),
      logDestinationApproved,
      { subject: TRAIL, logs: read },
    );

  it('passes for a bucket or log group on the list, and asks for the list when there is none', async () => {
    expect(outcome(await ask([`arn:aws:s3:::${BUCKET}`]))).toEqual(['pass', 'pass']);
    expect(outcome(await ask([GROUP]))).toEqual(['pass', 'pass']);
    expect(outcome(await ask(['siem']))).toEqual(['exception', 'exception']);
    expect(outcome(await ask([]))).toEqual(['evidence-required', 'evidence-required']);
    expect(outcome(await ask([BUCKET], logs([trailChange('UpdateTrail', '2026-02-01')])))).toEqual([
      'pass',
      'evidence-required',
    ]);
  });
});

describe('key-change-alerts', () => {
  const pattern = (names: string[] | undefined) =>
    JSON.stringify({
      source: ['aws.kms'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['kms.amazonaws.com'], ...(names ? { eventName: names } : {}) },
    });
  const ALL = ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'];

  async function rule(
    names: string[] | undefined,
    more: { State?: string; targets?: string[] | null } = {},
  ): Promise<AwsLedger> {
    const ledger = await ledgerWith();
    await ledger.ok(
      'aws.events.ListRules',
      {},
      {
        Rules: [
          {
            Name: 'r',
            EventBusName: 'default',
            State: more.State ?? 'ENABLED',
            EventPattern: pattern(names),
          },
        ],
      },
    );
    if (more.targets === null)
      await ledger.fails('aws.events.ListTargetsByRule', { Rule: 'r' }, 'AccessDeniedException');
    else
      await ledger.ok(
        'aws.events.ListTargetsByRule',
        { Rule: 'r' },
        { Targets: (more.targets ?? ['arn:aws:sns:x:y:z']).map((Arn, i) => ({ Id: `${i}`, Arn })) },
      );
    return ledger;
  }
  const ask = (ledger: AwsLedger, read = logs()) =>
    answers(ledger, keyChangeAlerts, { subject: PLACE, logs: read });

  it('passes for a rule on all three operations that tells somebody', async () => {
    expect(outcome(ask(await rule(ALL)))).toEqual(['pass', 'pass']);
    expect(ask(await rule(undefined)).collection.result).toBe('pass');
  });

  it('names the operation that nobody is told of', async () => {
    const given = ask(await rule(['DisableKey', 'ScheduleKeyDeletion']));
    expect(outcome(given)).toEqual(['exception', 'exception']);
    expect(given.collection.reason).toContain('Nobody is told of PutKeyPolicy');
    expect(ask(await rule(ALL, { State: 'DISABLED' })).collection.result).toBe('exception');
    expect(ask(await rule(ALL, { targets: [] })).collection.result).toBe('exception');
  });

  it('is undetermined when targets or rules were refused', async () => {
    expect(ask(await rule(ALL, { targets: null })).collection.result).toBe('undetermined');
    const ledger = await ledgerWith();
    await ledger.fails('aws.events.ListRules', {}, 'AccessDeniedException');
    expect(ask(ledger).collection).toMatchObject({ result: 'undetermined', code: 'AccessDeniedException' });
  });

  it('counts a metric filter only with an alarm, and on a log group that gets KMS events', async () => {
    const filterPattern =
      '{($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion) || ($.eventName = "PutKeyPolicy"))}';
    const filtered = async (alarm: object | null, setup: Setup = {}) => {
      const ledger = await ledgerWith(setup);
      await ledger.ok('aws.events.ListRules', {}, { Rules: [] });
      await ledger.ok(
        'aws.logs.DescribeMetricFilters',
        {},
        {
          metricFilters: [
            {
              filterName: 'f',
              logGroupName: 'trail',
              filterPattern,
              metricTransformations: [{ metricName: 'm', metricNamespace: 'n' }],
            },
          ],
        },
      );
      await ledger.ok(
        'aws.cloudwatch.DescribeAlarms',
        {},
        {
          MetricAlarms: alarm
            ? [
                {
                  AlarmName: 'a',
                  MetricName: 'm',
                  Namespace: 'n',
                  ActionsEnabled: true,
                  AlarmActions: ['arn:aws:sns:x:y:z'],
                  ...alarm,
                },
              ]
            : [],
        },
      );
      return ask(ledger).collection.result;
    };
    expect(await filtered({})).toBe('pass');
    expect(await filtered(null)).toBe('exception');
    expect(await filtered({ ActionsEnabled: false })).toBe('exception');
    expect(
      await filtered({}, { selectors: basic({ ExcludeManagementEventSources: ['kms.amazonaws.com'] }) }),
    ).toBe('exception');
  });
});

describe('log-coverage', () => {
  const ask = async (read = logs()) =>
    answers(await ledgerWith(), logCoverage, { subject: PLACE, logs: read });

  it('passes when nothing is left out', async () => {
    expect(outcome(await ask())).toEqual(['pass', 'pass']);
  });

  it('is an exception where logging was off, a request where logs were only not collected', async () => {
    const lost = await ask(logs([], [hole('2026-03-01', '2026-03-05')]));
    expect(lost.period.result).toBe('exception');
    expect(lost.period.reason).toContain('4 whole days');
    const missing = await ask(logs([], [{ ...hole('2026-01-01', '2026-02-01'), lost: false }]));
    expect(missing.period.result).toBe('evidence-required');
    expect(outcome(await ask(logs([], [], { holes: () => null })))).toEqual([
      'undetermined',
      'evidence-required',
    ]);
  });
});
