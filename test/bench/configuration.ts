import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { entries } from '../../db/ledger/read.ts';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import { createEngagementFile } from '../../db/open.ts';
import { collectSnapshot } from '../../electron/collect/collect-snapshot.ts';
import { requestsPerSecond } from '../../electron/collect/quotas.ts';
import type { QuotaChoice } from '../../electron/engagement/collection.ts';
import { defaultParameters } from '../../electron/engagement/parameters.ts';
import { awsOperations } from '../../electron/providers/aws/operations/index.ts';
import { startSandboxProcess } from '../../electron/sandbox/server/process.ts';
import { answerSteps, apart } from './apart.ts';
import type { Measure } from './result.ts';

/** Configuration of so many keys in one region, with a delay added to every answer. */
export interface ConfigurationOptions {
  folder: string;
  keys: number;
  latencyMs: number;
}

const REGION = 'eu-central-1';
const LOOKUP = 'aws.cloudtrail.LookupEvents';
const LIFTED: QuotaChoice = { multiplier: 1000, reason: 'bench without budgets' };

interface Collected {
  calls: number;
  /** From the first call to the last, and of that everything but the look-ups of events. */
  seconds: number;
  configurationSeconds: number;
  /** What the rate budgets alone ask for these very calls, seconds. */
  floorSeconds: number;
  configurationFloorSeconds: number;
}

/** Once within AWS's quotas, once with them lifted; `runs` times. */
export async function measureConfiguration(
  options: ConfigurationOptions,
  runs: number,
): Promise<Measure[][]> {
  const measured: Measure[][] = [];
  const what = `configuration of ${options.keys} keys, ${options.latencyMs} ms per response`;
  for (let n = 0; n < runs; n += 1) {
    const paced = await apart<Collected>(import.meta.filename, 'paced', options);
    const lifted = await apart<Collected>(import.meta.filename, 'lifted', options);
    const common = { peakMB: null, memoryTarget: null };
    const floorIs = 'what half of AWS’s quotas allows for these very calls';
    measured.push([
      {
        name: `${what}, within budgets`,
        ...{ seconds: paced.configurationSeconds, floorSeconds: paced.configurationFloorSeconds },
        ...{ target: 1.15, ...common },
        note: `everything but look-ups of events; floor: ${floorIs}`,
      },
      {
        name: `${what}, with the event history of a day`,
        ...{ seconds: paced.seconds, floorSeconds: paced.floorSeconds, target: 1.15, ...common },
        note: `${paced.calls} calls, LookupEvents at 1 a second; floor: ${floorIs}`,
      },
      {
        name: `${what}, budgets lifted`,
        ...{ seconds: lifted.seconds, floorSeconds: null, target: 10, ...common },
        note: `${lifted.calls} calls, event history of a day included`,
      },
    ]);
  }
  return measured;
}

async function collect(options: ConfigurationOptions, quotas: QuotaChoice): Promise<Collected> {
  const { folder, keys, latencyMs } = options;
  const sandbox = await startSandboxProcess({
    ...{ seed: 'bench', keys, catalogue: false, bulkRegions: [REGION], latencyMs },
    quotas: quotas === 'provider' ? 'aws' : 'sandbox',
    logs: { events: 2000 },
  });
  const file = join(folder, 'configuration.keywitness');
  rmSync(file, { force: true });
  const open = createEngagementFile(file);
  try {
    const day = 24 * 60 * 60_000;
    const today = Math.floor(Date.now() / day) * day;
    const result = await collectSnapshot({
      writer: new LedgerWriter(open.db),
      engagement: {
        ...{ client: 'Bench', criteria: ['CC6.1'], mode: 'management', type: 2, sample: true },
        period: { from: new Date(today - 2 * day).toISOString(), to: new Date(today - day).toISOString() },
        parameters: defaultParameters,
      },
      operator: { name: 'Bench', email: null },
      sources: [
        {
          ...{ provider: 'aws', id: 'bench', title: 'Bench', credentials: { from: 'default-chain' } },
          ...{ assumeRole: null, regions: [REGION], readLogFiles: false },
          sampleEndpoint: sandbox.aws.endpoint,
        },
      ],
      tool: { name: 'keywitness', version: 'bench' },
      credentialsFor: () => ({ aws: () => Promise.resolve(sandbox.aws.credentials.auditor) }),
      quotas,
      usageEventBudget: 0,
    });
    if (result.state !== 'complete' && result.state !== 'complete-with-gaps')
      throw new Error(`the collection ended as ${result.state}`);
    const described = [...entries(open.db, 'exchange', { op: 'aws.kms.DescribeKey' })];
    if (described.filter((e) => e.facts.outcome === 'ok').length < keys)
      throw new Error(`only ${described.length} of ${keys} keys were described`);
    return account(open.db, quotas);
  } finally {
    open.close();
    rmSync(file, { force: true });
    await sandbox.close();
  }
}

/** How long the recorded calls took, and how long the budgets alone would have. */
function account(db: Parameters<typeof entries>[0], quotas: QuotaChoice): Collected {
  const perBudget = new Map<string, { calls: number; perSecond: number }>();
  const all = { first: Infinity, last: -Infinity, calls: 0 };
  const configuration = { ...all };
  for (const { facts } of entries(db, 'exchange')) {
    const operation = awsOperations.find((op) => op.id === facts.op);
    for (const span of facts.op === LOOKUP ? [all] : [all, configuration]) {
      span.first = Math.min(span.first, Date.parse(facts.start));
      span.last = Math.max(span.last, Date.parse(facts.end));
      span.calls += 1;
    }
    if (!operation) continue;
    const budget = `${operation.quota.group ?? operation.id} ${facts.scope}`;
    const known = perBudget.get(budget) ?? { calls: 0, perSecond: requestsPerSecond(operation, quotas) };
    known.calls += 1;
    perBudget.set(budget, known);
  }
  // A budget lets one second's worth go at once.
  const secondsOf = ({ calls, perSecond }: { calls: number; perSecond: number }) =>
    Math.max(0, calls - Math.max(1, perSecond)) / perSecond;
  const budgets = [...perBudget];
  return {
    calls: all.calls,
    seconds: (all.last - all.first) / 1000,
    configurationSeconds: (configuration.last - configuration.first) / 1000,
    floorSeconds: Math.max(...budgets.map(([, b]) => secondsOf(b))),
    configurationFloorSeconds: Math.max(
      ...budgets.filter(([name]) => !name.startsWith(LOOKUP)).map(([, b]) => secondsOf(b)),
    ),
  };
}

await answerSteps(import.meta.filename, {
  paced: (options: ConfigurationOptions) => collect(options, 'provider'),
  lifted: (options: ConfigurationOptions) => collect(options, LIFTED),
});
