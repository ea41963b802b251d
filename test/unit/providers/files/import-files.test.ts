import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listUsageEvents } from '../../../../db/derived/event-queries.ts';
import { readBody } from '../../../../db/ledger/bodies.ts';
import { entries } from '../../../../db/ledger/read.ts';
import { verifyLedger } from '../../../../db/ledger/verify-ledger.ts';
import { importFiles, type ImportOptions } from '../../../../electron/providers/files/import-files.ts';
import { newEngagement } from '../../../support/ledger.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { KEY, kmsRecord, otherRecord, recordsJson } from '../../logs/records.ts';

const YEAR = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) };
const LOG = '111122223333_CloudTrail_eu-west-1_20260101T0005Z_abcdefghABCDEFGH.json.gz';
const ID = KEY.split('/')[1]!;

/** Writes files into a new folder and imports it. */
async function importing(files: Record<string, string | Buffer>, options: Partial<ImportOptions> = {}) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const open = newEngagement();
  const run = (more: Partial<ImportOptions> = {}) =>
    importFiles(open.writer, {
      snapshot: 's1',
      source: 'files',
      paths: [folder],
      threads: 1,
      ...options,
      ...more,
    });
  const summary = await run();
  const imports = [...entries(open.db, 'import')];
  const rejected = summary.rejected.map((r) => [r.path.slice(folder.length + 1), r.reason]);
  return { ...open, folder, run, summary, imports, rejected };
}

describe('importing log files', () => {
  it('takes them from any folder, compressed or not, in the order of their paths', async () => {
    const { db, summary, imports } = await importing({
      [`b/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/01/01/${LOG}`]: gzipSync(
        recordsJson([kmsRecord(1), otherRecord(2)]),
      ),
      'a/any name.json': recordsJson([kmsRecord(3)]),
      'c.jsonl': `${JSON.stringify(kmsRecord(4))}\n${JSON.stringify(kmsRecord(5))}\n`,
      'd.json': JSON.stringify([kmsRecord(6)], null, 2),
    });
    expect(summary).toMatchObject({
      files: 4,
      imported: 4,
      rejected: [],
      defective: [],
      events: 6,
      relevant: 5,
      kms: 5,
    });
    expect(
      imports.map((e) => [e.facts.name, e.facts.format, e.facts.bodyClass, e.facts.lines?.records]),
    ).toEqual([
      ['any name.json', 'cloudtrail.log', 'lines', 1],
      [LOG, 'cloudtrail.log', 'lines', 2],
      ['c.jsonl', 'cloudtrail.log', 'lines', 2],
      ['d.json', 'cloudtrail.log', 'lines', 1],
    ]);
    expect(listUsageEvents(db, YEAR).map((e) => e.eventId)).toEqual(['e-1', 'e-3', 'e-4', 'e-5', 'e-6']);
    expect(verifyLedger(db).fault).toBeNull();
  });

  it('takes the saved output of lookup-events', async () => {
    const events = [kmsRecord(1), kmsRecord(2)].map((r) => ({
      EventId: r.eventID,
      CloudTrailEvent: JSON.stringify(r),
    }));
    const { db, imports } = await importing({
      'lookup.json': JSON.stringify({ NextToken: 'abc', Events: events }, null, 4),
    });
    expect(imports[0]!.facts).toMatchObject({ format: 'aws.cloudtrail.LookupEvents', outcome: 'ok' });
    expect(listUsageEvents(db, YEAR)).toMatchObject([{ key: KEY }, { key: KEY }]);
    expect(db.prepare('SELECT kind FROM usage_source').pluck().all()).toEqual(['imported-lookup']);
  });

  it('keeps what can be read of a truncated file, and names it', async () => {
    const whole = recordsJson([kmsRecord(1), kmsRecord(2), kmsRecord(3)]);
    const { summary, imports } = await importing({
      [LOG]: gzipSync(whole).subarray(0, -4),
      'cut.json': whole.slice(0, -40),
    });
    expect(summary).toMatchObject({ imported: 2, rejected: [], relevant: 5 });
    expect(summary.defective.map((d) => d.reason)).toEqual([
      expect.stringContaining('the gzip data is cut off, at byte'),
      expect.stringContaining('the JSON ends too early, at byte'),
    ]);
    expect(imports.map((e) => e.facts.lines!.defect !== null)).toEqual([true, true]);
  });

  it('names every file that is something else, with the reason, and goes on', async () => {
    const { rejected, imports, summary } = await importing({
      'a-text.txt': 'hello',
      'b-empty.json': '',
      'c-zip.zip': Buffer.from('PK\u0003\u0004xxxx'),
      'd-utf16.json': Buffer.from('\ufeff{"Keys":[]}', 'utf16le'),
      'e-other.json': '{"hello":1}',
      'f-cut.json': '{"KeyMetadata":{"KeyId":',
      'g-list.json': '[1,2,3]',
      'h-policy.json': '{"Version":"2012-10-17","Statement":[]}',
      'i-damaged.json.gz': Buffer.concat([gzipSync('{}').subarray(0, 10), Buffer.alloc(20, 255)]),
      [`j/${LOG}`]: 'not a log',
      'k-azure.json': JSON.stringify({ Records: [{ time: 'now' }] }),
      'l-good.json': recordsJson([kmsRecord(1)]),
    });
    expect(rejected).toEqual([
      ['a-text.txt', 'it is not JSON'],
      ['b-empty.json', 'the file is empty'],
      ['c-zip.zip', 'it is a zip archive. Unpack it and import the folder'],
      ['d-utf16.json', 'it is UTF-16 text, as ">" of PowerShell writes it. Save it as UTF-8'],
      ['e-other.json', 'it is JSON, but no answer that this program knows (it holds hello)'],
      ['f-cut.json', 'the JSON is malformed or cut off'],
      ['g-list.json', 'it is a list, but not of CloudTrail events'],
      ['h-policy.json', expect.stringContaining('bare policy document')],
      ['i-damaged.json.gz', expect.any(String)],
      [`j/${LOG}`, 'this is not JSON, at byte 0'],
      ['k-azure.json', 'it holds no CloudTrail events'],
    ]);
    expect(summary).toMatchObject({ files: 12, imported: 1, events: 1 });
    expect(imports.filter((e) => e.facts.outcome === 'rejected').map((e) => e.facts.reason)).toEqual(
      rejected.map(([, r]) => r),
    );
    expect(imports.every((e) => /^[0-9a-f]{64}$/.test(e.facts.sha256))).toBe(true);
  });

  it('names a file that is given twice, also in a later import, and counts its events once', async () => {
    const log = recordsJson([kmsRecord(1)]);
    const { run, rejected, db, folder } = await importing({ 'a.json': log, 'b.json': log });
    const same = `it is the same file as ${join(folder, 'a.json')}, which is imported already`;
    expect(rejected).toEqual([['b.json', same]]);
    const again = await run({ snapshot: 's2' });
    expect(again).toMatchObject({ imported: 0, events: 0 });
    expect(again.rejected.map((r) => r.reason)).toEqual([same, same]);
    expect(listUsageEvents(db, YEAR)).toHaveLength(1);
  });

  it('does not follow links out of the folder, and refuses a path that is not there', async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'x.json'), recordsJson([kmsRecord(9)]));
    const { folder, writer } = await importing({ 'a.json': recordsJson([kmsRecord(1)]) });
    symlinkSync(outside, join(folder, 'link'));
    const summary = await importFiles(writer, {
      snapshot: 's2',
      source: 'files',
      paths: [folder],
      threads: 1,
    });
    expect(summary.rejected.find((r) => r.path.endsWith('link'))!.reason).toContain('links are not followed');
    expect(summary.events).toBe(0);
    const missing = importFiles(writer, { snapshot: 's2', source: 'files', paths: [join(folder, 'none')] });
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const empty = importFiles(writer, { snapshot: 's2', source: 'files', paths: [temporaryFolder()] });
    await expect(empty).rejects.toMatchObject({ code: 'NOTHING' });
  });

  it('stops when cancelled, and what was committed stays whole', async () => {
    const abort = new AbortController();
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`${i + 10}.json`, recordsJson([kmsRecord(i)])]),
    );
    const open = await importing({ 'first.json': recordsJson([kmsRecord(99)]) });
    const folder = temporaryFolder();
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const onProgress = ({ files: n }: { files: number }) => n === 3 && abort.abort(new Error('cancelled'));
    await expect(open.run({ paths: [folder], signal: abort.signal, onProgress })).rejects.toThrow(
      'cancelled',
    );
    const kept = [...entries(open.db, 'import')];
    expect(kept.map((e) => e.facts.name)).toEqual(['first.json', '10.json', '11.json', '12.json']);
    expect(verifyLedger(open.db).fault).toBeNull();
  });
});

describe('importing saved answers of the AWS CLI', () => {
  const policy = JSON.stringify({ Statement: [{ Action: 'kms:*' }] });
  const answers: [name: string, answer: object, op: string, params?: object][] = [
    ['describe.json', { KeyMetadata: { Arn: KEY } }, 'aws.kms.DescribeKey'],
    ['keys.json', { Keys: [{ KeyId: ID, KeyArn: KEY }] }, 'aws.kms.ListKeys'],
    ['aliases.json', { Aliases: [{ AliasArn: 'a', AliasName: 'alias/a' }] }, 'aws.kms.ListAliases'],
    ['grants.json', { Grants: [{ KeyId: KEY, GrantId: 'g' }] }, 'aws.kms.ListGrants'],
    [`grants_${ID}.json`, { Grants: [] }, 'aws.kms.ListGrants', { KeyId: ID }],
    [`rotations_${ID}.json`, { Rotations: [] }, 'aws.kms.ListKeyRotations', { KeyId: ID }],
    ['rotation.json', { KeyId: KEY, KeyRotationEnabled: true }, 'aws.kms.GetKeyRotationStatus'],
    [`${ID}/rotation.json`, { KeyRotationEnabled: true }, 'aws.kms.GetKeyRotationStatus', { KeyId: ID }],
    [`policy-${ID}.json`, { Policy: policy }, 'aws.kms.GetKeyPolicy', { KeyId: ID }],
    [
      `tags-${ID}.json`,
      { Tags: [{ TagKey: 'Owner', TagValue: 'x' }] },
      'aws.kms.ListResourceTags',
      { KeyId: ID },
    ],
    [`use-${ID}.json`, { TrackingStartDate: 1 }, 'aws.kms.GetKeyLastUsage', { KeyId: ID }],
    ['stores.json', { CustomKeyStores: [] }, 'aws.kms.DescribeCustomKeyStores'],
    ['iam.json', { UserDetailList: [], RoleDetailList: [] }, 'aws.iam.GetAccountAuthorizationDetails'],
    ['trails.json', { trailList: [{ TrailARN: 't' }] }, 'aws.cloudtrail.DescribeTrails'],
    ['get-trail-status_main.json', { IsLogging: true }, 'aws.cloudtrail.GetTrailStatus', { Name: 'main' }],
    ['selectors.json', { TrailARN: 't', EventSelectors: [] }, 'aws.cloudtrail.GetEventSelectors'],
    ['public.json', { PublicKeyList: [{ Fingerprint: 'f', Value: 'v' }] }, 'aws.cloudtrail.ListPublicKeys'],
    ['who.json', { UserId: 'u', Account: '1', Arn: 'a' }, 'aws.sts.GetCallerIdentity'],
  ];

  it.each(answers)('recognises %s by what it holds', async (name, answer, op, params) => {
    const text = JSON.stringify(answer, null, 4);
    const { imports, db, summary } = await importing({ [name]: text });
    expect(summary.rejected).toEqual([]);
    expect(imports[0]!.facts).toMatchObject({ format: op, outcome: 'ok', bodyClass: 'full' });
    expect(imports[0]!.values.params ?? null).toBe(params ? JSON.stringify(params) : null);
    expect(readBody(db, imports[0]!.values.body!)!.toString()).toBe(text);
  });

  it('says so where an answer does not name its key or trail and the file does not either', async () => {
    const { rejected } = await importing({
      'a.json': JSON.stringify({ Policy: policy }),
      'b.json': JSON.stringify({ IsLogging: true }),
      'c.json': JSON.stringify({ Policy: '{"Statement":[{"Action":"s3:GetObject"}]}' }),
    });
    expect(rejected).toEqual([
      ['a.json', expect.stringContaining('get-key-policy_<key id>.json')],
      ['b.json', expect.stringContaining('get-trail-status_<trail>.json')],
      ['c.json', expect.stringContaining('no answer that this program knows')],
    ]);
  });
});
