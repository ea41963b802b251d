import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listUsageEvents, sumUsage } from '../../../db/derived/event-queries.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import type { LedgerWriter } from '../../../db/ledger/writer.ts';
import { derivedDigest } from '../../../electron/derive/digest.ts';
import { deriveEvents, EVENT_TABLES, rebuildEvents } from '../../../electron/logs/derive-events.ts';
import { openLogIngest, type LogIngest } from '../../../electron/logs/ingest.ts';
import { exchangeDraft, newEngagement } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { KEY, kmsRecord, otherRecord, record, recordsJson } from './records.ts';

const YEAR = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) };

function newIngest(threads = 1): LogIngest {
  const ingest = openLogIngest({ folder: temporaryFolder(), threads });
  onTestFinished(() => ingest.close());
  return ingest;
}

/** Commits a log file as the recorder does. */
async function addLogFile(writer: LedgerWriter, ingest: LogIngest, records: readonly unknown[]) {
  const file = gzipSync(recordsJson(records));
  const context = {
    source: 'aws-1',
    op: 'aws.s3.GetObject',
    scope: '',
    params: '',
    headers: {},
    signal: new AbortController().signal,
  };
  const { facts, records: kept, land, release } = await ingest.ingestLines(Readable.from([file]), context);
  const draft = exchangeDraft({
    op: 'aws.s3.GetObject',
    bodyClass: 'lines',
    bodyBytes: facts.bytes,
    lines: facts,
  });
  const entry = await writer.append(draft, { records: kept, land: land! });
  release?.();
  return entry;
}

function addLookup(writer: LedgerWriter, records: readonly unknown[]) {
  const Events = records.map((r) => ({ CloudTrailEvent: JSON.stringify(r) }));
  const body = Buffer.from(JSON.stringify({ Events }));
  const draft = exchangeDraft({ op: 'aws.cloudtrail.LookupEvents', bodyBytes: body.length });
  return writer.append(draft, { body });
}

const allEvents = (db: ReadableDb) => db.prepare('SELECT * FROM usage_event ORDER BY seq, n, k').all();
const ids = (db: ReadableDb, filter = {}) =>
  listUsageEvents(db, { ...YEAR, ...filter }).map((e) => e.eventId);

describe('usage events', () => {
  it('are the same rows from ingest and from a rebuild out of the ledger', async () => {
    const { db, writer } = newEngagement();
    const ingest = newIngest();
    const role = {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::1:assumed-role/r/s',
      sessionContext: { sessionIssuer: { arn: 'arn:r' } },
    };
    await addLogFile(writer, ingest, [
      kmsRecord(1),
      otherRecord(2),
      kmsRecord(3, { userIdentity: role, errorCode: 'AccessDenied' }),
    ]);
    await addLookup(writer, [kmsRecord(4), record(5, { eventSource: 'ec2.amazonaws.com' })]);
    await addLogFile(writer, ingest, [
      record(6, {
        eventName: 'ReEncrypt',
        requestParameters: { sourceKeyId: KEY, destinationKeyId: 'alias/b' },
      }),
    ]);
    deriveEvents(db);
    const before = derivedDigest(db, EVENT_TABLES);
    expect(allEvents(db)).toHaveLength(5);
    rebuildEvents(db);
    expect(derivedDigest(db, EVENT_TABLES)).toBe(before);
    expect(verifyLedger(db).fault).toBeNull();
  });

  it('count an event once that several sources give, and keep the copy of the log file', async () => {
    const { db, writer } = newEngagement();
    const ingest = newIngest();
    const lookup = await addLookup(writer, [kmsRecord(1), kmsRecord(2), kmsRecord(3)]);
    const first = await addLogFile(writer, ingest, [kmsRecord(1), kmsRecord(2)]);
    const second = await addLogFile(writer, ingest, [kmsRecord(2)]);
    deriveEvents(db);
    expect(listUsageEvents(db, YEAR).map((e) => [e.eventId, e.seq])).toEqual([
      ['e-1', first.seq],
      ['e-2', first.seq],
      ['e-3', lookup.seq],
    ]);
    expect(db.prepare('SELECT seq, n FROM usage_duplicate').all()).toEqual([
      { seq: lookup.seq, n: 0 },
      { seq: lookup.seq, n: 1 },
      { seq: second.seq, n: 0 },
    ]);
    expect(sumUsage(db, 0, 100_000)[0]).toMatchObject({ key: KEY, events: 3 });
  });

  it('do not take events without an id, or with one id in two Regions, for copies', async () => {
    const { db, writer } = newEngagement();
    const ingest = newIngest();
    const nameless = { eventID: undefined };
    await addLogFile(writer, ingest, [kmsRecord(1, nameless), kmsRecord(1, nameless), kmsRecord(2)]);
    await addLogFile(writer, ingest, [kmsRecord(2, { awsRegion: 'us-east-1' })]);
    deriveEvents(db);
    expect(allEvents(db)).toHaveLength(4);
  });

  it('are not derived twice, and settling again after more events corrects totals', async () => {
    const { db, writer } = newEngagement();
    const ingest = newIngest();
    await addLookup(writer, [kmsRecord(1)]);
    expect(deriveEvents(db)).toBe(1);
    expect(deriveEvents(db)).toBe(0);
    await addLogFile(writer, ingest, [kmsRecord(1), kmsRecord(2)]);
    expect(deriveEvents(db)).toBe(0);
    expect(sumUsage(db, 0, 100_000, KEY)).toMatchObject([
      { events: 2, first: YEAR.from + 1000, last: YEAR.from + 2000 },
    ]);
  });

  it('are listed by key, principal, operation and time, page by page', async () => {
    const { db, writer } = newEngagement();
    const bob = { userIdentity: { type: 'IAMUser', arn: 'arn:bob' } };
    const list = Array.from({ length: 25 }, (_, i) => kmsRecord(i, i % 5 === 0 ? bob : {}));
    await addLogFile(writer, newIngest(), [...list, record(30, { eventName: 'CreateKey', readOnly: false })]);
    deriveEvents(db);
    expect(ids(db, { principal: 'arn:bob' })).toEqual(['e-0', 'e-5', 'e-10', 'e-15', 'e-20']);
    expect(ids(db, { key: KEY })).toHaveLength(25);
    expect(ids(db, { key: 'arn:unknown' })).toEqual([]);
    expect(ids(db, { operation: { service: 'kms.amazonaws.com', name: 'CreateKey' } })).toEqual(['e-30']);
    expect(ids(db, { changesOnly: true })).toEqual(['e-30']);
    expect(ids(db, { from: YEAR.from + 3000, to: YEAR.from + 5000 })).toEqual(['e-3', 'e-4']);
    const paged: string[] = [];
    for (let after = null; ;) {
      const page = listUsageEvents(db, YEAR, after, 4);
      paged.push(...page.map((e) => e.eventId));
      if (page.length < 4) break;
      after = page.at(-1)! as never;
    }
    expect(paged).toEqual(ids(db));
  });
});

describe('a log pool', () => {
  it('reads a stream larger than what it holds, and a file, alike', async () => {
    const ingest = newIngest();
    const noise = Array.from({ length: 30_000 }, (_, i) => (i % 4 ? kmsRecord(i) : otherRecord(i)));
    const plain = Buffer.from(recordsJson(noise));
    const path = join(temporaryFolder(), 'log.json');
    writeFileSync(path, plain);
    const fromFile = await ingest.pool.readFile(path, 'cloudtrail');
    const fromStream = await ingest.pool.readStream(Readable.from(cut(plain, 70_000)), 'cloudtrail');
    expect(plain.length).toBeGreaterThan(16 * 1024 * 1024);
    expect(fromStream.facts).toEqual(fromFile.facts);
    expect(fromFile.facts).toMatchObject({ records: 30_000, relevant: 22_500, defect: null });
    expect([...fromStream.events].reduce((sum, b) => sum + b.rows, 0)).toBe(22_500);
  });

  it('rejects with the stream’s own error, and with the reason of an abort, and goes on with others', async () => {
    const ingest = newIngest();
    async function* failing() {
      for (let i = 0; i < 50; i += 1) yield Buffer.alloc(100_000, ' ');
      throw new Error('connection reset');
    }
    await expect(ingest.pool.readStream(failing(), 'cloudtrail')).rejects.toThrow('connection reset');
    const abort = new AbortController();
    abort.abort(new Error('cancelled'));
    await expect(ingest.pool.readStream(failing(), 'cloudtrail', abort.signal)).rejects.toThrow('cancelled');
    const log = await ingest.pool.readStream(
      Readable.from([Buffer.from(recordsJson([kmsRecord(1)]))]),
      'cloudtrail',
    );
    expect(log.facts.records).toBe(1);
  });

  it('names a file that cannot be read', async () => {
    const ingest = newIngest();
    await expect(
      ingest.pool.readFile(join(temporaryFolder(), 'none.json'), 'cloudtrail'),
    ).rejects.toMatchObject({
      code: 'UNREADABLE',
    });
  });
});

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
