import { onTestFinished } from 'vitest';
import { entries } from '../../../db/ledger/read.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { collectSnapshot, type CollectOptions } from '../../../electron/collect/collect-snapshot.ts';
import { derive } from '../../../electron/derive/derive.ts';
import type { VaultSource } from '../../../electron/engagement/vault-source.ts';
import { buildCompany } from '../../../electron/sandbox/company/company.ts';
import {
  startVaultSandbox,
  type VaultSandbox,
  type VaultSandboxOptions,
} from '../../../electron/sandbox/vault/index.ts';
import { newEngagement } from '../../support/ledger.ts';
import { sampleEngagement } from '../collect/sample.ts';

/** A Vault sandbox that is closed when the test ends. */
export async function vaultFor(options: VaultSandboxOptions = {}): Promise<VaultSandbox> {
  const sandbox = await startVaultSandbox(buildCompany(), options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export function vaultSampleSource(
  sandbox: Pick<VaultSandbox, 'endpoint'>,
  overrides: Partial<VaultSource> = {},
): VaultSource {
  return {
    provider: 'vault',
    id: 'vault',
    title: 'Vault',
    address: sandbox.endpoint,
    sample: true,
    namespace: null,
    namespaces: null,
    mounts: null,
    caFile: null,
    login: { from: 'token' },
    kvMetadata: true,
    auditLogs: [],
    ...overrides,
  };
}

/** Options that fit the sandbox: the auditor's token, quick budgets. */
export function vaultOptions(
  sandbox: VaultSandbox,
  overrides: Partial<CollectOptions> & Pick<CollectOptions, 'writer'>,
  token: string = sandbox.tokens.auditor,
): CollectOptions {
  return {
    engagement: sampleEngagement(),
    operator: { name: 'Ann Auditor', email: null },
    sources: [vaultSampleSource(sandbox)],
    tool: { name: 'keywitness', version: '0.0.0' },
    credentialsFor: () => ({ vault: given(token) }),
    quotas: { multiplier: 100, reason: 'sample environment' },
    ...overrides,
  };
}

/** Whoever answers for the operator: the same secret for everything. */
export function given(secret: string) {
  return { secret: () => Promise.resolve(secret), openPage: () => Promise.resolve() };
}

/** Collects a sandbox into a new engagement. */
export async function collectVaultSample(
  sandbox: VaultSandbox,
  overrides: Partial<CollectOptions> = {},
  token?: string,
) {
  const open = newEngagement();
  const result = await collectSnapshot(vaultOptions(sandbox, { writer: open.writer, ...overrides }, token));
  return { ...open, result };
}

/** The same, with the derived rows. */
export async function deriveVaultSample(...args: Parameters<typeof collectVaultSample>) {
  const collected = await collectVaultSample(...args);
  derive(collected.db);
  return collected;
}

/** Everything that is stored of a ledger, as text: for searching what must not be in it. */
export function storedText(db: ReadableDb): string {
  const parts: string[] = [];
  for (const { facts, values } of entries(db, 'exchange')) parts.push(JSON.stringify([facts, values]));
  return parts.join('\n');
}
