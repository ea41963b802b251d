import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngagementFile } from '../../db/open.ts';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import type { EngagementCollectResult } from '../engine/collect-engagement.ts';
import type { OnProgress } from '../collect/progress.ts';
import { currentEngagement } from '../engagement/current.ts';
import { declare } from '../engagement/declarations.ts';
import type { Engagement, Operator, Source } from '../engagement/engagement.ts';
import { defaultParameters } from '../engagement/parameters.ts';
import { collectEngagement } from '../engine/collect-engagement.ts';
import { packEngagement } from '../engine/pack-engagement.ts';
import type { BuiltPack } from '../pack/build-pack.ts';
import { statistics, type Statistics } from '../pack/report/statistics.ts';
import { startAzureSandbox } from '../sandbox/azure/index.ts';
import { startSandbox, type Sandbox } from '../sandbox/index.ts';
import { startTsa } from '../sandbox/tsa/tsa.ts';
import { createDemoCa, createDemoSigner } from '../seal/demo-signer.ts';
import type { Verification } from '../verify/verification.ts';
import { verifyPack } from '../verify/verify-pack.ts';
import { asBefore, declareInterim } from './interim-snapshot.ts';
import { declareSampleAzure, sampleAzureCredentials } from './sample-azure.ts';
import { declareSampleVault, sampleVaultCredentials, startSampleVault } from './sample-vault.ts';
import { makeSampleRecords } from './sample-records.ts';

/** What the demo made, for its summary. */
export interface DemoResult {
  engagement: string;
  collected: EngagementCollectResult;
  numbers: Statistics;
  pack: BuiltPack;
  verification: Verification;
}

export interface DemoOptions {
  /** Folder for report.pdf, pack.zip and engagement.keywitness; what an earlier demo left there is replaced. */
  folder: string;
  signal?: AbortSignal;
  onStep: (step: string) => void;
  onProgress: OnProgress;
}

export const OPERATOR: Operator = { name: 'Demo operator', email: null };
const QUOTAS = {
  multiplier: 100,
  reason: 'the sample environment declares quotas a hundred times higher',
};
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The whole main job on the sample environment: servers on loopback that speak the real protocols, a collection, the
 * tests of controls, a signed and timestamped pack, and its verification. Everything says SAMPLE — NOT EVIDENCE.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { folder, onStep } = options;
  await mkdir(folder, { recursive: true });
  const names = { pdf: 'report.pdf', zip: 'pack.zip' };
  const file = join(folder, 'engagement.keywitness');
  for (const name of [file, ...Object.values(names).map((n) => join(folder, n))])
    await rm(name, { force: true });

  onStep('Starting the sample environment');
  const now = new Date();
  const sandbox = await startSandbox();
  const vault = await startSampleVault(sandbox.company);
  const azure = await startAzureSandbox();
  const ca = await createDemoCa(now);
  const tsa = await startTsa({ ca, revocation: true });
  const demo = await createDemoSigner(now, { ca, services: tsa.services });
  const engagementFile = createEngagementFile(file);
  try {
    const { db } = engagementFile;
    const writer = new LedgerWriter(db);
    await declareSample(writer, sandbox);
    const timestamp = { urls: [tsa.url], trusted: [tsa.caDer] };

    onStep('Collecting an interim snapshot, to compare with');
    await declareInterim(writer);
    const restore = asBefore(sandbox.company);
    await collectEngagement(
      { db, writer },
      {
        ...{ operator: OPERATOR, credentialsFor: (source) => credentialsFor(sandbox, source) },
        ...{ quotas: QUOTAS, signer: demo.signer, timestamp, usageEventBudget: 0 },
        ...(options.signal ? { signal: options.signal } : {}),
      },
    );
    restore();

    onStep('Collecting');
    await declareSampleSources(writer, sandbox);
    await declareSampleVault(writer, OPERATOR, vault);
    await declareSampleAzure(writer, OPERATOR, azure);
    const collected = await collectEngagement(
      { db, writer },
      {
        operator: OPERATOR,
        credentialsFor: (source) => {
          if (source.provider === 'azure') return sampleAzureCredentials(azure);
          return source.provider === 'vault'
            ? sampleVaultCredentials(vault)
            : credentialsFor(sandbox, source);
        },
        quotas: QUOTAS,
        signer: demo.signer,
        timestamp,
        onProgress: options.onProgress,
        ...(options.signal ? { signal: options.signal } : {}),
      },
    );
    onStep('Recording owners, documents and the review');
    const { period } = currentEngagement(db);
    await makeSampleRecords(
      { db, writer },
      {
        ...{ snapshot: collected.snapshotId, by: OPERATOR, timestamp, now },
        signerFor: async (commonName) =>
          (await createDemoSigner(now, { ca, commonName, services: tsa.services })).signer,
        lastDay: new Date(Date.parse(period.to) - DAY_MS).toISOString().slice(0, 10),
      },
    );
    onStep('Packing');
    const pack = await packEngagement(
      { db, writer },
      {
        folder,
        signer: demo.signer,
        timestamp,
        signerRoots: [tsa.caDer],
        authorityRoots: [tsa.caDer],
        names,
        onProgress: onStep,
      },
    );
    onStep('Verifying the pack');
    const verification = await verifyPack(pack.zip, { trusted: [tsa.caDer] });
    const numbers = statistics(db, collected.snapshotId);
    return { engagement: file, collected, numbers, pack, verification };
  } finally {
    engagementFile.close();
    await tsa.close();
    await azure.close();
    await vault.close();
    await sandbox.close();
  }
}

/** Declares the sample company's engagement and its sources. */
export async function declareSample(writer: LedgerWriter, sandbox: Sandbox): Promise<void> {
  const { asOf, name } = sandbox.company;
  const to = new Date(`${asOf.slice(0, 10)}T00:00:00.000Z`);
  const value: Engagement = {
    client: name,
    criteria: ['CC6.1', 'CC6.3', 'CC7.2'],
    mode: 'management',
    type: 2,
    period: { from: new Date(to.getTime() - 90 * DAY_MS).toISOString(), to: to.toISOString() },
    parameters: {
      ...defaultParameters,
      approvedAccounts: { value: sandbox.aws.accounts.map((a) => a.id), clause: 'Key Management Policy 4.2' },
      rotationDays: { value: 365, clause: 'Key Management Policy 5.1' },
    },
    sample: true,
  };
  await declare(writer, OPERATOR, 'engagement', '', value);
  await declareSampleSources(writer, sandbox);
}

/** Declares where the sample environment runs now: its addresses are others each time it is started. */
export async function declareSampleSources(writer: LedgerWriter, sandbox: Sandbox): Promise<void> {
  const [production, security] = sandbox.aws.accounts;
  const common = {
    provider: 'aws' as const,
    credentials: { from: 'default-chain' as const },
    regions: null,
    sampleEndpoint: sandbox.aws.endpoint,
    readLogFiles: true,
  };
  const sources: Source[] = [
    { ...common, id: 'aws-production', title: production.name, assumeRole: null },
    {
      ...common,
      id: 'aws-security',
      title: security.name,
      assumeRole: { roleArn: sandbox.aws.securityRoleArn, externalId: sandbox.aws.externalId },
    },
  ];
  for (const source of sources) await declare(writer, OPERATOR, 'source', source.id, source);
}

/** The sample environment's own auditor, in memory only. */
export function credentialsFor(sandbox: Sandbox, source: Source) {
  if (source.provider !== 'aws') return null;
  const { accessKeyId, secretAccessKey } = sandbox.aws.credentials.auditor;
  return { aws: () => Promise.resolve({ accessKeyId, secretAccessKey }) };
}
