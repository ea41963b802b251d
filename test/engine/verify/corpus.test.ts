import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCertificates } from '../../../electron/seal/trust.ts';
import type { Verification } from '../../../electron/verify/verification.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';

/*
 * Packs that the first version sealed, each with the root to trust. They are never made again: code that cannot verify
 * them cannot verify what auditors keep. A new format gets a folder of its own beside this one.
 */
const CORPUS = fileURLToPath(new URL('../../corpus/v1/', import.meta.url));

/** The signers' certificates end in November 2028, the authorities' in 2036. */
const FRESH = '2027-01-01T00:00:00Z';
const SIGNER_ENDED = '2029-06-01T00:00:00Z';
const ALL_ENDED = '2045-01-01T00:00:00Z';

function verified(name: string, at: string, trust = true): Promise<Verification> {
  const root = `${CORPUS}${name}.pem`;
  const trusted = trust ? readCertificates(readFileSync(root), root) : [];
  return verifyPack(`${CORPUS}${name}.zip`, { trusted, at: new Date(at) });
}

/** What was not passed, by kind: words may change, kinds may not. */
const open = ({ checks }: Verification) =>
  checks.filter(({ result }) => result !== 'pass').map(({ id, result }) => `${id} ${result}`);

/** The PDF is not kept here: it is in the zip, byte for byte. */
const BESIDE = 'pdf-beside cannot-tell';

describe.each([
  { name: 'b-lta-rsa', provenTime: '2026-11-24T17:17:25.000Z' },
  { name: 'b-lta-ec', provenTime: '2026-11-24T17:17:27.000Z' },
])('$name of the corpus', ({ name, provenTime }) => {
  test.each([
    ['while all certificates last', FRESH, 'signer trusted', [BESIDE]],
    [
      'after the signer’s certificate ended: the proven time counts',
      SIGNER_ENDED,
      'signer trusted',
      [BESIDE],
    ],
    [
      'after all ended without a renewal: nobody vouches any more, and it warns',
      ALL_ENDED,
      'signer self-asserted',
      ['renewal cannot-tell', BESIDE],
    ],
  ])('%s', async (_when, at, signer, lacking) => {
    const result = await verified(name, at);
    expect(result).toMatchObject({ verdict: 'intact', level: 'B-LTA', provenTime });
    expect(result.headline).toContain(signer);
    expect(open(result)).toEqual(lacking);
  });

  test('without a root it is intact by a signer who says so himself', async () => {
    const result = await verified(name, FRESH, false);
    expect(result).toMatchObject({ verdict: 'intact', level: 'B-LTA', provenTime });
    expect(result.headline).toContain('signer self-asserted');
  });
});

describe('time-pending of the corpus', () => {
  test.each([
    [FRESH, 'signer trusted'],
    [SIGNER_ENDED, 'signer self-asserted'],
  ])('as of %s', async (at, signer) => {
    const result = await verified('time-pending', at);
    expect(result).toMatchObject({ verdict: 'intact-time-pending', level: 'B-B', provenTime: null });
    expect(result.headline).toContain(signer);
    expect(open(result)).toEqual([
      'revocation cannot-tell',
      'archive-timestamp cannot-tell',
      BESIDE,
      'checkpoint cannot-tell',
    ]);
  });
});
