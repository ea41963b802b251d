import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declare } from '../../../electron/engagement/declarations.ts';
import { previewPack, sealPreviewed } from '../../../electron/engine/preview-pack.ts';
import { createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';
import { smallEngagement } from '../../support/small-pack.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const ANN = { name: 'Ann', email: null };

async function previewed() {
  const work = await smallEngagement();
  const { signer } = await createDemoSigner(new Date());
  const seal = { folder: join(temporaryFolder(), 'out'), signer, timestamp: null };
  const request = { ...seal, signerRoots: [], authorityRoots: [] };
  const preview = await previewPack(work, request, null);
  return { work, seal, request, preview };
}

describe('a pack that is looked at before it is signed', () => {
  it('is signed as shown: the signed PDF begins with the very bytes, and the pack verifies', async () => {
    const { work, seal, preview } = await previewed();
    const built = await sealPreviewed(work, preview, seal);
    const signed = readFileSync(built.pdf);
    expect(signed.length).toBeGreaterThan(preview.report.length);
    const beginning = signed.subarray(0, preview.report.length);
    expect(createHash('sha256').update(beginning).digest('hex')).toBe(preview.sha256);
    expect(built.name).toBe(preview.plan.parts.name);
    expect((await verifyPack(built.zip, { trusted: [] })).verdict).toBe('intact-time-pending');
  });

  it('needs no second checkpoint while nothing was added', async () => {
    const { work, request, preview } = await previewed();
    const entries = work.writer.head.seq;
    const again = await previewPack(work, request, preview);
    expect(work.writer.head.seq).toBe(entries);
    expect(again.plan.parts.ledger).toEqual(preview.plan.parts.ledger);
  });

  it('is not signed once the ledger has grown', async () => {
    const { work, seal, preview } = await previewed();
    await declare(work.writer, ANN, 'redaction.secret', '', { secret: '00'.repeat(32) });
    await expect(sealPreviewed(work, preview, seal)).rejects.toThrow(
      'cannot sign what was previewed: the ledger has 1 more entry than it had. Preview the pack again.',
    );
  });

  it('is not signed by another than the signer it names', async () => {
    const { work, seal, preview } = await previewed();
    const { signer } = await createDemoSigner(new Date());
    await expect(sealPreviewed(work, preview, { ...seal, signer })).rejects.toThrow(/names another signer/);
  });
});
