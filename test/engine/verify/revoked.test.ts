import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startTsa, type Tsa } from '../../../electron/sandbox/tsa/tsa.ts';
import { ASIC } from '../../../electron/seal/asic/manifest.ts';
import { addSignatureTimestamp } from '../../../electron/seal/cades.ts';
import { withValidationData } from '../../../electron/seal/cades-levels.ts';
import { readCertificate } from '../../../electron/seal/certificate.ts';
import { createDemoCa, createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { addDocumentTimestamp, addValidationData } from '../../../electron/seal/pades.ts';
import type { Ca } from '../../../electron/seal/pki/ca.ts';
import { createCertifiedKey } from '../../../electron/seal/pki/ca.ts';
import { createCrl, type Revocation } from '../../../electron/seal/pki/crl.ts';
import { createOcspResponse } from '../../../electron/seal/pki/ocsp.ts';
import { certificateId } from '../../../electron/seal/revocation/ocsp.ts';
import type { ValidationData } from '../../../electron/seal/revocation/gather.ts';
import type { Signer } from '../../../electron/seal/signer.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';
import type { Check, Verification } from '../../../electron/verify/verification.ts';
import { readPack, writePack, type RawEntry } from '../../support/rewrite-pack.ts';
import { smallPack } from '../../support/small-pack.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/*
 * Another program may embed data that say "revoked", and so may a renewal: unsigned attributes and the security store of
 * a PDF are anybody's to add. The pack here was signed and stamped two hours ago.
 */
const NOW = new Date();
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
const SIGNED = hours(-2);
const second = (date: Date) => date.toISOString().slice(0, 19);

let ca: Ca;
let signer: Signer;
let entries: RawEntry[];
let report: Uint8Array;

/** Once: the pack is read into memory and never changed there. */
beforeEach(async () => {
  if (ca) return;
  ca = await createDemoCa(SIGNED);
  ({ signer } = await createDemoSigner(SIGNED, { ca }));
  const { pack } = await smallPack({ signer, timestamp: null, signerRoots: [ca.certificate], now: SIGNED });
  entries = await readPack(pack.zip);
  report = new Uint8Array(readFileSync(pack.pdf));
});

const serialOf = (der: Uint8Array) => readCertificate(der).serial;
const authority = async (clock: Date): Promise<Tsa> => {
  const tsa = await startTsa({ ca, clock: () => clock });
  onTestFinished(() => tsa.close());
  return tsa;
};

/** The list the CA gives out now, with one certificate on it. */
const list = (revoked: Revocation, from = NOW, until = hours(24)) =>
  createCrl(ca, { number: 1, thisUpdate: from, nextUpdate: until, revoked: [revoked] });

async function answer(revoked: Revocation): Promise<Uint8Array> {
  const issuer = readCertificate(ca.certificate);
  const id = certificateId(readCertificate(signer.certificates[0]!), issuer);
  return createOcspResponse(
    { ...ca.key, certificates: [ca.certificate] },
    {
      id,
      revoked,
      producedAt: NOW,
      nextUpdate: hours(24),
    },
  );
}

/** Stamps the pack and its report by the authorities given, and puts data into both; verifies them side by side. */
async function sealed(
  tsas: readonly Tsa[],
  data: Partial<ValidationData>,
  part: 'pack' | 'report' | 'both' = 'both',
): Promise<Verification> {
  const whole = { certificates: [], crls: [], ocsps: [], ...data };
  const changed = entries.map((entry) => ({ ...entry }));
  const seal = changed.find(({ name }) => name === ASIC.signature)!;
  let pdf = report;
  for (const tsa of tsas) {
    ({ signature: seal.bytes } = await addSignatureTimestamp(seal.bytes, { urls: [tsa.url] }));
    ({ pdf } = await addDocumentTimestamp(pdf, { urls: [tsa.url] }));
  }
  if (part !== 'report') seal.bytes = withValidationData(seal.bytes, whole);
  if (part !== 'pack') pdf = addValidationData(pdf, whole);
  // Over the data too, as level B-LTA has it: else they would stand behind the last time-stamp.
  if (part !== 'pack') ({ pdf } = await addDocumentTimestamp(pdf, { urls: [(await authority(NOW)).url] }));
  const path = join(temporaryFolder(), 'revoked.zip');
  writePack(path, changed);
  writeFileSync(path.replace('.zip', '.pdf'), pdf);
  return verifyPack(path, { trusted: [ca.certificate] });
}

const checksOf = ({ checks }: Verification, id: string, title: RegExp): Check[] =>
  checks.filter((check) => check.id === id && title.test(check.title));
const failed = ({ checks }: Verification) => checks.filter(({ result }) => result === 'fail');

describe('the signer', () => {
  const REASONS: [number | null, string][] = [
    [null, 'no reason stated'],
    [1, 'key compromise'],
    [2, 'CA compromise'],
    [3, 'affiliation changed'],
    [4, 'superseded'],
    [5, 'cessation of operation'],
    [6, 'on hold'],
    [9, 'privilege withdrawn'],
    [10, 'authority compromise'],
  ];

  test.each(REASONS)('revoked before it signed, reason %s: %s', async (reason, words) => {
    const at = hours(-3);
    const crl = await list({ serial: serialOf(signer.certificates[0]!), at, reason });
    const result = await sealed([await authority(SIGNED)], { crls: [crl] });
    expect(failed(result)).toEqual([]);
    expect(result.verdict).toBe('cannot-tell');
    expect(result.headline).toContain(`was revoked on ${second(at)}`);
    for (const id of ['revocation', 'pades-revocation']) {
      const [check] = checksOf(result, id, /signer/);
      expect(check).toMatchObject({ result: 'cannot-tell' });
      expect(check!.detail).toContain(words);
      expect(check!.detail).toContain(`is proved for ${second(SIGNED)}`);
    }
  });

  test.each(REASONS)(
    'revoked after it signed, reason %s: the time-stamp came first',
    async (reason, words) => {
      const crl = await list({ serial: serialOf(signer.certificates[0]!), at: hours(-1), reason });
      const result = await sealed([await authority(SIGNED)], { crls: [crl] });
      expect(failed(result)).toEqual([]);
      expect(result.verdict).toBe('intact');
      for (const id of ['revocation', 'pades-revocation']) {
        const [check] = checksOf(result, id, /signer/);
        expect(check).toMatchObject({ result: 'pass' });
        expect(check!.detail).toContain(`(${words}), after it had signed`);
      }
    },
  );

  test('revoked after it signed, but its key was lost before', async () => {
    const serial = serialOf(signer.certificates[0]!);
    const crl = await list({ serial, at: hours(-1), invalidSince: hours(-4) });
    const result = await sealed([await authority(SIGNED)], { crls: [crl] });
    expect(result.verdict).toBe('cannot-tell');
    expect(result.headline).toContain(`its key lost since ${second(hours(-4))}`);
  });

  test('revoked, and no time-stamp says that it signed before', async () => {
    const crl = await list({ serial: serialOf(signer.certificates[0]!), at: hours(-1), reason: 4 });
    const result = await sealed([], { crls: [crl] }, 'pack');
    expect(failed(result)).toEqual([]);
    expect(result.verdict).toBe('cannot-tell');
    expect(result.headline).toContain('was revoked on');
  });

  test.each(['pack', 'report'] as const)('revoked by an OCSP answer that only the %s holds', async (part) => {
    const ocsp = await answer({ serial: serialOf(signer.certificates[0]!), at: hours(-3), reason: 9 });
    const result = await sealed([await authority(SIGNED)], { ocsps: [ocsp] }, part);
    expect(failed(result)).toEqual([]);
    expect(result.verdict).toBe('cannot-tell');
    const id = part === 'pack' ? 'revocation' : 'pades-revocation';
    expect(checksOf(result, id, /signer/)[0]).toMatchObject({ result: 'cannot-tell' });
    expect(checksOf(result, id, /signer/)[0]!.detail).toContain('privilege withdrawn');
  });

  test('a list that had ended before the pack was signed tells nothing of it', async () => {
    const crl = await list({ serial: 'ff', at: hours(-9) }, hours(-8), hours(-4));
    const result = await sealed([await authority(SIGNED)], { crls: [crl] });
    expect(result.verdict).toBe('intact');
    expect(result.level).toBe('B-T');
    for (const id of ['revocation', 'pades-revocation']) {
      const [check] = checksOf(result, id, /signer/);
      expect(check).toMatchObject({ result: 'cannot-tell' });
      expect(check!.detail).toContain(`the CRL inside ended on ${second(hours(-4))}`);
    }
  });

  test('a list of another CA with the same name is not believed', async () => {
    const other = await createDemoCa(SIGNED);
    const serial = serialOf(signer.certificates[0]!);
    const options = { number: 1, thisUpdate: NOW, nextUpdate: hours(24) };
    const crl = await createCrl(other, { ...options, revoked: [{ serial, at: hours(-3) }] });
    const result = await sealed([await authority(SIGNED)], { crls: [crl] }, 'report');
    expect(result.headline).not.toContain('revoked');
  });
});

describe('a time-stamp authority', () => {
  test.each([
    { reason: 4, verdict: 'intact' },
    { reason: 5, verdict: 'intact' },
    { reason: 1, verdict: 'cannot-tell' },
    { reason: null, verdict: 'cannot-tell' },
  ])('revoked after its token, reason $reason: $verdict (RFC 3161 §4)', async ({ reason, verdict }) => {
    const tsa = await authority(SIGNED);
    const crl = await list({ serial: serialOf(tsa.tsaCertificateDer), at: hours(-1), reason });
    const result = await sealed([tsa], { crls: [crl] }, 'pack');
    expect(failed(result)).toEqual([]);
    expect(result.verdict).toBe(verdict);
    if (verdict === 'cannot-tell')
      expect(result.headline).toContain('whoever has its key can state any time');
  });

  test('a second authority proves the time when the first lost its key', async () => {
    const [lost, sound] = [await authority(hours(-2)), await authority(hours(-1.5))];
    const crl = await list({ serial: serialOf(lost.tsaCertificateDer), at: hours(-1) });
    const result = await sealed([lost, sound], { crls: [crl] }, 'pack');
    expect(failed(result)).toEqual([]);
    expect(result.verdict).toBe('intact');
    expect(second(new Date(result.provenTime!))).toBe(second(hours(-1.5)));
  });

  test('a token of an authority nobody trusts does not make a trusted one’s time earlier', async () => {
    const stranger = await startTsa({ clock: () => hours(-20) });
    onTestFinished(() => stranger.close());
    const result = await sealed([stranger, await authority(SIGNED)], {}, 'pack');
    expect(second(new Date(result.provenTime!))).toBe(second(SIGNED));
  });
});

test('a path whose CA had ended when the pack was sealed', async () => {
  const short = await createDemoCa(SIGNED);
  const { signer: late } = await createCertifiedKey(
    { ...short },
    {
      profile: 'signer',
      subject: { commonName: 'Late' },
      notBefore: hours(-30),
      notAfter: hours(24),
    },
  );
  const { pack } = await smallPack({
    signer: late,
    timestamp: null,
    signerRoots: [short.certificate],
    now: NOW,
  });
  const tenYears = new Date(NOW.getTime() + 11 * 365 * 24 * 3_600_000);
  const result = await verifyPack(pack.zip, { trusted: [short.certificate], at: tenYears });
  expect(failed(result)).toEqual([]);
  expect(result.headline).toContain('signer self-asserted');
  const detail = checksOf(result, 'cades', /./)[0]!.detail;
  expect(detail).toMatch(/"[^"]*Late[^"]*" had expired/);
  expect(detail).toMatch(/sample CA[^"]*" had expired/);
});
