import { describe, expect, it } from 'vitest';
import { answerStatus } from '../../../../../electron/providers/aws/normalise/outcome.ts';
import { rotationSupport } from '../../../../../electron/providers/aws/normalise/rotation-support.ts';
import {
  coveredByFilter,
  coveredByPattern,
} from '../../../../../electron/providers/aws/normalise/watched.ts';
import { list, moment, objects, parseBody } from '../../../../../electron/providers/aws/normalise/wire.ts';

describe('bodies as AWS sends them', () => {
  it('reads lists of none, one and many alike, from XML and JSON', () => {
    const members = (xml: string) =>
      list(parseBody(Buffer.from(`<R><L>${xml}</L></R>`)).R as never, 'L').flatMap((l) => list(l));
    expect(members('')).toEqual([]);
    expect(members('<member>a</member>')).toEqual(['a']);
    expect(members('<member>a</member>\n  <member>b</member>')).toEqual(['a', 'b']);
    expect(objects([{ a: 1 }])).toEqual([{ a: 1 }]);
    expect(list(null)).toEqual([]);
  });

  it('keeps text as text: account ids with leading zeros, true, entities', () => {
    const body = parseBody(
      Buffer.from(
        '<?xml version="1.0"?><R xmlns="x"><Id>001234567890</Id><F>true</F><T>a &amp; &lt;b&gt;</T></R>',
      ),
    );
    expect(body).toEqual({ R: { Id: '001234567890', F: 'true', T: 'a & <b>' } });
  });

  it('reads moments in epoch seconds and ISO 8601', () => {
    expect(moment(1709251200.5)).toBe('2024-03-01T00:00:00.500Z');
    expect(moment('2024-03-01T01:00:00+01:00')).toBe('2024-03-01T00:00:00.000Z');
    expect(moment('soon')).toBeNull();
  });
});

describe('outcome of a call', () => {
  it.each([
    ['GetKeyPolicy', 'error', 'AccessDeniedException', 400, 'denied'],
    ['GetAccountAuthorizationDetails', 'error', 'AccessDenied', 403, 'denied'],
    ['GetKeyRotationStatus', 'error', 'UnsupportedOperationException', 400, 'not-applicable'],
    ['GetKeyPolicy', 'error', 'UnsupportedOperationException', 400, 'error'],
    ['ListKeys', 'error', 'ThrottlingException', 400, 'throttled'],
    ['GetBucketPolicy', 'error', 'NoSuchBucketPolicy', 404, 'not-applicable'],
    ['GetBucketPolicy', 'error', 'NoSuchBucket', 404, 'error'],
    ['ListKeys', 'error', 'ExpiredTokenException', 403, 'error'],
    ['DescribeKey', 'error', 'com.amazonaws.kms#NotFoundException', 400, 'error'],
    ['ListKeys', 'network', null, null, 'network'],
    ['ListKeys', 'interrupted', null, null, 'interrupted'],
  ] as const)('%s %s %s %s is %s', (action, outcome, code, http, status) => {
    expect(answerStatus(action, outcome, code, http)).toBe(status);
  });
});

describe('rotation support', () => {
  const base = {
    manager: 'CUSTOMER',
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    multiRegionType: null,
    primaryArn: null,
  };
  it.each([
    [{}, 'automatic'],
    [{ usage: null }, 'automatic'],
    [{ manager: 'AWS' }, 'provider'],
    [{ spec: 'RSA_2048' }, 'manual'],
    [{ spec: 'HMAC_256', usage: 'GENERATE_VERIFY_MAC' }, 'manual'],
    [{ origin: 'EXTERNAL' }, 'manual'],
    [{ origin: 'AWS_CLOUDHSM' }, 'manual'],
    [{ origin: 'EXTERNAL_KEY_STORE' }, 'manual'],
    [{ multiRegionType: 'PRIMARY' }, 'automatic'],
    [{ multiRegionType: 'REPLICA' }, 'with-primary'],
    [{ multiRegionType: 'REPLICA', origin: 'EXTERNAL' }, 'manual'],
  ])('%o is %s', (key, support) => {
    expect(rotationSupport({ ...base, ...key }).support).toBe(support);
  });
});

describe('operations that an alert reacts to', () => {
  const ALL = ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'];
  it.each([
    [{ source: ['aws.kms'] }, ALL],
    [{ source: ['aws.s3'] }, []],
    [{ source: ['aws.kms'], detail: { eventName: ['DisableKey'] } }, ['DisableKey']],
    [{ source: ['aws.kms'], detail: { eventName: [{ prefix: 'Disable' }] } }, ['DisableKey']],
    [
      { source: ['aws.kms'], detail: { eventName: [{ 'anything-but': ['PutKeyPolicy'] }] } },
      ['DisableKey', 'ScheduleKeyDeletion'],
    ],
    [{ source: ['aws.kms'], detail: { requestParameters: { keyId: ['k'] } } }, []],
    [{ 'detail-type': ['Scheduled Event'] }, []],
  ])('pattern %o', (pattern, covers) => {
    expect(coveredByPattern(JSON.stringify(pattern))).toEqual(covers);
  });
  it('reads metric filters by their operands', () => {
    expect(coveredByFilter('{ $.eventName = DisableKey }')).toEqual(['DisableKey']);
    expect(coveredByFilter('{ ($.eventSource = s3.amazonaws.com) && ($.eventName = DisableKey) }')).toEqual(
      [],
    );
    expect(coveredByFilter('{ $.eventSource = kms.amazonaws.com && $.eventName != DisableKey }')).toEqual([]);
    expect(coveredByPattern('not json')).toEqual([]);
    expect(coveredByPattern(null)).toEqual([]);
  });
});
