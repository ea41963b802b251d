import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { startTsa, type Tsa } from '../../../electron/sandbox/tsa/tsa.ts';
import { raiseContainer, sealContainer } from '../../../electron/seal/asic.ts';
import { ASIC, parseAsicManifest } from '../../../electron/seal/asic/manifest.ts';
import { readCertificate } from '../../../electron/seal/certificate.ts';
import { createDemoCa, createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { imprintOf } from '../../../electron/seal/digest.ts';
import { isPdfPrefix, raisePdf, sealPdf, verifyPdf } from '../../../electron/seal/pades.ts';
import { createSelfSigned } from '../../../electron/seal/pki/csr.ts';
import { createCa, createCertifiedKey, generateKey } from '../../../electron/seal/pki/ca.ts';
import { gatherValidationData } from '../../../electron/seal/revocation/gather.ts';
import { parseOcsp } from '../../../electron/seal/revocation/ocsp.ts';
import { localSigningKey, withCertificates } from '../../../electron/seal/signer.ts';
import { KINDS, smallPdf } from '../../unit/seal/fixtures.ts';

const NOW = new Date();
const ENTRIES = [{ path: 'data/a.csv', mimeType: 'text/csv', imprint: imprintOf(Buffer.from('a')) }];
const DOWN = 'http://127.0.0.1:9/';
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function place(kind: (typeof KINDS)[number] = 'p256') {
  const ca = await createDemoCa(NOW, kind);
  const tsa = await startTsa({ ca, kind, revocation: true });
  open.push(() => tsa.close());
  const { signer } = await createDemoSigner(NOW, { ca, kind, services: tsa.services });
  return { ca, tsa, signer, timestamp: { urls: [tsa.url] } };
}

const sealedPdf = async (at: Awaited<ReturnType<typeof place>>, timestamp: { urls: string[] } | null) =>
  sealPdf(await smallPdf(true), at.signer, { reason: 'test', signingTime: NOW, timestamp });

describe('levels of a seal', () => {
  test.each(KINDS)('%s: container and PDF reach B-LTA and verify', async (kind) => {
    const at = await place(kind);
    const container = await sealContainer(ENTRIES, at.signer, { signingTime: NOW, timestamp: at.timestamp });
    const host = new URL(at.tsa.url).host;
    expect(container).toMatchObject({ level: 'B-LTA', pending: null, lacking: [], hosts: [host] });
    const pdf = await sealedPdf(at, at.timestamp);
    expect(pdf).toMatchObject({ level: 'B-LTA', pending: null, lacking: [], hosts: [host] });
    const checks = verifyPdf(pdf.pdf, { trusted: [at.ca.certificate] });
    expect(checks.map(({ place: { kind: what }, problems }) => [what, problems])).toEqual([
      ['signature', []],
      ['timestamp', []],
    ]);
  });

  test('revocation services that are down leave B-T, with the reason; everything later reaches B-LTA', async () => {
    const at = await place();
    at.tsa.setServices('down');
    const pdf = await sealedPdf(at, at.timestamp);
    expect(pdf.level).toBe('B-T');
    expect(pdf.lacking.join()).toMatch(/nothing tells whether the certificate of .* was revoked: .*HTTP 503/);
    at.tsa.setServices('up');
    const raised = await raisePdf(pdf.pdf, { timestamp: at.timestamp });
    expect(raised).toMatchObject({ level: 'B-LTA', lacking: [] });
    expect(isPdfPrefix(pdf.pdf, raised.pdf)).toBe(true);
  });

  test('without a network it is B-B, and rises to B-LTA later with its first bytes as they were', async () => {
    const at = await place();
    const pdf = await sealedPdf(at, { urls: [DOWN] });
    expect(pdf).toMatchObject({ level: 'B-B', provenTime: null });
    expect(pdf.pending).toMatch(/cannot reach the timestamp authority 127.0.0.1:9/);
    const raised = await raisePdf(pdf.pdf, { timestamp: at.timestamp });
    expect(raised).toMatchObject({ level: 'B-LTA' });
    expect(isPdfPrefix(pdf.pdf, raised.pdf)).toBe(true);
    expect(verifyPdf(raised.pdf, { trusted: [at.ca.certificate] }).flatMap((one) => one.problems)).toEqual(
      [],
    );
  });

  test('a renewed container keeps its first manifest under a number, and each token covers what was before', async () => {
    const at = await place();
    const first = await sealContainer(ENTRIES, at.signer, { signingTime: NOW, timestamp: at.timestamp });
    const bytes = (path: string) => first.files.find((file) => file.path === path)!.bytes;
    const renewed = await raiseContainer(
      {
        entries: ENTRIES,
        manifest: bytes(ASIC.manifest),
        signature: bytes(ASIC.signature),
        evidence: null,
        archives: [{ manifest: bytes(ASIC.archiveManifest), token: bytes(ASIC.timestamp) }],
      },
      { timestamp: at.timestamp },
    );
    expect(renewed.files.map(({ path }) => path)).toEqual([
      ASIC.manifest,
      ASIC.signature,
      'META-INF/ASiCArchiveManifest001.xml',
      'META-INF/timestamp001.tst',
      ASIC.archiveManifest,
      'META-INF/timestamp002.tst',
    ]);
    expect(renewed.files[1]!.bytes).toEqual(bytes(ASIC.signature));
    const newest = parseAsicManifest(renewed.files[4]!.bytes, 'm');
    expect(newest.seal.path).toBe('META-INF/timestamp002.tst');
    expect(newest.entries.filter(({ root }) => root).map(({ path }) => path)).toEqual([
      'META-INF/ASiCArchiveManifest001.xml',
    ]);
    expect(newest.entries.map(({ path }) => path)).toContain('META-INF/timestamp001.tst');
  });

  test('a self-signed signer has nobody to ask about, and its authority’s data are enough', async () => {
    const at = await place();
    const key = localSigningKey(await generateKey('p256'), 'a test key');
    const own = await createSelfSigned(key, {
      subject: { commonName: 'Alone' },
      notBefore: new Date(NOW.getTime() - 1000),
      notAfter: new Date(NOW.getTime() + 86_400_000),
    });
    const signer = withCertificates(key, [own]);
    const pdf = await sealPdf(await smallPdf(false), signer, {
      reason: 'test',
      signingTime: NOW,
      timestamp: at.timestamp,
    });
    expect(pdf).toMatchObject({ level: 'B-LTA', lacking: [] });
  });
});

describe('validation data', () => {
  const gather = (tsa: Tsa, leaf: Uint8Array, prefer?: 'CRL' | 'OCSP') =>
    gatherValidationData([readCertificate(leaf)], { known: [], ...(prefer ? { prefer } : {}) });

  test('issuer, OCSP answer and CRL are fetched from where the certificate says', async () => {
    const at = await place();
    const leaf = at.signer.certificates[0]!;
    const byOcsp = await gather(at.tsa, leaf);
    expect(byOcsp.lacking).toEqual([]);
    expect(byOcsp.data.ocsps).toHaveLength(1);
    expect(byOcsp.data.crls).toHaveLength(0);
    expect(byOcsp.data.certificates).toHaveLength(2);
    expect(byOcsp.hosts).toEqual([new URL(at.tsa.url).host]);
    const byCrl = await gather(at.tsa, leaf, 'CRL');
    expect([byCrl.data.ocsps.length, byCrl.data.crls.length]).toEqual([0, 1]);
    const answer = parseOcsp(byOcsp.data.ocsps[0]!).answerOn(
      readCertificate(leaf),
      readCertificate(at.ca.certificate),
    );
    expect(answer).toMatchObject({ status: 'good' });
  });

  test.each(['CRL', 'OCSP'] as const)('a revoked certificate is named, by %s', async (prefer) => {
    const at = await place();
    const leaf = readCertificate(at.signer.certificates[0]!);
    at.tsa.revoke({ serial: leaf.serial, at: new Date() });
    const { lacking, data } = await gather(at.tsa, leaf.der, prefer);
    expect(lacking.join()).toMatch(/was revoked on/);
    expect([...data.crls, ...data.ocsps]).toEqual([]);
  });

  test('a list of another issuer, and one older than the certificate, do not count', async () => {
    const at = await place();
    const other = await startTsa();
    open.push(() => other.close());
    const strangers = await createCertifiedKey(at.ca, {
      profile: 'signer',
      subject: { commonName: 'Lost' },
      crlUrl: other.services.crlUrl,
    });
    const lost = await gather(at.tsa, strangers.signer.certificates[0]!);
    expect(lost.lacking.join()).toMatch(/is not at hand/);
    const known = await gatherValidationData([readCertificate(strangers.signer.certificates[0]!)], {
      known: [at.ca.certificate],
    });
    expect(known.lacking.join()).toMatch(/its answer is not about this certificate/);

    const past = await createCa({
      subject: { commonName: 'Past CA' },
      notBefore: new Date(NOW.getTime() - 30 * 86_400_000),
      notAfter: new Date(NOW.getTime() + 86_400_000),
    });
    const slow = await startTsa({ ca: past, clock: () => new Date(NOW.getTime() - 2 * 86_400_000) });
    onTestFinished(() => slow.close());
    const young = await createCertifiedKey(past, {
      profile: 'signer',
      subject: { commonName: 'Young' },
      notBefore: new Date(NOW.getTime() - 3_600_000),
      crlUrl: slow.services.crlUrl,
    });
    const early = await gatherValidationData([readCertificate(young.signer.certificates[0]!)], {
      known: [past.certificate],
    });
    expect(early.lacking.join()).toMatch(/the CRL is older than the certificate of "CN=Young"/);
  });

  test('a certificate without a revocation service, and a service that is no HTTP, are named', async () => {
    const at = await place();
    const bare = await createCertifiedKey(at.ca, { profile: 'signer', subject: { commonName: 'Bare' } });
    const none = await gatherValidationData([readCertificate(bare.signer.certificates[0]!)], {
      known: [at.ca.certificate],
    });
    expect(none.lacking).toEqual(['the certificate of "CN=Bare" names no revocation service']);
    const ldap = await createCertifiedKey(at.ca, {
      profile: 'signer',
      subject: { commonName: 'Old' },
      crlUrl: 'ldap://directory/cn=ca',
    });
    const old = await gatherValidationData([readCertificate(ldap.signer.certificates[0]!)], {
      known: [at.ca.certificate],
    });
    expect(old.lacking.join()).toMatch(/it is not http or https/);
  });
});
