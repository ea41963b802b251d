import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openPromise } from 'yauzl';
import { iterateGaps } from '../../../db/derived/gaps.ts';
import { resultsOf } from '../../../db/derived/results.ts';
import { createEngagementFile } from '../../../db/open.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { derivedDigest } from '../../../electron/derive/digest.ts';
import { snapshots } from '../../../electron/engagement/current.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { analyse } from '../../../electron/engine/analyse.ts';
import { collectEngagement } from '../../../electron/engine/collect-engagement.ts';
import { importIntoEngagement } from '../../../electron/engine/import-engagement.ts';
import { closedGapRows } from '../../../electron/pack/report/closed-gap-rows.ts';
import { packEngagement } from '../../../electron/engine/pack-engagement.ts';
import { chosenSnapshot } from '../../../electron/engine/snapshot-choice.ts';
import { EVENT_TABLES, rebuildEvents } from '../../../electron/logs/derive-events.ts';
import { writeLogFolder } from '../../../electron/sandbox/events/write-folder.ts';
import { createDemoCa, createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { checkIndex } from '../../../electron/verify/pack/index-check.ts';
import { walkLedger } from '../../../electron/verify/pack/ledger-check.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';
import { sampleEngagement, sampleSource } from '../collect/sample.ts';
import { sandboxFor } from '../collect/support.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const ANN = { name: 'Ann Auditor', email: null };

/** An engagement with a live collection that may not read log files, and then those files as the client exported them. */
async function collectedThenImported() {
  const sandbox = await sandboxFor();
  const folder = temporaryFolder();
  const file = createEngagementFile(join(folder, 'e.keywitness'));
  onTestFinished(() => file.close());
  const work = { db: file.db, writer: new LedgerWriter(file.db) };
  const engagement = sampleEngagement();
  await declare(work.writer, ANN, 'engagement', '', engagement);
  await declare(work.writer, ANN, 'source', 'production', sampleSource(sandbox.aws));
  const live = await collectEngagement(work, {
    operator: ANN,
    credentialsFor: () => ({ aws: async () => sandbox.aws.credentials.auditor }),
    quotas: { multiplier: 100, reason: 'sample environment' },
    usageEventBudget: 0,
    signer: null,
    timestamp: { urls: [] },
  });
  const alone = derivedDigestOf(work.db, 's1');
  const [trail] = sandbox.company.trails;
  await writeLogFolder(sandbox.company, join(folder, 'logs'), {
    from: Date.parse(engagement.period.from) - 3_600_000,
    bucket: trail!.bucket,
  });
  const given = await importIntoEngagement(work, {
    paths: [join(folder, 'logs')],
    operator: ANN,
    signer: null,
    timestamp: { urls: [] },
  });
  return { ...work, folder, live, given, alone, account: sandbox.company.accounts[0].id };
}

function derivedDigestOf(db: Parameters<typeof derivedDigest>[0], snapshot: string): unknown {
  return db.prepare('SELECT * FROM key WHERE snapshot = ? ORDER BY id').all(snapshot);
}

it('reads a live collection and imported log files as one body of evidence', async () => {
  const { db, writer, folder, live, given, alone, account } = await collectedThenImported();
  expect([live.snapshotId, given.snapshot]).toEqual(['s1', 's2']);

  // The import declared the view, and the view is what is shown.
  const view = chosenSnapshot(db);
  expect(view).toMatchObject({ id: 'v1', members: ['s1', 's2'], sources: ['production', 'client-files'] });
  expect(chosenSnapshot(db, 's2+s1').id).toBe('v1');
  expect(view.startedAt).toBe(snapshots(db)[0]!.startedAt);

  // Keys and settings are those of the collection, and the collection alone is what it was.
  expect(derivedDigestOf(db, 's1')).toEqual(alone);
  const listed = (snapshot: string) =>
    db
      .prepare('SELECT id, basis, source, state FROM key WHERE snapshot = ? AND listed_start ORDER BY id')
      .all(snapshot);
  expect(listed('v1')).toEqual(listed('s1'));
  expect(listed('v1').length).toBeGreaterThan(20);

  // Coverage was not known from the collection alone; now it is, from the imported files.
  const place = `${account}/eu-west-1`;
  const coverage = (snapshot: string) =>
    resultsOf(db, snapshot, place).find((r) => r.control === 'log-coverage' && r.at === 'period');
  expect(coverage('s1')).toMatchObject({ result: 'evidence-required' });
  expect(coverage('v1')).toMatchObject({ result: 'pass' });
  const imports = new Set(db.prepare("SELECT seq FROM entry WHERE snapshot = 's2'").pluck().all());
  expect(coverage('v1')!.cites.filter((seq) => imports.has(seq)).length).toBeGreaterThan(0);
  const answers = (snapshot: string) =>
    db
      .prepare<[string], { id: string; result: string; cites: string }>(
        "SELECT control || ' ' || subject AS id, result, cites FROM test_result WHERE snapshot = ? AND at = 'period'",
      )
      .all(snapshot);
  const undetermined = new Set(answers('s1').flatMap((a) => (a.result === 'undetermined' ? [a.id] : [])));
  const answered = answers('v1').filter((a) => undetermined.has(a.id) && a.result === 'pass');
  expect(answered.length).toBeGreaterThan(0);
  for (const { cites } of answered) {
    expect((JSON.parse(cites) as number[]).some((seq) => imports.has(seq))).toBe(true);
  }

  // What the files fill is told as closed by them; the rest of the collection's gaps stays.
  const closed = db
    .prepare<[], { run: string; reason: string; closed_by: string; cites: string }>(
      "SELECT run, reason, closed_by, cites FROM closed_gap WHERE snapshot = 'v1'",
    )
    .all();
  expect(closed.map(({ reason }) => reason)).toContain('log-files-not-read');
  for (const gap of closed) {
    expect([gap.run, JSON.parse(gap.closed_by)]).toEqual(['s1', ['s2']]);
    for (const seq of JSON.parse(gap.cites) as number[]) expect(imports).toContain(seq);
  }
  const told = closedGapRows(db, 'v1');
  expect(told.reduce((sum, row) => sum + row.gaps, 0)).toBe(closed.length);
  expect(closedGapRows(db, 's1')).toEqual([]);
  const gaps = (snapshot: string) => [...iterateGaps(db, snapshot)].length;
  expect(gaps('v1')).toBe(gaps('s1') + gaps('s2') - closed.length);

  // The ledger alone gives the same rows again.
  const tables = [...EVENT_TABLES];
  const before = derivedDigest(db, tables);
  rebuildEvents(db);
  analyse(db);
  expect(derivedDigest(db, tables)).toBe(before);

  // One pack of both, which verification holds against the ledger.
  const now = new Date();
  const ca = await createDemoCa(now);
  const { signer } = await createDemoSigner(now, { ca });
  const pack = await packEngagement(
    { db, writer },
    { folder, signer, timestamp: { urls: [] }, signerRoots: [], authorityRoots: [] },
  );
  const verified = await verifyPack(pack.zip, { trusted: [] });
  expect(verified.checks.filter((check) => check.result === 'fail')).toEqual([]);
  expect(verified.verdict).toBe('intact-time-pending');
  const index = JSON.parse((await read(pack.zip, 'data/pack.json')).toString('utf8')) as {
    snapshot: { id: string; members: string[] };
    members: { id: string; exchanges: number; imports: number }[];
    closedGaps: unknown[];
  };
  expect(index.snapshot).toMatchObject({ id: 'v1', members: ['s1', 's2'] });
  expect(index.members.map(({ id }) => id)).toEqual(['s1', 's2']);
  expect(index.members[0]!.exchanges).toBeGreaterThan(200);
  expect(index.members[1]!.imports).toBe(given.files);
  expect(index.closedGaps).toHaveLength(closed.length);

  // An index that leaves a member out, or counts it short, is held against the ledger.
  const files = new Set(
    (index as unknown as { exhibits: { files: string[] }[] }).exhibits.flatMap((e) => e.files),
  );
  const unpacked = await walkLedger((name) => piecesOf(pack.zip, name));
  if (!('runs' in unpacked)) throw new Error(unpacked.what);
  const check = (change: object) => checkIndex(JSON.stringify({ ...index, ...change }), unpacked, files);
  expect(check({}).result).toBe('pass');
  const [first, second] = index.members;
  const fewer = { snapshot: { ...index.snapshot, members: ['s1'] }, members: [first] };
  expect(check(fewer)).toMatchObject({
    result: 'fail',
    detail: expect.stringContaining('declares s1, s2') as string,
  });
  const short = { members: [first, { ...second, imports: second!.imports - 1 }] };
  expect(check(short)).toMatchObject({
    result: 'fail',
    detail: expect.stringContaining('counts other entries') as string,
  });
});

async function* piecesOf(zip: string, name: string): AsyncGenerator<Buffer> {
  yield await read(zip, name);
}

async function read(zip: string, name: string): Promise<Buffer> {
  const file = await openPromise(zip);
  for await (const entry of file.eachEntry()) {
    if (entry.fileName !== name) continue;
    const parts: Buffer[] = [];
    for await (const part of await file.openReadStreamPromise(entry)) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }
  throw new Error(`cannot read ${name}: the pack has no such file.`);
}
