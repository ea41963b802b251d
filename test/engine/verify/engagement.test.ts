import { describe, expect, it, onTestFinished } from 'vitest';
import { appendCheckpoint } from '../../../electron/pack/append-checkpoint.ts';
import { startTsa } from '../../../electron/sandbox/tsa/tsa.ts';
import { verifyEngagement } from '../../../electron/verify/verify-engagement.ts';
import { exchangeDraft, newEngagement } from '../../support/ledger.ts';

describe('an engagement file with checkpoints', () => {
  it('is called unchanged only as far as a timestamp reaches, not as far as a checkpoint without one', async () => {
    const tsa = await startTsa();
    onTestFinished(() => tsa.close());
    const { path, writer } = newEngagement();
    const now = new Date();
    await writer.append(exchangeDraft());
    await appendCheckpoint(writer, 'snapshot', { signer: null, timestamp: { urls: [tsa.url] }, now });
    await writer.append(exchangeDraft());
    // Whoever rewrites the end of the file can write this one too: nothing outside the file vouches for it.
    await appendCheckpoint(writer, 'snapshot', { signer: null, timestamp: null, now });

    const result = verifyEngagement(path);
    expect(result.headline).toContain('entries 1 to 1 are unchanged');
    expect(result.checks.find((c) => c.id === 'coverage')).toMatchObject({
      result: 'cannot-tell',
      detail: expect.stringMatching(/^Entries after 1 /) as string,
    });
    expect(result.checks.find((c) => c.id === 'checkpoint' && c.result === 'pass')!.detail).toContain(
      'an authority you have not said you trust',
    );
  });

  it('is altered, in words about the file, when its tables are not what they should be', () => {
    const { path, db } = newEngagement();
    db.exec('DROP TRIGGER entry_no_update');
    expect(verifyEngagement(path)).toMatchObject({
      verdict: 'altered',
      headline: 'Altered. The file as a whole: the trigger entry_no_update is missing.',
    });
  });
});
