import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ReadableDb } from '../../db/handle.ts';
import { derive } from '../../electron/derive/derive.ts';
import { declare } from '../../electron/engagement/declarations.ts';
import { defaultParameters } from '../../electron/engagement/parameters.ts';
import { buildPack, type BuiltPack, type PackOptions } from '../../electron/pack/build-pack.ts';
import { startTsa } from '../../electron/sandbox/tsa/tsa.ts';
import { createDemoCa, createDemoSigner } from '../../electron/seal/demo-signer.ts';
import { exchangeDraft, logFile, newEngagement } from './ledger.ts';
import { temporaryFolder } from './temporary.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
const ANN = { name: 'Ann', email: null };

/** An engagement with one described key, one denied call and two log files. */
export async function smallEngagement() {
  const { db, writer } = newEngagement();
  await declare(writer, ANN, 'engagement', '', {
    client: 'Acme Größe',
    criteria: ['CC6.1'],
    mode: 'management',
    type: 2,
    period: { from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' },
    parameters: defaultParameters,
    sample: true,
  });
  await declare(writer, ANN, 'snapshot.open', 's1', {
    sources: ['aws-1'],
    startedAt: '2026-07-01T10:00:00.000Z',
    tool: { name: 'Keywitness', version: '0', node: '24', platform: 'linux' },
  });
  const params = JSON.stringify({ KeyId: KEY });
  const list = exchangeDraft({ op: 'aws.kms.ListKeys', label: 'start' });
  await writer.append(
    { ...list, sealed: { ...list.sealed, params: '{}' } },
    { body: Buffer.from(JSON.stringify({ Keys: [{ KeyId: 'k1', KeyArn: KEY }] })) },
  );
  const describe = exchangeDraft();
  const metadata = {
    AWSAccountId: '111122223333',
    KeyId: 'k1',
    Arn: KEY,
    KeyState: 'Enabled',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CreationDate: 1_700_000_000,
    Enabled: true,
  };
  await writer.append(
    { ...describe, sealed: { ...describe.sealed, params } },
    { body: Buffer.from(JSON.stringify({ KeyMetadata: metadata })) },
  );
  const denied = exchangeDraft({
    op: 'aws.kms.GetKeyPolicy',
    outcome: 'error',
    httpStatus: 400,
    errorCode: 'AccessDeniedException',
  });
  await writer.append(
    { ...denied, sealed: { ...denied.sealed, params } },
    { body: Buffer.from('{"__type":"AccessDeniedException","message":"no"}') },
  );
  for (const count of [20, 7]) {
    const file = logFile(count);
    await writer.append(file.draft, { records: file.records });
  }
  await declare(writer, ANN, 'snapshot.close', 's1', {
    state: 'complete-with-gaps',
    endedAt: '2026-07-01T10:05:00.000Z',
    why: null,
  });
  derive(db);
  return { db, writer };
}

/** A small sealed pack, and what is needed to verify it. */
export async function smallPack(
  change: Partial<PackOptions> = {},
): Promise<{ pack: BuiltPack; trusted: Uint8Array[]; db: ReadableDb }> {
  const { db, writer } = await smallEngagement();
  const now = new Date();
  const ca = await createDemoCa(now);
  const tsa = await startTsa({ ca, revocation: true });
  const { signer } = await createDemoSigner(now, { ca, services: tsa.services });
  onTestFinished(() => tsa.close());
  const pack = await buildPack(db, writer, {
    folder: join(temporaryFolder(), 'out'),
    snapshot: 's1',
    signer,
    timestamp: { urls: [tsa.url], trusted: [tsa.caDer] },
    signerRoots: [tsa.caDer],
    authorityRoots: [tsa.caDer],
    now,
    controls: [],
    rulesVersion: '1',
    quotaOf: () => 'not stated',
    notices: [],
    logs: {
      coverage: [],
      coveragePercent: null,
      changes: { events: [], total: 0, file: 'data/3-usage-logs/changes.csv' },
      unlisted: [],
      usageOf: () => ({ bins: [], total: 0, statement: 'No events.', operations: [] }),
      files: [],
      tables: [],
    },
    ...change,
  });
  return { pack, trusted: [tsa.caDer], db };
}
