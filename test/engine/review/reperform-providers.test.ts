import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declare } from '../../../electron/engagement/declarations.ts';
import type { Engagement, Source } from '../../../electron/engagement/engagement.ts';
import { analyse } from '../../../electron/engine/analyse.ts';
import { packEngagement } from '../../../electron/engine/pack-engagement.ts';
import { reperformPack } from '../../../electron/engine/reperform-pack.ts';
import type { CollectOptions } from '../../../electron/collect/collect-snapshot.ts';
import type { WritableDb } from '../../../db/handle.ts';
import type { LedgerWriter } from '../../../db/ledger/writer.ts';
import { createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import {
  azureEngagement,
  azureOptions,
  azureSandboxFor,
  azureSource,
  collectAzureSample,
} from '../azure/support.ts';
import { collectVaultSample, given, vaultFor, vaultSampleSource } from '../vault/support.ts';
import { sampleEngagement } from '../collect/sample.ts';

const AUDITOR = { name: 'Ann Auditor', email: null };

/** Packs what was collected, and gives a way to ask it again with other credentials. */
async function packed(
  open: { db: WritableDb; writer: LedgerWriter },
  engagement: Engagement,
  source: Source,
) {
  await declare(open.writer, AUDITOR, 'engagement', '', engagement);
  await declare(open.writer, AUDITOR, 'source', source.id, source);
  analyse(open.db);
  const folder = temporaryFolder();
  const { signer } = await createDemoSigner(new Date());
  const sealers = { signer, timestamp: null, signerRoots: [], authorityRoots: [] };
  const { zip } = await packEngagement(open, { folder, ...sealers });
  let n = 0;
  return (credentialsFor: NonNullable<CollectOptions['credentialsFor']>) =>
    reperformPack({
      ...{ pack: zip, out: join(folder, `again-${(n += 1)}.keywitness`), operator: AUDITOR, sample: null },
      ...{ credentialsFor, quotas: { multiplier: 100, reason: 'sample' }, signer, timestamp: null },
    });
}

describe('a pack that is re-performed against Azure', () => {
  it('tells what is the same, what changed since, and what is not answered any more', async () => {
    const sandbox = await azureSandboxFor({ ordinaryKeys: 1 });
    const source = { ...azureSource(sandbox), readLogs: false };
    const again = await packed(
      await collectAzureSample(sandbox, { sources: [source] }),
      azureEngagement(sandbox),
      source,
    );
    const { credentialsFor } = azureOptions(sandbox, { writer: undefined as unknown as LedgerWriter });
    const same = await again(credentialsFor!);
    expect(same.stopped).toEqual([]);
    expect(same.results.filter((r) => r.result !== 'same').map((r) => [r.op, r.result, r.what])).toEqual([]);
    expect(same.results.length).toBe(same.population.items);

    const vault = sandbox.estate.vaults.find((v) => v.kind === 'vault' && !v.firewalled && !v.deletedAt)!;
    vault.tags = { ...vault.tags, Reviewed: 'since' };
    const changed = await again(credentialsFor!);
    const found = changed.results.filter((r) => r.result === 'changed');
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((r) => /tags/i.test(r.what))).toBe(true);

    const refused = await again(() => ({ azure: { secret: () => Promise.resolve('wrong') } }));
    expect(refused.stopped).toMatchObject([{ source: source.id }]);
    expect(new Set(refused.results.map((r) => r.result))).toEqual(new Set(['not answerable']));
  });
});

describe('a pack that is re-performed against Vault', () => {
  it('tells what is the same, what changed since, and what is not answered any more', async () => {
    const sandbox = await vaultFor();
    const source = vaultSampleSource(sandbox);
    const again = await packed(await collectVaultSample(sandbox), sampleEngagement(), source);
    const asAuditor = () => ({ vault: given(sandbox.tokens.auditor) });
    const same = await again(asAuditor);
    expect(same.stopped).toEqual([]);
    // What a token and the clock of the server say moves on.
    const settled = same.results.filter(
      (r) => !/Health|HostInfo|SealStatus|token|Lookup|Counters/i.test(r.op),
    );
    expect(settled.filter((r) => r.result !== 'same').map((r) => [r.op, r.result, r.what])).toEqual([]);

    const key = sandbox.world.keys.find((k) => k.namespace === '' && !k.deletionAllowed)!;
    key.deletionAllowed = true;
    const changed = await again(asAuditor);
    expect(changed.results.filter((r) => r.result === 'changed' && r.about.includes(key.name))).toMatchObject(
      [{ what: '/data/deletion_allowed' }],
    );

    const refused = await again(() => ({ vault: given('hvs.wrong') }));
    expect(refused.stopped).toMatchObject([{ source: source.id }]);
    expect(new Set(refused.results.map((r) => r.result))).toEqual(new Set(['not answerable']));
  });
});
