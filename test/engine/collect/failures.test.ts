import { expect, test } from 'vitest';
import { createRunControl } from '../../../electron/collect/control.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import type { CollectProgress } from '../../../electron/collect/progress.ts';
import { newEngagement } from '../../support/ledger.ts';
import { sampleSource } from './sample.ts';
import { collectSample, doubled, evidence, exchanges, sampleOptions, sandboxFor } from './support.ts';

test.each(['drop', 'cut', 'error-500', 'malformed'] as const)(
  'a call whose answer goes wrong once (%s) is asked again and both tries are recorded',
  async (how) => {
    const sandbox = await sandboxFor({ failures: [{ operation: 'kms:GetKeyPolicy', call: 3, how }] });
    const { db, result } = await collectSample(sandbox);
    const failed = exchanges(db).filter(
      (e) => e.facts.op === 'aws.kms.GetKeyPolicy' && e.facts.attempt === 2,
    );
    expect(failed).toHaveLength(1);
    expect(failed[0]!.facts.outcome).toBe('ok');
    const firstTry = exchanges(db).find(
      (e) =>
        e.values.params === failed[0]!.values.params &&
        e.facts.op === 'aws.kms.GetKeyPolicy' &&
        e.facts.attempt === 1,
    )!;
    expect(firstTry.facts.outcome).toBe(how === 'drop' || how === 'cut' ? 'network' : 'error');
    if (how === 'malformed') {
      expect(firstTry.facts).toMatchObject({ httpStatus: 200, errorCode: 'MalformedAnswer' });
      expect(firstTry.values.body).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(
      result.gaps.filter((g) => g.op === 'aws.kms.GetKeyPolicy' && g.code !== 'AccessDeniedException'),
    ).toEqual([]);
  },
);

test('a call that fails at every try is one gap, with all its tries recorded', async () => {
  const failures = [{ operation: 'kms:ListAliases', call: 1, count: 4, how: 'error-500' as const }];
  const sandbox = await sandboxFor({ failures });
  const regions = [sandbox.aws.regions[0]!];
  const { result, db } = await collectSample(sandbox, { sources: [sampleSource(sandbox.aws, { regions })] });
  const tries = exchanges(db).filter((e) => e.facts.op === 'aws.kms.ListAliases');
  expect(tries.map((e) => e.facts.attempt)).toEqual([1, 2, 3, 4]);
  expect(tries.every((e) => e.facts.httpStatus === 500)).toBe(true);
  expect(result.gaps.filter((g) => g.op === 'aws.kms.ListAliases')).toHaveLength(1);
});

test('throttling answers slow the operation down and nothing is lost', async () => {
  const quotas = { 'kms:DescribeKey': 5 };
  const sandbox = await sandboxFor({ quotas });
  const whole = await sandboxFor();
  const regions = [sandbox.aws.regions[0]!];
  const events: CollectProgress[] = [];
  const { db, result } = await collectSample(sandbox, {
    sources: [sampleSource(sandbox.aws, { regions })],
    onProgress: (event) => events.push(event),
  });
  const throttled = exchanges(db).filter((e) => e.facts.errorCode === 'ThrottlingException');
  expect(throttled.length).toBeGreaterThan(0);
  expect(throttled.every((e) => e.facts.httpStatus === 400)).toBe(true);
  expect(events.some((e) => e.kind === 'operation' && e.op === 'aws.kms.DescribeKey' && e.throttled)).toBe(
    true,
  );
  expect(result.gaps.filter((g) => g.code === 'ThrottlingException')).toEqual([]);
  const reference = await collectSample(whole, { sources: [sampleSource(whole.aws, { regions })] });
  expect(evidence(db)).toEqual(evidence(reference.db));
  expect(doubled(db)).toEqual([]);
});

test('LookupEvents never exceeds the two requests a second that AWS allows', async () => {
  const sandbox = await sandboxFor({ quotas: 'aws' });
  const regions = [sandbox.aws.regions[0]!];
  const control = createRunControl();
  setTimeout(() => control.cancel(), 7000);
  const { db } = await collectSample(sandbox, {
    sources: [sampleSource(sandbox.aws, { regions })],
    quotas: 'provider',
    control,
  });
  const at = (await sandbox.calls())
    .filter((c) => c.operation === 'cloudtrail:LookupEvents')
    .map((c) => c.at);
  expect(at.length).toBeGreaterThanOrEqual(5);
  for (const from of at) {
    // Arrival times carry the jitter of two processes' worth of scheduling; a tenth of a second covers it.
    expect(at.filter((t) => t >= from && t < from + 900).length).toBeLessThanOrEqual(2);
  }
  expect(exchanges(db).filter((e) => e.facts.errorCode === 'ThrottlingException')).toEqual([]);
});

test('look-ups of events that keep failing are given up, with a gap that says so', async () => {
  const failures = [
    { operation: 'cloudtrail:LookupEvents', call: 1, count: 1000, how: 'error-500' as const },
  ];
  const sandbox = await sandboxFor({ failures });
  const regions = [sandbox.aws.regions[0]!];
  const { result, db } = await collectSample(sandbox, { sources: [sampleSource(sandbox.aws, { regions })] });
  const tries = exchanges(db).filter((e) => e.facts.op === 'aws.cloudtrail.LookupEvents');
  expect(tries).toHaveLength(2 * 4);
  const gaps = result.gaps.filter((g) => g.op === 'aws.cloudtrail.LookupEvents');
  expect(gaps.map((g) => g.message).join()).toContain('the others were not asked');
});

test('cancelling ends the run within two seconds, also with slow answers in flight', async () => {
  const sandbox = await sandboxFor({
    slow: { 'kms:DescribeKey': 20_000, 'iam:GetAccountAuthorizationDetails': 20_000 },
  });
  const open = newEngagement();
  const controller = new AbortController();
  let cancelledAt = 0;
  setTimeout(() => {
    cancelledAt = performance.now();
    controller.abort();
  }, 800);
  const result = await collectSnapshot(
    sampleOptions(sandbox, { writer: open.writer, signal: controller.signal }),
  );
  expect(performance.now() - cancelledAt).toBeLessThan(2000);
  expect(cancelledAt).toBeGreaterThan(0);
  expect(result.state).toBe('cancelled');
  const inFlight = exchanges(open.db).filter((e) => e.facts.outcome === 'interrupted');
  expect(inFlight.length).toBeGreaterThan(0);
  expect(open.db.prepare('SELECT count(*) FROM intent').pluck().get()).toBe(0);
});

test('cancelling ends the run within two seconds, also while it backs off', async () => {
  const failures = [{ operation: 'kms:ListKeys', call: 1, count: 1000, how: 'throttle' as const }];
  const sandbox = await sandboxFor({ failures });
  const controller = new AbortController();
  let cancelledAt = 0;
  setTimeout(() => {
    cancelledAt = performance.now();
    controller.abort();
  }, 4000);
  const { result } = await collectSample(sandbox, { signal: controller.signal });
  expect(performance.now() - cancelledAt).toBeLessThan(2000);
  expect(result.state).toBe('cancelled');
});

test('a paused run sends nothing and goes on when resumed', async () => {
  const sandbox = await sandboxFor({ latencyMs: 20 });
  const control = createRunControl();
  const running = collectSample(sandbox, { control });
  await new Promise((resolve) => setTimeout(resolve, 300));
  control.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const paused = (await sandbox.calls()).length;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await sandbox.calls()).length).toBe(paused);
  control.resume();
  const { result } = await running;
  expect(result.state).toBe('complete-with-gaps');
  expect((await sandbox.calls()).length).toBeGreaterThan(paused);
});

test('expired credentials stop the source at once, and others can go on with the snapshot', async () => {
  const sandbox = await sandboxFor();
  const open = newEngagement();
  const options = sampleOptions(sandbox, { writer: open.writer });
  const stopped = await collectSnapshot({
    ...options,
    credentialsFor: () => ({ aws: async () => sandbox.aws.credentials.expired }),
  });
  expect(stopped.state).toBe('stopped');
  expect(stopped.stopped).toMatchObject([{ code: 'CREDENTIALS' }]);
  expect(stopped.stopped[0]!.message).toMatch(/ExpiredToken/);
  expect((await sandbox.calls()).length).toBe(1);

  const result = await collectSnapshot({ ...options, resume: stopped.snapshotId });
  expect(result.state).toBe('complete-with-gaps');
  expect(result.gaps.filter((g) => g.op === 'aws.sts.GetCallerIdentity')).toEqual([]);
});

test('wrong credentials stop the source at once', async () => {
  const sandbox = await sandboxFor();
  const { result } = await collectSample(sandbox, {
    credentialsFor: () => ({
      aws: async () => ({ ...sandbox.aws.credentials.auditor, secretAccessKey: 'not-the-secret' }),
    }),
  });
  expect(result.stopped).toMatchObject([{ code: 'CREDENTIALS' }]);
  expect((await sandbox.calls()).length).toBe(1);
});

test('an operator without credentials is told so', async () => {
  const sandbox = await sandboxFor();
  const { result } = await collectSample(sandbox, {
    credentialsFor: () => ({
      aws: async () => {
        throw Object.assign(new Error('Could not load credentials from any providers'), {
          name: 'CredentialsProviderError',
        });
      },
    }),
  });
  expect(result.stopped[0]).toMatchObject({ code: 'CREDENTIALS' });
  expect(await sandbox.calls()).toEqual([]);
});
