import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTsa, type Tsa } from '../../../electron/sandbox/tsa/tsa.ts';
import { sealHead, verifyHead } from '../../../electron/seal/checkpoint.ts';
import { identity, LATER, NOW } from './fixtures.ts';

const STATEMENT = Buffer.from('{"kind":"checkpoint","head":"ab12"}');

describe('the seal of a ledger head', () => {
  let tsa: Tsa;
  beforeAll(async () => {
    tsa = await startTsa({ clock: () => LATER });
  });
  afterAll(() => tsa.close());

  test('signature and time hold for the statement, and for no other', async () => {
    const { signer, ca } = await identity();
    const seal = await sealHead(STATEMENT, signer, { urls: [tsa.url] }, NOW);
    expect(seal.tokenTime).toBe(LATER.toISOString());
    const options = { trusted: [ca.certificate, tsa.caDer], at: LATER };
    const check = verifyHead(STATEMENT, seal, options);
    expect(check).toMatchObject({
      problems: [],
      signature: { valid: true, trust: 'trusted' },
      timestamp: { valid: true, trust: 'trusted' },
    });
    const other = verifyHead(Buffer.from('{"kind":"checkpoint","head":"ab13"}'), seal, options);
    expect(other.problems.join('\n')).toMatch(
      /signature: the content is not what was signed[^]*time-stamp: the token is for other content/,
    );
  });

  test('without a signer there is a time alone, without an authority a signature alone', async () => {
    const { signer } = await identity();
    const timeOnly = await sealHead(STATEMENT, null, { urls: [tsa.url] }, NOW);
    expect(timeOnly).toMatchObject({ signature: null, signerFingerprint: null, tokenError: null });
    expect(verifyHead(STATEMENT, timeOnly, { at: LATER })).toMatchObject({ signature: null, problems: [] });
    const signedOnly = await sealHead(STATEMENT, signer, null, NOW);
    expect(signedOnly).toMatchObject({ token: null, tokenTime: null, tokenError: null });
    expect(verifyHead(STATEMENT, signedOnly, { at: LATER })).toMatchObject({ timestamp: null, problems: [] });
    expect(await sealHead(STATEMENT, null, null)).toMatchObject({ signature: null, token: null });
  });

  test('an authority that cannot be reached leaves the time pending, with the reason', async () => {
    const seal = await sealHead(STATEMENT, null, { urls: ['http://127.0.0.1:1/'] }, NOW);
    expect(seal).toMatchObject({
      token: null,
      tokenTime: null,
      tokenError: expect.stringMatching(/cannot reach the timestamp authority/) as string,
    });
  });

  test('parts swapped with another seal’s, and changed statements about them, are named', async () => {
    const [one, two] = [await identity('p256'), await identity('p384')];
    const first = await sealHead(STATEMENT, one.signer, { urls: [tsa.url] }, NOW);
    const second = await sealHead(Buffer.from('other'), two.signer, { urls: [tsa.url] }, NOW);
    const problems = (changed: Partial<typeof first>): string =>
      verifyHead(STATEMENT, { ...first, ...changed }, { at: LATER }).problems.join('; ');
    expect(problems({})).toBe('');
    expect(problems({ token: second.token })).toMatch(/time-stamp: the token is for other content/);
    expect(problems({ signature: second.signature })).toMatch(
      /signature: the content is not what was signed.*another certificate/,
    );
    expect(problems({ signerFingerprint: second.signerFingerprint })).toMatch(
      /another certificate than the checkpoint states/,
    );
    expect(problems({ tokenTime: NOW.toISOString() })).toMatch(/its time differs/);
    expect(problems({ token: 'AAAA' })).toMatch(/time-stamp: cannot read a time-stamp token/);
    expect(problems({ signature: '' })).toMatch(/signature: cannot read a signature/);
  });
});
