import { describe, expect, test } from 'vitest';
import { buildChain } from '../../../electron/seal/chain.ts';
import { displayName, readCertificate } from '../../../electron/seal/certificate.ts';
import { generateKey, type Ca } from '../../../electron/seal/pki/ca.ts';
import { encodeName } from '../../../electron/seal/pki/name.ts';
import { issueCertificate } from '../../../electron/seal/pki/issue.ts';
import { localSigningKey, type SigningKey } from '../../../electron/seal/signer.ts';
import { certificatePem, readCertificates } from '../../../electron/seal/trust.ts';
import { days, identity, LATER, NOW, testCa } from './fixtures.ts';

async function subCa(root: Ca, commonName: string): Promise<{ key: SigningKey; certificate: Uint8Array }> {
  const key = localSigningKey(await generateKey('p256'), commonName);
  return {
    key,
    certificate: await root.issue({ profile: 'ca', subject: { commonName }, publicKey: key.publicKey }),
  };
}

const leafUnder = (
  issuer: { key: SigningKey; certificate: Uint8Array },
  publicKey: Uint8Array,
): Promise<Uint8Array> =>
  issueCertificate(issuer.key, {
    profile: 'signer',
    subject: encodeName({ commonName: 'Leaf' }),
    issuer: readCertificate(issuer.certificate).subjectName,
    publicKey,
    issuerPublicKey: issuer.key.publicKey,
    notBefore: days(-1),
    notAfter: days(100),
  });

describe('certificates and their paths', () => {
  test('a certificate is read with its name, dates, uses and keys', async () => {
    const { signer } = await identity();
    const certificate = readCertificate(signer.certificates[0] as Uint8Array);
    expect(certificate.subject).toBe('CN=Zoë Łukasz 監査, O=Example\\, Inc., C=CH');
    expect(displayName(certificate)).toBe('Zoë Łukasz 監査');
    expect([...(certificate.keyUsage ?? [])]).toEqual(['digitalSignature', 'nonRepudiation']);
    expect(certificate.notBefore).toEqual(days(-1));
    expect(certificate.ca).toBe(false);
    expect(certificate.unknownCritical).toEqual([]);
    expect(certificate.serial).toBe(certificate.x509.serialNumber.toLowerCase());
  });

  test('a path over an intermediate CA leads to the trusted root', async () => {
    const root = await testCa('Root');
    const middle = await subCa(root, 'Middle');
    const leaf = readCertificate(await leafUnder(middle, (await identity()).signer.publicKey));
    const chain = buildChain(leaf, [middle.certificate], [root.certificate], NOW);
    expect(chain.trust).toBe('trusted');
    expect(chain.problems).toEqual([]);
    expect(chain.path.map(displayName)).toEqual(['Leaf', 'Middle', 'Root']);
    expect(buildChain(leaf, [], [root.certificate], NOW)).toMatchObject({
      trust: 'self-asserted',
      path: [{ subject: 'CN=Leaf' }],
    });
  });

  test('a root of the same name with another key is not trusted', async () => {
    const [root, impostor] = [await testCa('Root'), await testCa('Root')];
    const middle = await subCa(impostor, 'Middle');
    const leaf = readCertificate(await leafUnder(middle, (await identity()).signer.publicKey));
    expect(buildChain(leaf, [middle.certificate, impostor.certificate], [root.certificate], NOW).trust).toBe(
      'self-asserted',
    );
  });

  test('a certificate that was issued by one that is no CA has a problem', async () => {
    const { signer, ca } = await identity();
    const fake = await leafUnder(
      { key: signer, certificate: signer.certificates[0] as Uint8Array },
      signer.publicKey,
    );
    const { problems } = buildChain(readCertificate(fake), signer.certificates, [ca.certificate], NOW);
    expect(problems.join()).toMatch(/issued a certificate but is not a CA.*may not sign certificates/);
  });

  test('every certificate must be valid at the moment asked about', async () => {
    const { signer, ca } = await identity();
    const leaf = readCertificate(signer.certificates[0] as Uint8Array);
    expect(buildChain(leaf, [], [ca.certificate], days(366)).problems.join()).toMatch(/had expired/);
    expect(buildChain(leaf, [], [ca.certificate], days(-2)).problems.join()).toMatch(/not yet valid/);
    expect(buildChain(leaf, [], [ca.certificate], LATER).problems).toEqual([]);
  });

  test('a pinned certificate is trusted as it stands', async () => {
    const { signer } = await identity();
    const own = signer.certificates[0] as Uint8Array;
    expect(buildChain(readCertificate(own), [], [own], NOW)).toMatchObject({
      trust: 'trusted',
      problems: [],
    });
  });
});

describe('trusted certificates from files', () => {
  test('PEM with text around it, several certificates and repeats', async () => {
    const [first, second] = [await testCa('A'), await testCa('B')];
    const text = `# roots\n${certificatePem(first.certificate)}junk\n${certificatePem(second.certificate)}${certificatePem(first.certificate)}`;
    expect(readCertificates(text).map((der) => readCertificate(der).subject)).toEqual([
      'CN=A, O=Tests',
      'CN=B, O=Tests',
    ]);
    expect(readCertificates(Buffer.from(text))).toHaveLength(2);
  });

  test('DER', async () => {
    const { certificate } = await testCa('A');
    expect(readCertificates(certificate)).toEqual([certificate]);
  });

  test.each([
    ['empty', ''],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['a damaged certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('%s is refused with words', (_, text) => {
    expect(() => readCertificates(text, 'roots.pem')).toThrow(/cannot read roots\.pem: .*certificate/);
  });
});
