import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { StampingQueue } from '../../../electron/engine/service/stamping-queue.ts';
import { stampQueue } from '../../../electron/engine/stamp-queue.ts';
import { startTsa, type Tsa } from '../../../electron/sandbox/tsa/tsa.ts';
import { createDemoCa, createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { inspectPdfSignatures } from '../../../electron/seal/pades.ts';
import { signatureTimestamps } from '../../../electron/seal/cades-levels.ts';
import { parseTimestampToken } from '../../../electron/seal/timestamp/token.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';
import { keywitness } from '../../support/run-cli.ts';
import { readPack } from '../../support/rewrite-pack.ts';
import { smallPack } from '../../support/small-pack.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const NOW = new Date();

async function place() {
  const ca = await createDemoCa(NOW);
  const tsa = await startTsa({ ca, revocation: true });
  onTestFinished(() => tsa.close());
  const { signer } = await createDemoSigner(NOW, { ca, services: tsa.services });
  const pending = () => smallPack({ signer, timestamp: null, signerRoots: [ca.certificate], now: NOW });
  return { ca, tsa, signer, pending };
}

test('packs that wait are remembered, and one run stamps all of them', async () => {
  const { ca, tsa, pending } = await place();
  const home = temporaryFolder();
  const first = (await pending()).pack;
  const second = { zip: first.zip.replace(/[^/]*$/, 'second.time-pending.zip') };
  copyFileSync(first.zip, second.zip);
  const queue = new StampingQueue(home);
  queue.add(first.zip, 'no timestamp authority was given', new Date('2026-01-01T00:00:00Z'));
  queue.add(second.zip, 'no timestamp authority was given', new Date('2026-01-02T00:00:00Z'));
  queue.add(join(home, 'gone.zip'), null, new Date('2026-01-03T00:00:00Z'));
  expect(statSync(join(home, 'stamping-queue.json')).mode & 0o077).toBe(0);

  // The authorities are silent: each is asked once, for the first pack only; nothing is lost, and what is not there any more is named.
  tsa.setFault('http-error');
  const timestamp = { urls: [tsa.url, `${tsa.url}/other`] };
  const before = tsa.requests.length;
  const silent = await stampQueue(new StampingQueue(home), { timestamp });
  expect(tsa.requests.length - before).toBe(2);
  expect(silent.map(({ waits }) => waits).sort()).toEqual([false, true, true]);
  expect(silent.find(({ waits }) => !waits)!.why).toContain('no such file');
  const waiting = new StampingQueue(home).list();
  expect(waiting.map(({ zip }) => zip)).toEqual([first.zip, second.zip]);
  expect(waiting[0]).toMatchObject({ since: '2026-01-01T00:00:00.000Z' });
  expect(waiting[0]!.why).toContain('503');

  tsa.setFault(null);
  const done = await stampQueue(new StampingQueue(home), { timestamp });
  expect(new StampingQueue(home).list()).toEqual([]);
  for (const { stamped } of done) {
    expect(stamped!.seal.level).toBe('B-LTA');
    const { verdict, level } = await verifyPack(stamped!.zip, { trusted: [ca.certificate] });
    expect({ verdict, level }).toEqual({ verdict: 'intact', level: 'B-LTA' });
  }

  // Killed after the pack was written and before the queue was: the next run sees that it is done.
  new StampingQueue(home).add(first.zip, null);
  const [again] = await stampQueue(new StampingQueue(home), { timestamp });
  expect(again).toMatchObject({ stamped: null, waits: false });
  expect(again!.why).toContain('stamped before');
  expect(new StampingQueue(home).list()).toEqual([]);
});

test('one request stamps all that wait', async () => {
  const { ca, tsa, pending } = await place();
  const queue = new StampingQueue(temporaryFolder());
  const { zip } = (await pending()).pack;
  const other = zip.replace(/[^/]*$/, 'other.time-pending.zip');
  copyFileSync(zip, other);
  queue.add(zip, null);
  queue.add(other, null);
  const before = tsa.requests.length;
  const done = await stampQueue(queue, { timestamp: { urls: [tsa.url] }, together: true });
  expect(tsa.requests.length - before).toBe(1);
  expect(queue.list()).toEqual([]);
  for (const { stamped } of done)
    expect((await verifyPack(stamped!.zip, { trusted: [ca.certificate] })).verdict).toBe('intact');
});

const authoritiesOf = (tokens: readonly Uint8Array[]) =>
  new Set(tokens.map((token) => JSON.stringify(parseTimestampToken(token).signedData.signers[0]!.sid)));

test.each(['online', 'later'])('two authorities give a time each, %s', async (when) => {
  const { ca, tsa, signer } = await place();
  const other = await startTsa({ revocation: true, kind: 'p384' });
  onTestFinished(() => other.close());
  const timestamp = { urls: [tsa.url], second: [other.url] };
  const online = when === 'online';
  const { pack } = await smallPack({
    signer,
    timestamp: online ? timestamp : null,
    signerRoots: [ca.certificate],
    now: NOW,
  });
  let { zip, pdf } = pack;
  if (!online) {
    const queue = new StampingQueue(temporaryFolder());
    queue.add(zip, null);
    const [outcome] = await stampQueue(queue, { timestamp });
    expect(outcome!.stamped!.seal).toMatchObject({ level: 'B-LTA', lacking: [] });
    zip = outcome!.stamped!.zip;
    pdf = zip.replace('.zip', '.pdf');
  }
  const signature = (await readPack(zip)).find(({ name }) => name.endsWith('signature001.p7s'))!.bytes;
  expect(signatureTimestamps(signature)).toHaveLength(2);
  expect(authoritiesOf(signatureTimestamps(signature)).size).toBe(2);
  const places = inspectPdfSignatures(new Uint8Array(readFileSync(pdf)));
  const tokens = places.flatMap(({ kind, contents }) =>
    kind === 'timestamp' ? [contents] : signatureTimestamps(contents),
  );
  expect(authoritiesOf(tokens).size).toBe(2);
  const trusted = [ca.certificate, other.caDer];
  const result = await verifyPack(zip, { trusted });
  expect(result.checks.filter((check) => check.result === 'fail')).toEqual([]);
  expect(result).toMatchObject({ verdict: 'intact', level: 'B-LTA' });
  // Either alone is enough.
  expect((await verifyPack(zip, { trusted: [ca.certificate] })).verdict).toBe('intact');
});

test('a second authority that is silent, or the first one again, costs the second time alone', async () => {
  const { ca, tsa, signer } = await place();
  const seal = async (second: string) =>
    (
      await smallPack({
        signer,
        timestamp: { urls: [tsa.url], second: [second] },
        signerRoots: [ca.certificate],
      })
    ).pack.seal;
  const same = await seal(tsa.url.replace('127.0.0.1', 'localhost'));
  expect(same.level).toBe('B-LTA');
  expect(same.lacking.join()).toMatch(/a second authority: (the one asked is the first one|.*ECONNREFUSED)/);
  const silent = await seal('http://127.0.0.1:1/tsa');
  expect(silent.level).toBe('B-LTA');
  expect(silent.lacking.join()).toContain('a second authority: ');
});

test('the command line remembers authorities, tests them, and stamps what waits', async () => {
  const { ca, tsa, pending } = await place();
  const down: Tsa = await startTsa({ ca });
  await down.close();
  const { zip } = (await pending()).pack;
  new StampingQueue(process.env.KEYWITNESS_HOME!).add(zip, 'no timestamp authority was given');
  const json = async (...args: string[]) => {
    const run = await keywitness(...args, '--json');
    return { code: run.code, out: JSON.parse(run.stdout) as Record<string, never>, stderr: run.stderr };
  };
  onTestFinished(() => void keywitness('tsa', 'set'));

  expect((await keywitness('tsa', 'set', 'http://ann:secret@127.0.0.1/tsa')).stderr).toContain(
    'never stored',
  );
  expect((await keywitness('tsa', 'set', 'nonsense')).stderr).toContain('is not a URL');
  const set = await json('tsa', 'set', down.url, tsa.url);
  expect(set.out).toEqual({ timestamp: { urls: [down.url, tsa.url], roots: [] } });
  expect((await keywitness('tsa', 'list')).stdout).toBe(`1. ${down.url}\n2. ${tsa.url}\n`);
  expect(readFileSync(join(process.env.KEYWITNESS_HOME!, 'settings.json'), 'utf8')).not.toContain('secret');

  const tested = await json('tsa', 'test');
  expect(tested.code).toBe(1);
  expect(tested.out).toMatchObject({
    tests: [{ answer: null }, { answer: { authority: expect.stringContaining('time-stamp') as string } }],
  });

  expect(await json('timestamp', '--list')).toMatchObject({
    code: 0,
    out: { packs: [{ zip, exists: true }] },
  });
  // The first authority is silent: the next one stamps.
  const stamped = await json('timestamp', '--queue');
  expect(stamped).toMatchObject({
    code: 0,
    out: { packs: [{ zip, stamped: { seal: { level: 'B-LTA' } } }] },
  });
  expect(existsSync(zip)).toBe(false);
  expect((await keywitness('timestamp', '--list')).stdout).toBe('No pack waits for its time.\n');
  expect((await keywitness('timestamp')).stderr).toContain('give packs, or --queue');
});
