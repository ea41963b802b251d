import { onTestFinished } from 'vitest';
import type { ReadableDb } from '../../../db/handle.ts';
import { entries } from '../../../db/ledger/read.ts';
import { collectSnapshot, type CollectOptions } from '../../../electron/collect/collect-snapshot.ts';
import type { AzureSource, Engagement } from '../../../electron/engagement/engagement.ts';
import { defaultParameters } from '../../../electron/engagement/parameters.ts';
import {
  startAzureSandbox,
  type AzureSandbox,
  type AzureSandboxOptions,
} from '../../../electron/sandbox/azure/index.ts';
import { newEngagement } from '../../support/ledger.ts';

const DAY = 86_400_000;

/** A sandbox that is closed when the test ends. */
export async function azureSandboxFor(options: AzureSandboxOptions = {}): Promise<AzureSandbox> {
  const sandbox = await startAzureSandbox({ seed: 'azure-collect', ordinaryKeys: 3, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A sample engagement whose period is the sandbox's. */
export function azureEngagement({ estate }: Pick<AzureSandbox, 'estate'>, days = 60): Engagement {
  const to = new Date(Math.floor(estate.now / DAY) * DAY);
  return {
    client: 'Sample company',
    criteria: ['CC6.1'],
    mode: 'management',
    type: 2,
    period: { from: new Date(to.getTime() - days * DAY).toISOString(), to: to.toISOString() },
    parameters: defaultParameters,
    sample: true,
  };
}

export function azureSource({ azure }: Pick<AzureSandbox, 'azure'>): AzureSource {
  return {
    provider: 'azure',
    id: 'azure-sample',
    title: 'Sample tenant',
    tenant: azure.tenantId,
    cloud: 'public',
    credentials: { from: 'client-secret', clientId: azure.signIns.auditor.clientId },
    subscriptions: null,
    sampleEndpoint: azure.gateway,
    sampleCa: azure.ca,
    readLogs: true,
  };
}

/** Options that fit the sandbox: its own quotas, its own credentials. */
export function azureOptions(
  sandbox: AzureSandbox,
  overrides: Partial<CollectOptions> & Pick<CollectOptions, 'writer'>,
): CollectOptions {
  return {
    engagement: azureEngagement(sandbox),
    operator: { name: 'Ann Auditor', email: null },
    sources: [azureSource(sandbox)],
    tool: { name: 'keywitness', version: '0.0.0' },
    credentialsFor: () => ({
      azure: { secret: () => Promise.resolve(sandbox.azure.signIns.auditor.clientSecret) },
    }),
    quotas: { multiplier: 100, reason: 'sample environment' },
    ...overrides,
  };
}

/** Collects the sample tenant into a new engagement. */
export async function collectAzureSample(sandbox: AzureSandbox, overrides: Partial<CollectOptions> = {}) {
  const open = newEngagement();
  const result = await collectSnapshot(azureOptions(sandbox, { writer: open.writer, ...overrides }));
  return { ...open, result };
}

/** All exchanges of a ledger. */
export function exchanges(db: ReadableDb) {
  return [...entries(db, 'exchange')];
}
