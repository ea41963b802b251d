import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WritableDb } from '../../db/handle.ts';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import { createEngagementFile } from '../../db/open.ts';
import { appendCheckpoint } from '../../electron/pack/append-checkpoint.ts';
import { collectSnapshot } from '../../electron/collect/collect-snapshot.ts';
import { runControls } from '../../electron/controls/run-controls.ts';
import { derive } from '../../electron/derive/derive.ts';
import { derivedDigest } from '../../electron/derive/digest.ts';
import { currentEngagement, currentSources } from '../../electron/engagement/current.ts';
import { declare } from '../../electron/engagement/declarations.ts';
import { defaultParameters } from '../../electron/engagement/parameters.ts';
import { packEngagement } from '../../electron/engine/pack-engagement.ts';
import { withEngagement } from '../../electron/engine/with-engagement.ts';
import { deriveEvents } from '../../electron/logs/derive-events.ts';
import { startSandboxProcess } from '../../electron/sandbox/server/process.ts';
import { createDemoSigner } from '../../electron/seal/demo-signer.ts';
import { verifyPack } from '../../electron/verify/verify-pack.ts';
import { answerSteps, apart } from './apart.ts';
import { watchMemory } from './memory.ts';
import type { Measure } from './result.ts';

/** An account of so many keys, from collecting to rebuilding, each step in a process of its own. */
export interface KeysOptions {
  folder: string;
  keys: number;
}

interface Timed {
  seconds: number;
  peakMB: number;
  note: string;
}

const OPERATOR = { name: 'Bench', email: null };
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];
const ENGAGEMENT = 'keys.keywitness';
const ZIP = 'keys.time-pending.zip';
const STEPS = ['collect', 'derive', 'test', 'pack', 'verify', 'rebuild'] as const;

/** Every step in turn; the collection only where an earlier run has not left one of that size. */
export async function measureKeys(options: KeysOptions, runs: number): Promise<Measure[][]> {
  const measured: Measure[][] = [];
  for (let n = 0; n < runs; n += 1) {
    const run: Measure[] = [];
    for (const step of STEPS) {
      if (step === 'collect' && isCollected(options)) continue;
      const { note, ...timed } = await apart<Timed>(import.meta.filename, step, options);
      run.push({
        name: `${step} of ${options.keys.toLocaleString('en')} keys`,
        ...{ ...timed, floorSeconds: null, target: null, memoryTarget: null, note },
      });
    }
    measured.push(run);
  }
  return measured;
}

const markOf = ({ folder }: KeysOptions): string => join(folder, 'keys.done');

function isCollected(options: KeysOptions): boolean {
  const mark = markOf(options);
  return existsSync(mark) && readFileSync(mark, 'utf8') === String(options.keys);
}

async function timed(work: () => Promise<string> | string): Promise<Timed> {
  const memory = watchMemory();
  const start = performance.now();
  const note = await work();
  return { seconds: (performance.now() - start) / 1000, peakMB: memory.stop(), note };
}

async function collect(options: KeysOptions): Promise<Timed> {
  const { folder, keys } = options;
  const file = join(folder, ENGAGEMENT);
  rmSync(file, { force: true });
  const sandbox = await startSandboxProcess({
    ...{ seed: 'bench', keys, catalogue: false, bulkRegions: REGIONS, quotas: 'sandbox' },
    logs: { events: Math.max(20_000, keys * 4) },
  });
  const open = createEngagementFile(file);
  try {
    const { db } = open;
    const writer = new LedgerWriter(db);
    const day = 24 * 60 * 60_000;
    const today = Math.floor(Date.now() / day) * day;
    await declare(writer, OPERATOR, 'engagement', '', {
      ...{ client: 'Bench', criteria: ['CC6.1'], mode: 'management', type: 2, sample: true },
      period: { from: new Date(today - 2 * day).toISOString(), to: new Date(today - day).toISOString() },
      parameters: defaultParameters,
    });
    await declare(writer, OPERATOR, 'source', 'bench', {
      ...{ provider: 'aws', id: 'bench', title: 'Bench', credentials: { from: 'default-chain' } },
      ...{ assumeRole: null, regions: REGIONS, readLogFiles: false },
      sampleEndpoint: sandbox.aws.endpoint,
    });
    const measured = await timed(async () => {
      const result = await collectSnapshot({
        ...{ writer, engagement: currentEngagement(db), sources: currentSources(db), operator: OPERATOR },
        tool: { name: 'keywitness', version: 'bench' },
        credentialsFor: () => ({ aws: () => Promise.resolve(sandbox.aws.credentials.auditor) }),
        quotas: { multiplier: 10_000, reason: 'bench without budgets' },
        usageEventBudget: 0,
      });
      return `${result.state}, ${writer.head.seq} entries`;
    });
    await appendCheckpoint(writer, 'snapshot', { signer: null, timestamp: null, now: new Date() });
    writeFileSync(markOf(options), String(keys));
    return measured;
  } finally {
    open.close();
    await sandbox.close();
  }
}

/** Runs one step on the engagement that was collected. */
function onEngagement(work: (db: WritableDb, writer: LedgerWriter) => Promise<string> | string) {
  return ({ folder }: KeysOptions): Promise<Timed> =>
    withEngagement(join(folder, ENGAGEMENT), ({ db, writer }) => timed(() => work(db, writer)));
}

const deriveStep = onEngagement((db) => {
  deriveEvents(db);
  derive(db);
  return `${db.prepare<[], number>('SELECT count(*) FROM key').pluck().get()} rows of keys`;
});

const test = onEngagement((db) => `${runControls(db, { snapshot: 's1' })} answers`);

async function pack({ folder }: KeysOptions): Promise<Timed> {
  const { signer } = await createDemoSigner(new Date());
  return onEngagement(async (db, writer) => {
    const { zip } = await packEngagement(
      { db, writer },
      {
        ...{ folder, signer, timestamp: null, signerRoots: [], authorityRoots: [] },
        names: { pdf: 'keys.pdf', zip: 'keys.zip' },
      },
    );
    return `${(statSync(zip).size / 1e6).toFixed(0)} MB`;
  })({ folder, keys: 0 });
}

function verify({ folder }: KeysOptions): Promise<Timed> {
  return timed(async () => {
    const { verdict, headline } = await verifyPack(join(folder, ZIP));
    if (verdict !== 'intact-time-pending') throw new Error(`the pack does not verify: ${headline}`);
    return verdict;
  });
}

/** Derives again and tests again: every derived row must be the same. */
const rebuild = onEngagement((db) => {
  const before = derivedDigest(db);
  derive(db);
  runControls(db, { snapshot: 's1' });
  const after = derivedDigest(db);
  if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error('rebuild gave other rows');
  return 'identical rows';
});

await answerSteps(import.meta.filename, {
  ...{ collect, derive: deriveStep, test, pack, verify, rebuild },
});
