import { expect, test } from 'vitest';
import { budgetOf } from '../../../../electron/collect/operation.ts';
import { planTotals } from '../../../../electron/collect/plan.ts';
import { awsEndingOf } from '../../../../electron/providers/aws/endings.ts';
import {
  askedOperations,
  awsOperations,
  cloudtrail,
} from '../../../../electron/providers/aws/operations/index.ts';
import { keyChangeEvents } from '../../../../electron/providers/aws/event-names.ts';
import { planAws } from '../../../../electron/providers/aws/plan-aws.ts';
import { awsPolicy } from '../../../../electron/providers/aws/policy.ts';
import { rotationCalls } from '../../../../electron/providers/aws/rotation-eligibility.ts';
import { daysBetween, digestTime, isLogFile } from '../../../../electron/providers/aws/log-prefixes.ts';
import { keyArnsIn } from '../../../../electron/providers/aws/collect-iam.ts';
import { sampleSource } from '../../../engine/collect/sample.ts';

test('every declared operation only reads, or takes the role agreed on', () => {
  for (const op of askedOperations) {
    if (op.id === 'aws.sts.AssumeRole') continue;
    expect(op.action, op.id).toMatch(/^(Get|List|Describe|Lookup)[A-Z]/);
    for (const permission of op.permissions)
      expect(permission).toMatch(/^[a-z0-9]+:(Get|List|Describe|Lookup)[A-Za-z]+$/);
  }
});

test('an answer that is a credential has no body, and every id is declared once', () => {
  const ids = awsOperations.map((op) => op.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const op of awsOperations) {
    if (/AssumeRole|Token|RoleCredentials/.test(op.action)) expect(op.bodyClass, op.id).toBe('none');
    expect(op.purpose).toMatch(/\.$/);
    expect(op.docs).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    expect(op.keepHeaders.filter((h) => /auth|token|cookie|credential/i.test(h))).toEqual([]);
  }
});

test('a budget is half of the quota, and LookupEvents has the two a second that AWS publishes', () => {
  expect(cloudtrail.lookupEvents.quota.perSecond).toBe(2);
  expect(budgetOf(cloudtrail.lookupEvents.quota)).toBe(1);
});

test('the policy allows what the operations need, denies cryptography, and decrypts nothing unless asked', () => {
  const policy = awsPolicy({ logBuckets: ['trail-logs'] });
  const allowed = policy.Statement.filter((s) => s.Effect === 'Allow');
  const actions = new Set(allowed.flatMap((s) => s.Action));
  for (const op of askedOperations) {
    if (op.action === 'AssumeRole') continue;
    for (const permission of op.permissions) expect(actions).toContain(permission);
  }
  expect([...actions].filter((a) => !/:(Get|List|Describe|Lookup)/.test(a))).toEqual([]);
  const bucket = allowed.find((s) => s.Sid === 'LogBuckets')!;
  expect(bucket.Resource).toEqual(['arn:aws:s3:::trail-logs']);
  expect(policy.Statement.find((s) => s.Effect === 'Deny')!.Action).toContain('kms:Decrypt');
  expect(new Set(policy.Statement.map((s) => s.Sid)).size).toBe(policy.Statement.length);
  for (const { Sid } of policy.Statement) expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
});

test('with the key of the log files, the policy decrypts those alone, through S3', () => {
  const logKeyArn = 'arn:aws:kms:eu-central-1:222233334444:key/1';
  const policy = awsPolicy({ logKeyArn, account: '222233334444' });
  expect(policy.Statement.find((s) => s.Action.includes('kms:Decrypt'))).toEqual({
    Sid: 'DecryptLogFilesOnly',
    Effect: 'Allow',
    Action: ['kms:Decrypt'],
    Resource: logKeyArn,
    Condition: {
      StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' },
      StringLikeIfExists: {
        'kms:EncryptionContext:aws:cloudtrail:arn': 'arn:aws:cloudtrail:*:222233334444:trail/*',
      },
    },
  });
});

test('the plan counts calls by operation and region, says what is estimated, and what sets the time', () => {
  const source = sampleSource({ endpoint: 'http://127.0.0.1:1' }, { regions: ['eu-west-1', 'eu-central-1'] });
  const period = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  const plan = planAws(
    source,
    period,
    { quotas: 'provider', usageEventBudget: 0 },
    { keys: { 'eu-west-1': 1000, 'eu-central-1': 0 } },
  );
  const grants = plan.find((p) => p.op === 'aws.kms.ListGrants' && p.scope === 'eu-west-1')!;
  expect(grants).toMatchObject({ calls: 1000, estimate: null, quota: 100, budget: 50 });
  expect(grants.seconds).toBeCloseTo(19);
  const lookups = plan.find((p) => p.op === 'aws.cloudtrail.LookupEvents' && p.scope === 'eu-west-1')!;
  expect(lookups.calls).toBeGreaterThan(keyChangeEvents.length);
  expect(lookups.estimate).not.toBeNull();
  expect(planTotals(plan).seconds).toBeCloseTo(lookups.seconds);
  expect(plan.some((p) => p.op === 'aws.s3.GetObject')).toBe(false);
});

const facts = {
  outcome: 'error' as const,
  httpStatus: 400,
  errorCode: null as string | null,
  serverDate: null,
  end: '2026-07-01T10:00:00.000Z',
};

test.each([
  ['ThrottlingException', 400, 'throttled'],
  ['SlowDown', 503, 'throttled'],
  ['AccessDeniedException', 400, 'refused'],
  ['NotFoundException', 400, 'refused'],
  ['UnsupportedOperationException', 400, 'refused'],
  ['KMSInternalException', 500, 'transient'],
  ['MalformedAnswer', 200, 'transient'],
  ['ExpiredTokenException', 400, 'credentials'],
  ['ExpiredToken', 403, 'credentials'],
  ['UnrecognizedClientException', 400, 'credentials'],
  ['InvalidSignatureException', 400, 'credentials'],
  ['RequestTimeTooSkewed', 403, 'transient'],
])('%s with status %d ends a call as %s', (errorCode, httpStatus, ending) => {
  expect(awsEndingOf({ ...facts, errorCode, httpStatus })).toBe(ending);
});

test('a refused signature is asked again when the clocks are minutes apart: the next one uses the server’s time', () => {
  const skewed = {
    ...facts,
    errorCode: 'InvalidSignatureException',
    serverDate: 'Wed, 01 Jul 2026 10:20:00 GMT',
  };
  expect(awsEndingOf(skewed)).toBe('transient');
});

test('no answer is asked again', () => {
  expect(awsEndingOf({ ...facts, outcome: 'network', httpStatus: null })).toBe('transient');
  expect(awsEndingOf({ ...facts, outcome: 'interrupted', httpStatus: null })).toBe('transient');
});

test.each([
  [{ KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' }, true, true],
  [{ KeyManager: 'AWS', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' }, false, false],
  [{ KeyManager: 'CUSTOMER', KeySpec: 'RSA_2048', Origin: 'AWS_KMS' }, false, false],
  [{ KeyManager: 'CUSTOMER', KeySpec: 'HMAC_256', Origin: 'AWS_KMS' }, false, false],
  [{ KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'EXTERNAL' }, false, true],
  [{ KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_CLOUDHSM' }, false, false],
  [{ KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'EXTERNAL_KEY_STORE' }, false, false],
] as const)('rotation calls of %o', (metadata, status, history) => {
  expect(rotationCalls({ KeyId: 'k', ...metadata }, false)).toEqual({ status, history });
});

test('a key that could not be described is asked, unless an alias says that AWS manages it', () => {
  expect(rotationCalls(null, false)).toEqual({ status: true, history: true });
  expect(rotationCalls(null, true)).toEqual({ status: false, history: false });
});

test('days of a range are whole UTC days, both ends included', () => {
  const days = [...daysBetween(new Date('2026-02-27T23:59:59Z'), new Date('2026-03-01T00:00:00Z'))];
  expect(days).toEqual(['2026/02/27', '2026/02/28', '2026/03/01']);
});

test('file names of logs and digests are told apart from anything else', () => {
  const log =
    'AWSLogs/111122223333/CloudTrail/eu-west-1/2026/07/01/111122223333_CloudTrail_eu-west-1_20260701T0005Z_abcdefghijklmnop.json.gz';
  const digest = 'x/111122223333_CloudTrail-Digest_eu-west-1_org_eu-west-1_20260701T010203Z_backfill.json.gz';
  expect(isLogFile(log)).toBe(true);
  expect(isLogFile(digest)).toBe(false);
  expect(isLogFile(`${log}.tmp`)).toBe(false);
  expect(digestTime(digest)?.toISOString()).toBe('2026-07-01T01:02:03.000Z');
  expect(digestTime(log)).toBeNull();
});

test('keys named in policies are found, wildcards and aliases are not', () => {
  const text = JSON.stringify([
    'arn:aws:kms:eu-west-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    'arn:aws:kms:eu-west-1:999988887777:key/mrk-1234abcd',
    'arn:aws:kms:*:999988887777:key/*',
    'arn:aws:kms:eu-west-1:999988887777:key/12*',
    'arn:aws:kms:eu-west-1:999988887777:alias/payments',
  ]);
  expect([...keyArnsIn([text])]).toEqual([
    'arn:aws:kms:eu-west-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    'arn:aws:kms:eu-west-1:999988887777:key/mrk-1234abcd',
  ]);
});
