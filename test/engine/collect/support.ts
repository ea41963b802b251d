import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { entries } from '../../../db/ledger/read.ts';
import { collectSnapshot, type CollectOptions } from '../../../electron/collect/collect-snapshot.ts';
import { callKey } from '../../../electron/recorder/finals.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../electron/sandbox/index.ts';
import { newEngagement } from '../../support/ledger.ts';
import { sampleEngagement, sampleSource } from './sample.ts';

/** A sandbox that is closed when the test ends. Few events, so that it starts fast. */
export async function sandboxFor(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ seed: 'collect', logs: { events: 3000 }, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Options that fit the sandbox: its own quotas, its own credentials, quick retries. */
export function sampleOptions(
  sandbox: Pick<Sandbox, 'aws'>,
  overrides: Partial<CollectOptions> & Pick<CollectOptions, 'writer'>,
): CollectOptions {
  return {
    engagement: sampleEngagement(),
    operator: { name: 'Ann Auditor', email: null },
    sources: [sampleSource(sandbox.aws)],
    tool: { name: 'keywitness', version: '0.0.0' },
    credentialsFor: () => ({ aws: async () => sandbox.aws.credentials.auditor }),
    quotas: { multiplier: 100, reason: 'sample environment' },
    usageEventBudget: 100,
    ...overrides,
  };
}

/** Collects the sample environment into a new engagement. */
export async function collectSample(sandbox: Sandbox, overrides: Partial<CollectOptions> = {}) {
  const open = newEngagement();
  const result = await collectSnapshot(sampleOptions(sandbox, { writer: open.writer, ...overrides }));
  return { ...open, result };
}

/** All exchanges of a ledger. */
export function exchanges(db: ReadableDb) {
  return [...entries(db, 'exchange')];
}

/**
 * What a snapshot holds as evidence: the final exchange of every call, without times and request ids. Two collections of
 * the same environment must give the same.
 */
export function evidence(db: ReadableDb, snapshot = 's1'): Map<string, string> {
  const found = new Map<string, string>();
  for (const { facts, values } of entries(db, 'exchange', { snapshot })) {
    if (facts.op.startsWith('aws.sts.')) continue;
    if (facts.outcome !== 'ok' && facts.outcome !== 'error') continue;
    const call = [facts.op, facts.scope, facts.label, values.params].join(' ');
    const body = values.body ? normalisedHash(readBody(db, values.body)!) : '';
    found.set(call, [facts.outcome, facts.errorCode, body, facts.lines?.merkleRoot].join(' '));
  }
  return found;
}

/** XML answers carry their request id in the body. */
function normalisedHash(body: Buffer): string {
  const text = body.toString('utf8').replaceAll(/<(RequestId|HostId)>[^<]*<\/\1>/g, '');
  return createHash('sha256').update(text).digest('hex');
}

/** Calls that have more than one final exchange: there must be none. */
export function doubled(db: ReadableDb, snapshot = 's1'): string[] {
  const seen = new Map<string, number>();
  for (const { facts, values } of entries(db, 'exchange', { snapshot })) {
    if (facts.outcome !== 'ok') continue;
    const key = callKey({ ...facts, params: values.params! });
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return [...seen].filter(([, count]) => count > 1).map(([key]) => key);
}
