import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canonicalJson } from '../../../../db/ledger/canonical-json.ts';
import type { ExchangeFacts } from '../../../../db/ledger/entry.ts';
import type { LedgerWriter } from '../../../../db/ledger/writer.ts';
import { declare } from '../../../../electron/engagement/declarations.ts';
import { defaultParameters } from '../../../../electron/engagement/parameters.ts';
import { lastUseProbes, unlistedKeys } from '../../../../electron/logs/coverage/probes.ts';
import { deriveEvents } from '../../../../electron/logs/derive-events.ts';
import { openLogIngest } from '../../../../electron/logs/ingest.ts';
import { derive } from '../../../../electron/derive/derive.ts';
import { exchangeDraft, newEngagement } from '../../../support/ledger.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { BUCKET, chain, logKey, REGION, signingKey, START, type Made } from '../digest-signer.ts';
import { ACCOUNT, KEY, kmsRecord, record, recordsJson } from '../records.ts';

const HOUR = 3_600_000;
const BY = { name: 'Ann', email: null };
const PLACE = `${ACCOUNT}/${REGION}`;
const at = (hours: number) => new Date(START + hours * HOUR).toISOString();
const trail = {
  Name: 'main',
  TrailARN: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/main`,
  S3BucketName: BUCKET,
};
const key = signingKey();

/** An engagement over ten hours of 1 January 2026, collected at hour `started`. */
async function engagement(started = 30) {
  const open = newEngagement();
  const { writer, db } = open;
  await declare(writer, BY, 'engagement', '', {
    ...{ client: 'Acme', criteria: ['CC6.1'], mode: 'management', type: 2, sample: false },
    ...{ period: { from: at(0), to: at(10) }, parameters: defaultParameters },
  });
  const tool = { name: 't', version: '1', node: 'v24', platform: 'linux' };
  await declare(writer, BY, 'snapshot.open', 's1', { sources: ['aws-1'], startedAt: at(started), tool });
  const call = (
    op: string,
    params: object,
    body: string | Buffer,
    facts: Partial<ExchangeFacts> = {},
    headers = {},
  ) => {
    const bytes = Buffer.from(body as string);
    const ok = (facts.outcome ?? 'ok') === 'ok';
    const draft = exchangeDraft({ op: `aws.${op}`, scope: PLACE, bodyBytes: bytes.length, ...facts });
    const sealed = { params: canonicalJson(params), headers: canonicalJson(headers) };
    return writer.append({ ...draft, sealed }, ok ? { body: bytes } : {});
  };
  const json = (op: string, params: object, body: object) => call(op, params, JSON.stringify(body));
  await json('kms.ListKeys', {}, { Keys: [] });
  const statement = () => {
    deriveEvents(db);
    return db
      .prepare<[], { start: number; end: number; state: string; means: string; reason: string }>(
        'SELECT start, end, state, means, reason FROM coverage ORDER BY source, account, region, n',
      )
      .all()
      .map((r) => [(r.start - START) / HOUR, (r.end - START) / HOUR, r.state, r.means || r.reason]);
  };
  return { ...open, call, json, statement };
}

type Open = Awaited<ReturnType<typeof engagement>>;

async function addTrail(
  { json }: Open,
  selectors: object = {
    EventSelectors: [
      { IncludeManagementEvents: true, ReadWriteType: 'All', ExcludeManagementEventSources: [] },
    ],
  },
  over: object = {},
) {
  await json(
    'cloudtrail.DescribeTrails',
    {},
    { trailList: [{ ...trail, HomeRegion: REGION, LogFileValidationEnabled: true, ...over }] },
  );
  await json(
    'cloudtrail.GetEventSelectors',
    { TrailName: trail.TrailARN },
    { TrailARN: trail.TrailARN, ...selectors },
  );
  await json('cloudtrail.ListPublicKeys', {}, { PublicKeyList: [key.item] });
}

/** Lists both days of the log folder and reads digests and log files as the collector does. */
async function addFiles({ call, writer }: Open, made: readonly Made[], digests = made) {
  const xml = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
  for (const day of ['01', '02']) {
    const Prefix = `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/2026/01/${day}/`;
    await call('s3.ListObjectsV2', { Bucket: BUCKET, Prefix }, xml);
  }
  for (const { digest } of digests) {
    const headers = {
      'x-amz-meta-signature': digest.signature,
      'x-amz-meta-signature-algorithm': 'SHA256withRSA',
    };
    await call('s3.GetObject', { Bucket: BUCKET, Key: digest.object }, digest.body, {}, headers);
  }
  for (const { log, content } of made) await addLog(writer, log.object, content);
}

async function addLog(writer: LedgerWriter, Key: string, content: Buffer) {
  const ingest = openLogIngest({ folder: temporaryFolder(), threads: 1 });
  onTestFinished(() => ingest.close());
  const context = {
    source: 'aws-1',
    op: 'aws.s3.GetObject',
    scope: '',
    params: '',
    headers: {},
    signal: new AbortController().signal,
  };
  const log = await ingest.ingestLines(Readable.from([gzipSync(content)]), context);
  const draft = exchangeDraft({
    op: 'aws.s3.GetObject',
    scope: PLACE,
    bodyClass: 'lines',
    bodyBytes: log.facts.bytes,
    lines: log.facts,
  });
  await writer.append(
    { ...draft, sealed: { params: canonicalJson({ Bucket: BUCKET, Key }) } },
    { records: log.records, land: log.land! },
  );
}

const lookup = ({ json }: Open, attribute: [string, string], from: number, to: number, token?: string) =>
  json(
    'cloudtrail.LookupEvents',
    {
      LookupAttributes: [{ AttributeKey: attribute[0], AttributeValue: attribute[1] }],
      StartTime: at(from),
      EndTime: new Date(START + to * HOUR - 1000).toISOString(),
    },
    { Events: [], ...(token && { NextToken: token }) },
  );

describe('coverage', () => {
  it('is by valid digests where the chain is whole', async () => {
    const open = await engagement();
    await addTrail(open);
    await addFiles(open, chain({ key, hours: 12 }));
    expect(open.statement()).toEqual([[0, 10, 'covered', 'log files with valid digests']]);
  });

  it('has a gap of a digest’s time where it is gone, and the events’ time where a log file is changed', async () => {
    const open = await engagement();
    await addTrail(open);
    const made = chain({ key, hours: 12 });
    made[6]!.content = Buffer.from('{"Records":[]}');
    await addFiles(
      open,
      made,
      made.filter((_, i) => i !== 3),
    );
    expect(open.statement()).toEqual([
      [0, 3, 'covered', 'log files with valid digests'],
      [3, 4, 'gap', 'digest gap'],
      [4, 6, 'covered', 'log files with valid digests'],
      [6, 6 + 241 / 3600, 'gap', 'log file changed since its digest'],
      [6 + 241 / 3600, 10, 'covered', 'log files with valid digests'],
    ]);
  });

  it('leaves the last minutes of the last digest and what came after it open', async () => {
    const open = await engagement();
    await addTrail(open);
    await addFiles(open, chain({ key, hours: 8 }));
    const statement = open.statement();
    expect(statement[0]).toEqual([0, 7.75, 'covered', 'log files with valid digests']);
    expect(statement[1]).toEqual([7.75, 8, 'gap', 'the last 15 minutes are provisional']);
    expect(statement[2]![2]).toBe('gap');
  });

  it('is not by log files of a trail that leaves KMS out', async () => {
    const open = await engagement();
    await addTrail(open, {
      EventSelectors: [
        {
          IncludeManagementEvents: true,
          ReadWriteType: 'All',
          ExcludeManagementEventSources: ['kms.amazonaws.com'],
        },
      ],
    });
    await addFiles(open, chain({ key, hours: 12 }));
    expect(open.statement()).toEqual([[0, 10, 'gap', 'KMS events are excluded by the trail’s selectors']]);
  });

  it('is by changes only where a trail records writes only', async () => {
    const open = await engagement();
    await addTrail(open, { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }] });
    await addFiles(open, chain({ key, hours: 12 }));
    expect(open.statement()).toEqual([[0, 10, 'changes only', 'log files with valid digests']]);
  });

  it('without digests is by the days that were listed to the end, but not while the trail was stopped', async () => {
    const open = await engagement();
    await addTrail(open, undefined, { LogFileValidationEnabled: false });
    const stopped = record(2 * 3600, {
      eventSource: 'cloudtrail.amazonaws.com',
      eventName: 'StopLogging',
      requestParameters: { name: 'main' },
    });
    const started = record(5 * 3600, {
      eventSource: 'cloudtrail.amazonaws.com',
      eventName: 'StartLogging',
      requestParameters: { name: trail.TrailARN },
    });
    const content = () => Buffer.from(recordsJson([stopped, started]));
    await addFiles(open, chain({ key, hours: 1, content }), []);
    expect(open.statement()).toEqual([
      [0, 2, 'covered', 'log files without digests'],
      [2, 5, 'gap', 'trail stopped'],
      [5, 10, 'covered', 'log files without digests'],
    ]);
  });

  it('is by event history where all KMS events were read to the last page', async () => {
    const open = await engagement();
    const uses: [string, string] = ['EventSource', 'kms.amazonaws.com'];
    await lookup(open, uses, 0, 4, 'more');
    await lookup(open, uses, 0, 4);
    await lookup(open, uses, 4, 8, 'more');
    expect(open.statement()).toEqual([
      [0, 4, 'covered', 'event history, all KMS events'],
      [4, 10, 'gap', 'no log source was read'],
    ]);
  });

  it('is by changes only where changes were looked up by name, each to the last page', async () => {
    const open = await engagement();
    const names = [
      'CancelKeyDeletion',
      'CreateGrant',
      'CreateKey',
      'DisableKey',
      'DisableKeyRotation',
      'EnableKey',
      'EnableKeyRotation',
      'ImportKeyMaterial',
      'PutKeyPolicy',
      'RevokeGrant',
      'ScheduleKeyDeletion',
    ];
    for (const name of names.slice(1)) await lookup(open, ['EventName', name], 2, 8);
    expect(open.statement()).toEqual([[0, 10, 'gap', 'no log source was read']]);
    await lookup(open, ['EventName', names[0]!], 3, 9);
    expect(open.statement()).toEqual([
      [0, 3, 'gap', 'no log source was read'],
      [3, 8, 'changes only', 'event history, changes by name'],
      [8, 10, 'gap', 'no log source was read'],
    ]);
  });

  it('says why: a refused look-up, the retention edge, a budget, a Region left out, the end of the collection', async () => {
    const open = await engagement(9);
    const note = (what: string, from: number | null, to: number | null, scope = PLACE) =>
      declare(open.writer, BY, 'collect.note', 's1', {
        ...{ source: 'aws-1', scope, op: null, what: what as 'provisional-tail', reason: 'because' },
        ...{ from: from === null ? null : at(from), to: to === null ? null : at(to) },
      });
    await note('before-retention-edge', 0, 1);
    await note('event-budget-reached', 1, 3);
    await note('region-not-collected', null, null, `${ACCOUNT}/us-east-1`);
    const params = {
      LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'kms.amazonaws.com' }],
      StartTime: at(3),
      EndTime: at(5),
    };
    await open.call('cloudtrail.LookupEvents', params, '', {
      outcome: 'error',
      errorCode: 'AccessDeniedException',
      httpStatus: 400,
    });
    const statement = open.statement();
    expect(statement.map(([, , , why]) => why)).toEqual([
      'before the retention edge of the event history (90 days)',
      'the event budget was reached',
      'the event history could not be read (AccessDeniedException)',
      'no log source was read',
      'after the collection',
      'the Region was not collected',
      'after the collection',
    ]);
  });
});

describe('probes of completeness', () => {
  it('look for each key’s last use in the logs', async () => {
    const id = (n: number) => `${KEY.slice(0, -1)}${n}`;
    const open = await engagement();
    await addTrail(open);
    await addFiles(
      open,
      chain({
        key,
        hours: 12,
        content: (hour) =>
          Buffer.from(recordsJson([kmsRecord(hour * 3600, { resources: [{ ARN: id(0) }] })])),
      }),
    );
    const use = async (n: number, event: string | null, hour: number) => {
      await open.json(
        'kms.DescribeKey',
        { KeyId: id(n) },
        { KeyMetadata: { KeyId: id(n).split('/')[1], Arn: id(n) } },
      );
      const last = event && {
        CloudTrailEventId: event,
        Timestamp: START / 1000 + hour * 3600,
        Operation: 'Decrypt',
      };
      await open.json(
        'kms.GetKeyLastUsage',
        { KeyId: id(n) },
        { ...(last && { KeyLastUsage: last }), TrackingStartDate: START / 1000 },
      );
    };
    await use(0, `e-${3 * 3600}`, 3);
    await use(1, 'e-nowhere', 4);
    await use(2, 'e-late', 20);
    await use(3, null, 0);
    deriveEvents(open.db);
    derive(open.db);
    const probes = lastUseProbes(open.db, 's1', { from: at(0), to: at(10) });
    expect(probes.map((p) => [p.key, p.answer])).toEqual([
      [id(0), 'found'],
      [id(1), 'not found'],
      [id(2), 'outside the period'],
      [id(3), 'no use'],
    ]);
    expect(probes[0]!.record).toBe(0);
    open.db.exec('DELETE FROM coverage');
    expect(lastUseProbes(open.db, 's1', { from: at(0), to: at(10) })[1]!.answer).toBe('not covered');
  });

  it('explain every key that logs name and no list has', async () => {
    const open = await engagement();
    const arn = (n: number, account = ACCOUNT, region = REGION) =>
      `arn:aws:kms:${region}:${account}:key/${String(n).repeat(8)}-1111-1111-1111-111111111111`;
    const named = (n: number, ARN: string, over: object = {}) => record(n, { resources: [{ ARN }], ...over });
    const content = Buffer.from(
      recordsJson([
        named(1, arn(1)),
        named(2, arn(2), { eventName: 'DeleteKey' }),
        named(3, arn(3, '999988887777')),
        named(4, arn(4), { errorCode: 'NotFoundException' }),
        named(5, arn(5, ACCOUNT, 'sa-east-1')),
        record(6, { requestParameters: { keyId: 'alias/gone' }, errorCode: 'NotFoundException' }),
      ]),
    );
    await addLog(open.writer, logKey(0), content);
    deriveEvents(open.db);
    derive(open.db);
    const found = unlistedKeys(open.db, 's1').map(({ key: k, explanation }) => [k, explanation]);
    expect(Object.fromEntries(found)).toEqual({
      [arn(1)]: 'not explained',
      [arn(2)]: 'deleted in the period',
      [arn(3, '999988887777')]: 'of another account',
      [arn(4)]: 'named only in refused calls',
      [arn(5, ACCOUNT, 'sa-east-1')]: 'of a Region that was not collected',
      [`arn:aws:kms:${REGION}:${ACCOUNT}:alias/gone`]: 'an alias that the log does not resolve',
    });
  });
});
