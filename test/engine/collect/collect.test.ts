import { expect, test } from 'vitest';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { gapsOf } from '../../../electron/collect/gaps.ts';
import { notesOf } from '../../../electron/collect/notes.ts';
import { snapshots } from '../../../electron/engagement/current.ts';
import { declared } from '../../../electron/engagement/declarations.ts';
import { openLogIngest } from '../../../electron/logs/ingest.ts';
import { sampleEngagement, sampleSource } from './sample.ts';
import { collectSample, doubled, evidence, exchanges, sampleOptions, sandboxFor } from './support.ts';
import { newEngagement } from '../../support/ledger.ts';

test('an account with denied calls is collected whole, and every denied call is a gap with its reason', async () => {
  const sandbox = await sandboxFor();
  const { db, result } = await collectSample(sandbox);

  expect(result.state).toBe('complete-with-gaps');
  expect(verifyLedger(db).fault).toBeNull();
  expect(doubled(db)).toEqual([]);
  expect(db.prepare('SELECT count(*) FROM intent').pluck().get()).toBe(0);
  expect(snapshots(db)[0]!.close!.state).toBe('complete-with-gaps');

  const account = sandbox.aws.accounts[0].id;
  const existing = sandbox.company.keys.filter((key) => key.accountId === account && !key.deletedAt);
  const described = exchanges(db).filter((e) => e.facts.op === 'aws.kms.DescribeKey' && e.facts.label === '');
  expect(described).toHaveLength(existing.length);
  const denied = existing.filter((key) =>
    sandbox.company.truthTable.some((row) => row.keyArn === key.arn && row.rotationDenied),
  );
  expect(denied.length).toBeGreaterThan(0);
  for (const key of denied) {
    const gap = result.gaps.find(
      (g) => g.op === 'aws.kms.GetKeyRotationStatus' && g.subject.includes(key.keyId),
    );
    expect(gap).toMatchObject({ code: 'AccessDeniedException' });
    expect(gap!.message).toContain('not authorized');
    expect(gap!.remedy).toContain('kms:GetKeyRotationStatus');
  }
  expect(gapsOf(db, 's1')).toEqual(result.gaps);
});

test('AWS managed, asymmetric and HMAC keys are never asked for a rotation status', async () => {
  const sandbox = await sandboxFor();
  const { db } = await collectSample(sandbox);
  const rotating = (key: { manager: string; spec: string; origin: string }) =>
    key.manager === 'CUSTOMER' && key.spec === 'SYMMETRIC_DEFAULT' && key.origin === 'AWS_KMS';
  const asked = exchanges(db)
    .filter((e) => e.facts.op === 'aws.kms.GetKeyRotationStatus')
    .map((e) => (JSON.parse(e.values.params!) as { KeyId: string }).KeyId);
  expect(asked.length).toBeGreaterThan(20);
  const undescribed = new Set(
    exchanges(db)
      .filter((e) => e.facts.op === 'aws.kms.DescribeKey' && e.facts.outcome === 'error')
      .map((e) => (JSON.parse(e.values.params!) as { KeyId: string }).KeyId),
  );
  for (const id of asked) {
    const key = sandbox.company.keys.find((k) => k.keyId === id)!;
    expect(rotating(key) || undescribed.has(id), `${key.story} was asked`).toBe(true);
  }
});

test('regions that are not enabled are noted with the reason and are no gap', async () => {
  const sandbox = await sandboxFor();
  const { db, result } = await collectSample(sandbox);
  const disabled = sandbox.company.regions.filter((r) => r.status === 'DISABLED').map((r) => r.name);
  const noted = notesOf(db, 's1').filter((n) => n.what === 'region-not-enabled');
  expect(noted.map((n) => n.scope.split('/')[1]).sort()).toEqual([...disabled].sort());
  expect(result.gaps.filter((g) => g.code.startsWith('region'))).toEqual([]);
});

test('an enabled region that the source leaves out is a gap', async () => {
  const sandbox = await sandboxFor();
  const regions = [sandbox.aws.regions[0]!];
  const { result } = await collectSample(sandbox, { sources: [sampleSource(sandbox.aws, { regions })] });
  const left = result.gaps.filter((g) => g.code === 'region-not-collected').map((g) => g.scope.split('/')[1]);
  expect(left.sort()).toEqual(sandbox.aws.regions.slice(1).sort());
});

test('two accounts in one snapshot, the second through an assumed role with an external id', async () => {
  const sandbox = await sandboxFor();
  const { accounts, securityRoleArn: roleArn, externalId } = sandbox.aws;
  const { db, result } = await collectSample(sandbox, {
    sources: [
      sampleSource(sandbox.aws),
      sampleSource(sandbox.aws, { id: 'security', assumeRole: { roleArn, externalId } }),
    ],
  });
  expect(result.stopped).toEqual([]);
  const assumed = exchanges(db).filter((e) => e.facts.op === 'aws.sts.AssumeRole');
  expect(assumed).toHaveLength(1);
  expect(assumed[0]!.facts).toMatchObject({ bodyClass: 'none', bodyBytes: null, outcome: 'ok' });
  expect(assumed[0]!.values.body).toBeUndefined();
  const ofSecurity = exchanges(db).find(
    (e) => e.facts.source === 'security' && e.facts.op === 'aws.kms.DescribeKey',
  )!;
  expect(ofSecurity.facts.scope.split('/')[0]).toBe(accounts[1].id);
  expect(JSON.parse(ofSecurity.values.caller!)).toMatchObject({ account: accounts[1].id });
});

test('a wrong external id stops that source only, and says what to check', async () => {
  const sandbox = await sandboxFor();
  const assumeRole = { roleArn: sandbox.aws.securityRoleArn, externalId: 'guessed' };
  const { result, db } = await collectSample(sandbox, {
    sources: [sampleSource(sandbox.aws), sampleSource(sandbox.aws, { id: 'security', assumeRole })],
  });
  expect(result.state).toBe('stopped');
  expect(result.stopped).toMatchObject([{ source: 'security', code: 'CREDENTIALS' }]);
  expect(result.stopped[0]!.message).toContain('external id');
  expect(
    exchanges(db).some((e) => e.facts.source === 'production' && e.facts.op === 'aws.kms.ListKeys'),
  ).toBe(true);
});

test('log files and digests come from the bucket with what their verification needs', async () => {
  const sandbox = await sandboxFor();
  const ingest = openLogIngest();
  try {
    const { accounts, securityRoleArn: roleArn, externalId } = sandbox.aws;
    const sources = [
      sampleSource(sandbox.aws, { readLogFiles: true }),
      sampleSource(sandbox.aws, { id: 'security', assumeRole: { roleArn, externalId }, readLogFiles: true }),
    ];
    const { db } = await collectSample(sandbox, { sources, ingestLines: ingest.ingestLines });
    expect(verifyLedger(db).fault).toBeNull();
    const objects = exchanges(db).filter((e) => e.facts.op === 'aws.s3.GetObject');
    const logs = objects.filter((e) => e.facts.bodyClass === 'lines');
    const digests = objects.filter((e) => e.facts.label === 'digest');
    expect(logs.length).toBeGreaterThan(15);
    expect(logs.every((e) => e.facts.lines!.defect === null && e.values.body === undefined)).toBe(true);
    expect(digests.length).toBeGreaterThan(15);
    for (const digest of digests) {
      const headers = JSON.parse(digest.values.headers!) as Record<string, string>;
      expect(headers['x-amz-meta-signature']).toMatch(/^[0-9a-f]+$/);
      expect(digest.values.body).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(new Set(objects.map((e) => e.facts.scope.split('/')[0]))).toContain(accounts[1].id);
  } finally {
    await ingest.close();
  }
});

test('nothing is asked twice when the same snapshot is resumed after a cancel', async () => {
  const sandbox = await sandboxFor({ latencyMs: 5 });
  const whole = await collectSample(sandbox);
  const open = newEngagement('cancelled.keywitness');
  const controller = new AbortController();
  const options = sampleOptions(sandbox, { writer: open.writer });
  setTimeout(() => controller.abort(), 150);
  const first = await collectSnapshot({ ...options, signal: controller.signal });
  expect(first.state).toBe('cancelled');
  expect(snapshots(open.db)[0]!.close).toBeNull();
  const before = evidence(open.db).size;
  expect(before).toBeLessThan(evidence(whole.db).size);

  const second = await collectSnapshot({ ...options, resume: first.snapshotId });
  expect(second.state).toBe('complete-with-gaps');
  expect(evidence(open.db)).toEqual(evidence(whole.db));
  expect(doubled(open.db)).toEqual([]);
  expect(declared(open.db, 'collect.settings')).toHaveLength(2);
});

test('a closed snapshot cannot be resumed', async () => {
  const sandbox = await sandboxFor();
  const { writer } = await collectSample(sandbox);
  await expect(collectSnapshot(sampleOptions(sandbox, { writer, resume: 's1' }))).rejects.toMatchObject({
    code: 'NOT_RESUMABLE',
  });
});

test('credentials of another account cannot resume a snapshot', async () => {
  const sandbox = await sandboxFor({ latencyMs: 5 });
  const open = newEngagement();
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 150);
  const options = sampleOptions(sandbox, { writer: open.writer });
  await collectSnapshot({ ...options, signal: controller.signal });
  const result = await collectSnapshot({
    ...options,
    resume: 's1',
    credentialsFor: () => ({ aws: async () => sandbox.aws.credentials.auditorSecurity }),
  });
  expect(result.stopped).toMatchObject([{ code: 'WRONG_ACCOUNT' }]);
});

test('a source with a sample endpoint is refused in a real engagement, before anything is sent', async () => {
  const sandbox = await sandboxFor();
  const open = newEngagement();
  const engagement = { ...sampleEngagement(), sample: false };
  await expect(
    collectSnapshot(sampleOptions(sandbox, { writer: open.writer, engagement })),
  ).rejects.toMatchObject({
    code: 'SAMPLE_ENDPOINT',
  });
  expect(await sandbox.calls()).toEqual([]);
});
