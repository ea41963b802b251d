import { describe, expect, test } from 'vitest';
import {
  createToken,
  grantedResponse,
  rejectedResponse,
  type TokenStatement,
} from '../../../electron/sandbox/tsa/token.ts';
import { imprintOf } from '../../../electron/seal/digest.ts';
import { createCertifiedKey, type Ca } from '../../../electron/seal/pki/ca.ts';
import { encodeTimestampRequest, parseTimestampRequest } from '../../../electron/seal/timestamp/request.ts';
import { tokenOfResponse } from '../../../electron/seal/timestamp/response.ts';
import { parseTimestampToken, verifyTimestampToken } from '../../../electron/seal/timestamp/token.ts';
import { member, parseAsn } from '../../../electron/seal/der/read.ts';
import { concat, integer, sequence } from '../../../electron/seal/der/write.ts';
import { days, flipped, LATER, NOW, testCa } from './fixtures.ts';

const CONTENT = Buffer.from('what is stamped');

async function authority(profile: 'timestamp' | 'signer' = 'timestamp', notAfter = days(300)) {
  const ca = await testCa('TSA CA');
  const { signer } = await createCertifiedKey(ca, {
    profile,
    subject: { commonName: 'TSA' },
    notBefore: days(-1),
    notAfter,
  });
  const stamp = (overrides: Partial<TokenStatement> = {}): Promise<Uint8Array> =>
    createToken(signer, {
      imprint: imprintOf(CONTENT),
      nonce: null,
      policy: '1.2.3.4',
      serial: Uint8Array.of(1, 2, 3),
      genTime: NOW,
      withCertificates: true,
      ...overrides,
    });
  return { ca, signer, stamp };
}

const trust = (ca: Ca) => ({ trusted: [ca.certificate], at: LATER });

describe('time-stamp tokens', () => {
  test.each(['sha256', 'sha384', 'sha512'] as const)(
    'a token over a %s digest verifies for the content and for the digest',
    async (algorithm) => {
      const { ca, stamp } = await authority();
      const token = await stamp({ imprint: imprintOf(CONTENT, algorithm) });
      for (const content of [CONTENT, imprintOf(CONTENT, algorithm)]) {
        expect(verifyTimestampToken(token, content, trust(ca))).toMatchObject({
          valid: true,
          trust: 'trusted',
          genTime: NOW,
          accuracyMs: 1001,
          serial: '010203',
          policy: '1.2.3.4',
          problems: [],
          chainProblems: [],
        });
      }
    },
  );

  test('other content is told apart from a broken token', async () => {
    const { ca, stamp } = await authority();
    const check = verifyTimestampToken(await stamp(), Buffer.from('other'), trust(ca));
    expect(check).toMatchObject({
      valid: false,
      imprintMatches: false,
      signatureMatches: true,
      certificateSuitable: true,
    });
  });

  test('flipped bits all over the token are detected', async () => {
    const { ca, stamp } = await authority();
    const token = await stamp();
    const undetected: number[] = [];
    // Every byte of the structure around the certificates, and every third of the rest, to stay quick.
    for (let at = 0; at < token.length; at += at < 120 ? 1 : 3) {
      try {
        const check = verifyTimestampToken(flipped(token, at), CONTENT, trust(ca));
        if (check.valid && check.trust === 'trusted') undetected.push(at);
      } catch (error) {
        expect((error as { code: string }).code).toBe('MALFORMED');
      }
    }
    expect(undetected).toEqual([]);
  });

  test('a time outside of the validity of the authority’s certificate is refused', async () => {
    const { ca, stamp } = await authority('timestamp', days(10));
    const check = verifyTimestampToken(await stamp({ genTime: days(11) }), CONTENT, trust(ca));
    expect(check).toMatchObject({ valid: false, certificateSuitable: false });
    expect(check.problems.join()).toMatch(/had expired/);
  });

  test('a token that was good keeps its validity when the authority’s certificate ends; only its path has a problem', async () => {
    const { ca, stamp } = await authority('timestamp', days(10));
    const check = verifyTimestampToken(await stamp(), CONTENT, { trusted: [ca.certificate], at: days(20) });
    expect(check).toMatchObject({ valid: true, trust: 'trusted' });
    expect(check.chainProblems.join()).toMatch(/had expired/);
  });

  test('a certificate that is not for time-stamping is refused', async () => {
    const { ca, stamp } = await authority('signer');
    const check = verifyTimestampToken(await stamp(), CONTENT, trust(ca));
    expect(check).toMatchObject({ valid: false, signatureMatches: true, certificateSuitable: false });
    expect(check.problems.join()).toMatch(/not for time-stamping alone/);
  });

  test('without the certificate inside, the given one is used', async () => {
    const { ca, signer, stamp } = await authority();
    const token = await stamp({ withCertificates: false });
    expect(verifyTimestampToken(token, CONTENT, trust(ca))).toMatchObject({ valid: false, authority: null });
    expect(
      verifyTimestampToken(token, CONTENT, { ...trust(ca), certificates: signer.certificates }),
    ).toMatchObject({ valid: true });
  });

  test('what is no token is refused with words', () => {
    expect(() => verifyTimestampToken(Buffer.from('hello'), CONTENT)).toThrow(
      /cannot read a time-stamp token/,
    );
    expect(() => parseTimestampToken(sequence(integer(1)))).toThrow(/cannot read a time-stamp token/);
  });
});

describe('time-stamp requests and answers', () => {
  test('a request is read back as it was written', () => {
    const request = {
      imprint: imprintOf(CONTENT, 'sha384'),
      nonce: Buffer.from('80ff01', 'hex'),
      policy: '1.2.3',
      wantCertificate: true,
    };
    const parsed = parseTimestampRequest(encodeTimestampRequest(request));
    expect(parsed).toMatchObject({
      policy: '1.2.3',
      wantCertificate: true,
      imprint: { algorithm: 'sha384' },
    });
    expect(encodeTimestampRequest(parsed)).toEqual(encodeTimestampRequest(request));
  });

  test('a digest of the wrong length is refused', () => {
    const imprint = { algorithm: 'sha256', digest: new Uint8Array(20) } as const;
    expect(() =>
      encodeTimestampRequest({ imprint, nonce: null, policy: null, wantCertificate: true }),
    ).toThrow(/sha256 digest of 20 bytes/);
  });

  test('a rejection tells the authority’s reason without control characters', () => {
    const response = rejectedResponse('go away\u001b[31m\nnow', 15);
    expect(() => tokenOfResponse(response)).toThrow(
      /status 2\): it does not offer the requested policy; "go away \[31m now"/,
    );
  });

  test('a token in BER is kept in DER and still verifies', async () => {
    const { ca, stamp } = await authority();
    const token = await stamp();
    const [type] = parseAsn(token, 'x').members;
    const signedData = member(parseAsn(token, 'x'), 1, 0xa0, 'x').members[0];
    const end = Buffer.from([0, 0]);
    const ber = concat(
      Buffer.from([0x30, 0x80]),
      type?.der as Uint8Array,
      Buffer.from([0xa0, 0x80]),
      signedData?.der as Uint8Array,
      end,
      end,
    );
    const response = concat(Buffer.from([0x30, 0x80]), sequence(integer(0)), ber, end);
    const kept = tokenOfResponse(response);
    expect(Buffer.compare(kept, token)).toBe(0);
    expect(Buffer.compare(tokenOfResponse(grantedResponse(token)), token)).toBe(0);
    expect(verifyTimestampToken(kept, CONTENT, trust(ca)).valid).toBe(true);
    expect(() => verifyTimestampToken(ber, CONTENT)).toThrow(/it is not DER/);
  });
});
