import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReadable } from '../../../db/open.ts';
import { declare, declared } from '../../../electron/engagement/declarations.ts';
import { collectEngagement } from '../../../electron/engine/collect-engagement.ts';
import { packEngagement } from '../../../electron/engine/pack-engagement.ts';
import { reperformPack, type ReperformRequest } from '../../../electron/engine/reperform-pack.ts';
import type { Sandbox } from '../../../electron/sandbox/index.ts';
import { keyOf } from '../../../electron/sandbox/company/company.ts';
import { createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { verifyEngagement } from '../../../electron/verify/verify-engagement.ts';
import { newEngagement } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { sandboxFor } from '../collect/support.ts';
import { sampleEngagement, sampleSource } from '../collect/sample.ts';

const OPERATOR = { name: 'Ann Auditor', email: null };
const QUOTAS = { multiplier: 100, reason: 'sample environment' };

async function packOf(sandbox: Sandbox) {
  const { db, writer } = newEngagement();
  await declare(writer, OPERATOR, 'engagement', '', sampleEngagement());
  const source = sampleSource(sandbox.aws, { regions: ['us-east-1'] });
  await declare(writer, OPERATOR, 'source', source.id, source);
  const { signer } = await createDemoSigner(new Date());
  const credentialsFor = () => ({ aws: async () => sandbox.aws.credentials.auditor });
  await collectEngagement(
    { db, writer },
    { operator: OPERATOR, credentialsFor, quotas: QUOTAS, signer, timestamp: null, usageEventBudget: 0 },
  );
  const folder = temporaryFolder();
  const pack = await packEngagement(
    { db, writer },
    { folder, signer, timestamp: null, signerRoots: [], authorityRoots: [] },
  );
  const again = (more: Partial<ReperformRequest> = {}) =>
    reperformPack({
      ...{
        pack: pack.zip,
        out: join(folder, 'again.keywitness'),
        operator: OPERATOR,
        sample: null,
        signer,
        timestamp: null,
      },
      ...{ credentialsFor, quotas: QUOTAS, ...more },
    });
  return { again, folder };
}

describe('a pack that is re-performed', () => {
  it('gives the same answers, but where something changed since, and says what and through which logged change', async () => {
    const sandbox = await sandboxFor();
    const { again } = await packOf(sandbox);
    const key = keyOf(sandbox.company, 'rotation-on');
    key.description = 'changed since';
    const found = await again();
    const described = found.results.find(
      (r) => r.op === 'aws.kms.DescribeKey' && r.about.includes(key.arn.split('/').at(-1)!),
    );
    expect(described).toMatchObject({ result: 'changed', what: '/KeyMetadata/Description' });
    const others = found.results.filter((r) => r !== described && r.result !== 'same');
    // What events and last use say moves on with the clock of the sample environment; settings do not.
    expect(
      others
        .filter((r) => !/LookupEvents|LastUsage/.test(r.op))
        .map((r) => [r.op, r.about, r.result, r.what]),
    ).toEqual([]);
    expect(found.results).toHaveLength(found.population.items);
    expect(verifyEngagement(found.files.engagement).verdict).not.toBe('altered');
    const db = openReadable(found.files.engagement);
    const [recorded] = declared(db, 'reperformed');
    db.close();
    expect(recorded!.value).toMatchObject({
      changed: found.results.filter((r) => r.result === 'changed').length,
    });
  });

  it('asks a sample that anybody can draw again, and nobody else’s credentials', async () => {
    const sandbox = await sandboxFor();
    const { again, folder } = await packOf(sandbox);
    const sample = { n: 5, seed: '2026' };
    const one = await again({ sample });
    const two = await again({ sample, out: join(folder, 'second.keywitness') });
    expect(one.results.map((r) => r.seq)).toEqual(two.results.map((r) => r.seq));
    expect(one.results).toHaveLength(5);
    const nobody = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' };
    const refused = await again({
      sample,
      out: join(folder, 'third.keywitness'),
      credentialsFor: () => ({ aws: async () => nobody }),
    });
    expect(refused.stopped).toHaveLength(1);
    expect(new Set(refused.results.map((r) => r.result))).toEqual(new Set(['not answerable']));
  });
});
