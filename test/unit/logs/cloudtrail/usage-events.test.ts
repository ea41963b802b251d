import { describe, expect, it } from 'vitest';
import { asRecord, eventMillis } from '../../../../electron/logs/cloudtrail/parse-record.ts';
import { isChange, isRelevant, isRelevantBytes } from '../../../../electron/logs/cloudtrail/relevance.ts';
import { toUsageEvents } from '../../../../electron/logs/cloudtrail/usage-events.ts';
import { ACCOUNT, KEY, kmsRecord, record } from '../records.ts';

const rows = (value: Record<string, unknown>) => toUsageEvents(asRecord(value)!, 7);
const keys = (value: Record<string, unknown>) => rows(value).map((row) => row.key);
const OTHER = KEY.replace('1234abcd', '9999abcd');
const resource = (ARN: string) => ({ ARN, type: 'AWS::KMS::Key', accountId: ACCOUNT });

describe('the keys of an event', () => {
  it('are those that KMS resolved, whatever was asked for', () => {
    expect(keys(kmsRecord(1, { requestParameters: { keyId: 'alias/app' } }))).toEqual([KEY]);
  });

  it('are two, each once, when an event names two', () => {
    const both = rows(
      record(1, { eventName: 'ReEncrypt', resources: [resource(KEY), resource(OTHER), resource(KEY)] }),
    );
    expect(both.map(({ k, key }) => [k, key])).toEqual([
      [0, KEY],
      [1, OTHER],
    ]);
    const asked = { sourceKeyId: KEY, destinationKeyId: OTHER };
    expect(keys(record(1, { eventName: 'ReEncrypt', requestParameters: asked }))).toEqual([KEY, OTHER]);
  });

  it('become ARNs when asked for by id, in the partition of the Region', () => {
    const id = KEY.split('/')[1]!;
    expect(keys(record(1, { requestParameters: { keyId: id } }))).toEqual([KEY]);
    expect(keys(record(1, { awsRegion: 'cn-north-1', requestParameters: { keyId: id } }))).toEqual([
      `arn:aws-cn:kms:cn-north-1:${ACCOUNT}:key/${id}`,
    ]);
    const multi = `mrk-${'0f'.repeat(16)}`;
    expect(keys(record(1, { requestParameters: { keyId: multi } }))[0]).toMatch(/:key\/mrk-0f/);
  });

  it('stay an alias when a refused call named one', () => {
    expect(keys(record(1, { errorCode: 'AccessDenied', requestParameters: { keyId: 'alias/app' } }))).toEqual(
      [`arn:aws:kms:eu-west-1:${ACCOUNT}:alias/app`],
    );
  });

  it('come from the answer or from the service’s own event where the request cannot have them', () => {
    expect(
      keys(record(1, { eventName: 'CreateKey', responseElements: { keyMetadata: { arn: KEY } } })),
    ).toEqual([KEY]);
    const rotated = {
      eventName: 'RotateKey',
      eventType: 'AwsServiceEvent',
      serviceEventDetails: { keyId: KEY },
    };
    expect(keys(record(1, rotated))).toEqual([KEY]);
  });

  it('are none for calls without a key, for nonsense, and outside KMS', () => {
    expect(keys(record(1, { eventName: 'ListKeys' }))).toEqual([null]);
    expect(keys(record(1, { requestParameters: { keyId: 42 }, resources: 'x' }))).toEqual([null]);
    expect(keys(kmsRecord(1, { eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging' }))).toEqual(
      [null],
    );
  });
});

describe('who acted', () => {
  const who = (userIdentity: unknown, over: Record<string, unknown> = {}) => {
    const { principal, actor, actorType, invokedBy } = rows(kmsRecord(1, { userIdentity, ...over }))[0]!;
    return { principal, actor, actorType, invokedBy };
  };

  it('is the role for rights and the session for the act', () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/app`;
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/app/i-1`;
    const sessionContext = { sessionIssuer: { arn: role } };
    expect(who({ type: 'AssumedRole', arn: session, sessionContext })).toMatchObject({
      principal: role,
      actor: session,
    });
  });

  it('is the user, with the service that called for them', () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/ann`;
    const identity = {
      type: 'IAMUser',
      arn,
      sessionContext: { sessionIssuer: {} },
      invokedBy: 'ssm.amazonaws.com',
    };
    expect(who(identity)).toEqual({
      principal: arn,
      actor: arn,
      actorType: 'IAMUser',
      invokedBy: 'ssm.amazonaws.com',
    });
  });

  it('is the service where nobody else is named', () => {
    expect(who({ type: 'AWSService', invokedBy: 's3.amazonaws.com' }).principal).toBe('s3.amazonaws.com');
    expect(who({ accountId: ACCOUNT, invokedBy: 'AWS Internal' })).toMatchObject({
      principal: 'AWS Internal',
      actorType: 'AWSService',
    });
    expect(who({}, { eventType: 'AwsServiceEvent' }).principal).toBe('kms.amazonaws.com');
  });

  it('is the unique id of a caller of another account, without the session’s name', () => {
    const identity = { type: 'AWSAccount', principalId: 'AROAEXAMPLE:session-1', accountId: '999988887777' };
    expect(who(identity)).toMatchObject({ principal: 'AROAEXAMPLE', actor: 'AROAEXAMPLE:session-1' });
  });
});

describe('what is kept of a log', () => {
  it('is every event of KMS, and changes that bear on keys, logs and alerts', () => {
    expect(isRelevant('kms.amazonaws.com', 'AnythingNew')).toBe(true);
    expect(isRelevant('cloudtrail.amazonaws.com', 'StopLogging')).toBe(true);
    expect(isRelevant('iam.amazonaws.com', 'PutRolePolicy')).toBe(true);
    expect(isRelevant('s3.amazonaws.com', 'PutBucketPolicy')).toBe(true);
    expect(isRelevant('s3.amazonaws.com', 'GetObject')).toBe(false);
    expect(isRelevant('cloudtrail.amazonaws.com', 'LookupEvents')).toBe(false);
    expect(isRelevant('constructor', 'toString')).toBe(false);
  });

  it('is decided the same on bytes', () => {
    const names = ['StopLogging', 'GetObject', 'PutRolePolicy', 'DisableRule', 'Decrypt', 'AttachPolicy'];
    const services = [
      'kms',
      'kmx',
      'iam',
      's3',
      'cloudtrail',
      'events',
      'organizations',
      'sns',
      'logs',
      'monitoring',
    ];
    for (const service of services) {
      for (const name of names) {
        const source = `${service}.amazonaws.com`;
        const bytes = Buffer.from(`"${source}${name}"`);
        const at = 1 + source.length;
        const kept = isRelevantBytes(bytes, 1, at, at, at + name.length);
        expect(kept, `${source} ${name}`).toBe(isRelevant(source, name));
      }
    }
  });

  it('tells changes from uses', () => {
    expect(isChange('kms.amazonaws.com', 'PutKeyPolicy')).toBe(true);
    expect(isChange('kms.amazonaws.com', 'Decrypt')).toBe(false);
    expect(isChange('ec2.amazonaws.com', 'PutKeyPolicy')).toBe(false);
  });
});

describe('an event’s time', () => {
  it('is UTC whatever the machine’s time zone, and nothing without a zone', () => {
    expect(eventMillis('2026-01-01T00:00:00Z')).toBe(Date.UTC(2026, 0, 1));
    expect(eventMillis('2026-01-01T01:00:00.5+01:00')).toBe(Date.UTC(2026, 0, 1) + 500);
    expect(eventMillis('2026-01-01T00:00:00')).toBeNull();
    expect(eventMillis('2026-13-01T00:00:00Z')).toBeNull();
  });
});
