import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  signCades,
  verifyCades,
  withSignatureTimestamp,
  signatureImprint,
} from '../../../electron/seal/cades.ts';
import { readCertificate } from '../../../electron/seal/certificate.ts';
import { attribute, extendCms } from '../../../electron/seal/cms/write.ts';
import { parseAsn } from '../../../electron/seal/der/read.ts';
import { issueCertificate } from '../../../electron/seal/pki/issue.ts';
import { parseSignedData } from '../../../electron/seal/cms/signed-data.ts';
import { createCertifiedKey } from '../../../electron/seal/pki/ca.ts';
import { createCsr, createSelfSigned } from '../../../electron/seal/pki/csr.ts';
import { createToken, type TokenStatement } from '../../../electron/sandbox/tsa/token.ts';
import { withCertificates, type Signer } from '../../../electron/seal/signer.ts';
import { OID } from '../../../electron/seal/oids.ts';
import { days, flipped, identity, KINDS, LATER, NOW, testCa } from './fixtures.ts';

const CONTENT = Buffer.from('the manifest');

async function token(overrides: Partial<TokenStatement> & Pick<TokenStatement, 'imprint'>) {
  const ca = await testCa('TSA CA');
  const { signer } = await createCertifiedKey(ca, { profile: 'timestamp', subject: { commonName: 'TSA' } });
  const statement = {
    nonce: null,
    policy: '1.2.3',
    serial: Uint8Array.of(7),
    genTime: NOW,
    withCertificates: true,
  };
  return { ca, token: await createToken(signer, { ...statement, ...overrides }) };
}

describe('CAdES signatures', () => {
  test.each(KINDS)('%s: unchanged content verifies and leads to the trusted CA', async (kind) => {
    const { signer, ca } = await identity(kind);
    const { signature } = await signCades(CONTENT, signer, { signingTime: NOW });
    const check = verifyCades(signature, CONTENT, { trusted: [ca.certificate], at: LATER });
    expect(check).toMatchObject({
      valid: true,
      trust: 'trusted',
      problems: [],
      chainProblems: [],
      signingTime: NOW,
      provenTime: null,
    });
  });

  test('without a trusted certificate the signer is self-asserted and the signature still valid', async () => {
    const { signer } = await identity();
    const { signature } = await signCades(CONTENT, signer, { signingTime: NOW });
    expect(verifyCades(signature, CONTENT, { at: LATER })).toMatchObject({
      valid: true,
      trust: 'self-asserted',
    });
  });

  test('a digest made while streaming gives what the bytes give', async () => {
    const { signer } = await identity('p384');
    const imprint = { algorithm: 'sha384', digest: hash('sha384', CONTENT, 'buffer') } as const;
    const { signature } = await signCades(imprint, signer, { signingTime: NOW });
    expect(verifyCades(signature, CONTENT, { at: LATER }).valid).toBe(true);
    expect(verifyCades(signature, imprint, { at: LATER }).valid).toBe(true);
    const other = { algorithm: 'sha256', digest: hash('sha256', CONTENT, 'buffer') } as const;
    await expect(signCades(other, signer, { signingTime: NOW })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
    expect(verifyCades(signature, other, { at: LATER }).problems.join()).toMatch(
      /sha384 digest is not at hand/,
    );
  });

  test('flipped bits all over the signature file are detected', async () => {
    const { signer, ca } = await identity();
    const { signature } = await signCades(CONTENT, signer, { signingTime: NOW });
    const undetected: number[] = [];
    // Every byte of the structure around the certificates, and every third of the rest, to stay quick.
    for (let at = 0; at < signature.length; at += at < 120 ? 1 : 3) {
      try {
        const { valid, trust, chainProblems } = verifyCades(flipped(signature, at), CONTENT, {
          trusted: [ca.certificate],
          at: LATER,
        });
        if (valid && trust === 'trusted' && chainProblems.length === 0) undetected.push(at);
      } catch (error) {
        expect((error as { code: string }).code).toBe('MALFORMED');
      }
    }
    expect(undetected).toEqual([]);
    expect(verifyCades(signature, flipped(CONTENT, 3), { at: LATER })).toMatchObject({
      valid: false,
      digestMatches: false,
    });
  });

  test('a renewed certificate of the same key cannot be put in place of the signing one', async () => {
    const person = await identity();
    const { signature } = await signCades(CONTENT, person.signer, { signingTime: NOW });
    const own = person.signer.certificates[0] as Uint8Array;
    const serial = Buffer.from(readCertificate(own).serial, 'hex');
    const renewed = await issueCertificate(person.ca.key, {
      profile: 'signer',
      subject: readCertificate(own).subjectName,
      issuer: readCertificate(own).issuerName,
      publicKey: person.signer.publicKey,
      issuerPublicKey: person.ca.key.publicKey,
      notBefore: days(-1),
      notAfter: days(9999),
      serial,
    });
    const swapped = extendCms(
      { ...parseSignedData(signature), certificates: [renewed, person.ca.certificate] },
      {},
    );
    const check = verifyCades(swapped, CONTENT, { trusted: [person.ca.certificate], at: LATER });
    expect(check).toMatchObject({ valid: false, signatureMatches: true, certificateBound: false });
    expect(check.problems.join()).toMatch(/bound to another certificate/);
  });

  test('a certificate that has nothing to do with the signer is not let in', async () => {
    const { signer } = await identity();
    const { signature } = await signCades(CONTENT, signer, { signingTime: NOW });
    const stranger = await testCa('Stranger');
    const stuffed = extendCms(parseSignedData(signature), { certificates: [stranger.certificate] });
    expect(verifyCades(stuffed, CONTENT, { at: LATER }).problems.join()).toMatch(
      /"CN=Stranger, O=Tests" inside it has no part/,
    );
  });

  test('signing time is a signed attribute for CAdES and absent for PAdES', async () => {
    const { signer } = await identity();
    const cades = parseSignedData((await signCades(CONTENT, signer, { signingTime: NOW })).signature);
    const pades = parseSignedData(
      (await signCades(CONTENT, signer, { signingTime: null, validAt: NOW })).signature,
    );
    expect(cades.signers[0]?.signed.has(OID.signingTime)).toBe(true);
    expect(pades.signers[0]?.signed.has(OID.signingTime)).toBe(false);
    expect([...(pades.signers[0]?.signed.keys() ?? [])].sort()).toEqual(
      [OID.contentType, OID.signingCertificateV2, OID.messageDigest].sort(),
    );
  });

  test('signed attributes stand in DER order', async () => {
    const { signer } = await identity();
    const { signature } = await signCades(CONTENT, signer, { signingTime: NOW });
    const attributes = parseSignedData(signature).signers[0]?.signedAttributes as Uint8Array;
    const members = parseAsn(attributes, 'x').members.map((member) => Buffer.from(member.der));
    expect(members).toEqual([...members].sort((a, b) => Buffer.compare(a, b)));
  });

  test.each([
    ['expired', 400, 'CERTIFICATE_EXPIRED'],
    ['not yet valid', -5, 'CERTIFICATE_NOT_YET_VALID'],
  ])('a certificate that is %s does not sign', async (_, day, code) => {
    const { signer } = await identity();
    await expect(signCades(CONTENT, signer, { signingTime: days(day) })).rejects.toMatchObject({ code });
  });

  test('a key that gives a wrong signature is found before anything is written', async () => {
    const { signer } = await identity('rsa');
    const pss: Signer = { ...signer, sign: async (bytes) => flipped(await signer.sign(bytes), 5) };
    await expect(signCades(CONTENT, pss, { signingTime: NOW })).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
    });
    const denied: Signer = {
      ...signer,
      sign: () => Promise.reject(new Error('AccessDenied for secret-arn')),
    };
    await expect(signCades(CONTENT, denied, { signingTime: NOW })).rejects.toThrow(
      /^(?!.*secret-arn).*the key refused/,
    );
  });
});

describe('signature time-stamps', () => {
  test('a token proves the time, and an expired signer stays valid when the authority is trusted', async () => {
    const { signer, ca } = await identity();
    const { signature } = await signCades(CONTENT, signer, { signingTime: NOW });
    const tsa = await token({ imprint: signatureImprint(signature), genTime: LATER });
    const stamped = withSignatureTimestamp(signature, tsa.token);
    const trusted = [ca.certificate];
    const later = verifyCades(stamped, CONTENT, {
      trusted,
      trustedAuthorities: [tsa.ca.certificate],
      at: days(800),
    });
    expect(later).toMatchObject({ valid: true, provenTime: LATER, chainProblems: [] });
    const untrusted = verifyCades(stamped, CONTENT, { trusted, at: days(800) });
    expect(untrusted.valid).toBe(true);
    expect(untrusted.chainProblems.join()).toMatch(/had expired/);
  });

  test('adding a token leaves every signed byte as it was', async () => {
    const { signer } = await identity('rsa');
    const { signature } = await signCades(CONTENT, signer, { signingTime: NOW });
    const tsa = await token({ imprint: signatureImprint(signature) });
    const [before, after] = [signature, withSignatureTimestamp(signature, tsa.token)].map(
      (der) => parseSignedData(der).signers[0],
    );
    expect(after?.head).toEqual(before?.head);
    expect(after?.unsignedAttributes).toHaveLength(1);
  });

  test('a token of another signature is refused, and found when it was put in nevertheless', async () => {
    const { signer } = await identity();
    const [one, two] = [
      await signCades(CONTENT, signer, { signingTime: NOW }),
      await signCades(CONTENT, signer, { signingTime: LATER }),
    ];
    const tsa = await token({ imprint: signatureImprint(two.signature) });
    expect(() => withSignatureTimestamp(one.signature, tsa.token)).toThrow(/it is for another signature/);
    const forced = extendCms(parseSignedData(one.signature), {
      unsignedAttributes: [attribute(OID.signatureTimestamp, tsa.token)],
    });
    const check = verifyCades(forced, CONTENT, { at: LATER });
    expect(check).toMatchObject({ valid: false, provenTime: null });
    expect(check.problems.join()).toMatch(/time-stamp: the token is for other content/);
  });
});

describe('certificates for keys elsewhere', () => {
  test.each(KINDS)(
    '%s: a self-signed certificate made through the callback signs and verifies when pinned',
    async (kind) => {
      const { signer } = await identity(kind);
      const own = await createSelfSigned(signer, {
        subject: { commonName: 'Self' },
        notBefore: days(-1),
        notAfter: days(10),
      });
      const self = withCertificates(signer, [own]);
      const { signature } = await signCades(CONTENT, self, { signingTime: NOW });
      expect(verifyCades(signature, CONTENT, { trusted: [own], at: LATER })).toMatchObject({
        valid: true,
        trust: 'trusted',
      });
    },
  );

  test('a certificate for another key is refused', async () => {
    const [one, two] = [await identity('p256'), await identity('p384')];
    expect(() => withCertificates(one.signer, two.signer.certificates)).toThrow(/belongs to another key/);
    expect(() => withCertificates(one.signer, [])).toThrow(/has no certificate/);
  });

  test('a request is signed by its own key', async () => {
    const { signer } = await identity('p384');
    const csr = await createCsr(signer, { commonName: 'Audit key', country: 'DE' });
    expect(csr[0]).toBe(0x30);
    expect(Buffer.from(csr).includes(Buffer.from(signer.publicKey))).toBe(true);
  });
});
