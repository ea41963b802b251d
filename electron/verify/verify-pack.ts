import { open, type FileHandle } from 'node:fs/promises';
import type { CadesCheck, VerifyOptions } from '../seal/cades.ts';
import type { TimestampCheck } from '../seal/timestamp/token.ts';
import { conclude } from './conclude.ts';
import { NotAContainer, readDirectory } from './container/read-directory.ts';
import { readSmallEntry } from './container/read-entry.ts';
import { checkArchives } from './pack/archive-check.ts';
import { checkBag } from './pack/bag-check.ts';
import { checkContainer, checkFiles, checkMediaType } from './pack/container-checks.ts';
import { checkEvidenceRecord } from './pack/evidence-record-check.ts';
import { checkManifest } from './pack/manifest-check.ts';
import { checkRenewal } from './pack/renewal-check.ts';
import { checkReport } from './pack/report-check.ts';
import { readSeals, type Seals } from './pack/seals.ts';
import { checkSignature } from './pack/signature-check.ts';
import { checkStandings, type Standings } from './pack/standings.ts';
import { readPack } from './read-pack.ts';
import { fail, type Check, type Verification } from './verification.ts';
import { ASIC } from '../seal/asic/manifest.ts';

/** Small files are read whole for parsing; none of ours comes near this. */
const SMALL_BYTES = 32 * 1024 * 1024;
/** Texts that checks compare with what was read. */
const TEXTS = [
  'manifest-sha256.txt',
  'tagmanifest-sha256.txt',
  'bag-info.txt',
  'data/pack.json',
  'data/ledger/head.json',
];

/**
 * Verifies a pack: offline, on any machine, whoever made it.
 *
 * @param path the zip; the signed PDF of the same name beside it is checked too when it is there.
 */
export async function verifyPack(path: string, options: VerifyOptions = {}): Promise<Verification> {
  const file = await open(path, 'r');
  try {
    return await verifyOpenPack(file, path, options);
  } catch (error) {
    if (!(error instanceof NotAContainer)) throw error;
    const check = fail('container', 'Container', `${path} is not a readable pack: ${error.message}.`);
    return conclude({ path, checks: [check], cades: null, provenTime: null, doubts: [], level: null });
  } finally {
    await file.close();
  }
}

async function verifyOpenPack(file: FileHandle, path: string, options: VerifyOptions): Promise<Verification> {
  const container = await readDirectory(file);
  const byName = new Map(container.entries.map((entry) => [entry.name, entry]));
  const small = async (name: string) => {
    const entry = byName.get(name);
    return entry ? readSmallEntry(file, entry, SMALL_BYTES) : null;
  };
  const seals = await readSeals(new Set(byName.keys()), small);
  const texts = new Map<string, string>();
  for (const name of TEXTS) {
    const bytes = await small(name);
    if (bytes) texts.set(name, bytes.toString('utf8'));
  }
  const ledgerOrder = { entries: container.entries, texts, options };
  const { read, checks: ledger } = await readPack(file, path, ledgerOrder);

  const archives = checkArchives(seals, read, options);
  const record = checkEvidenceRecord(seals, read, { ...options, at: archives.at });
  const signed = checkSigned(seals, read, { ...options, at: record.at });
  const times = [...(record.timestamp ? [record.timestamp] : []), ...archives.valid];
  const standings = standingsOf(signed.cades, times, [...archives.certificates, ...record.certificates]);
  const report = await checkReport(path, await small('data/report.pdf'), signed.cades, options);
  const checks: Check[] = [
    checkContainer(container),
    checkFiles(read),
    await checkMediaType(container, small),
    ...signed.checks,
    ...standings.checks,
    ...archives.checks,
    ...checkRenewal(
      archives.valid.at(-1) ?? signed.cades?.timestamps.at(-1) ?? null,
      options.at ?? new Date(),
    ),
    checkBag(texts, read),
    ...report.checks,
    ...ledger,
  ];
  return conclude({
    path,
    checks,
    cades: signed.cades,
    // Unchanged since the earliest time that counts; a renewal does not make the evidence younger.
    provenTime: standings.provenTime,
    doubts: [...(signed.cades?.doubts ?? []), ...standings.doubts, ...report.doubts],
    level: levelOf(signed.cades, times.length > 0, archives.valid.length > 0, standings.complete),
  });
}

/** The ASiC manifest and the CAdES signature over it. */
function checkSigned(
  { manifest, signature, names }: Seals,
  read: Parameters<typeof checkManifest>[2],
  options: VerifyOptions,
): { checks: Check[]; cades: CadesCheck | null } {
  if (!manifest || !signature) {
    const title = 'Signature over the manifest (CAdES)';
    const check = fail('cades', title, 'The pack is not signed: it has no ASiC manifest or no signature.');
    return { checks: [check], cades: null };
  }
  const claim = {
    id: 'asic-manifest',
    title: 'Every file is signed (ASiC manifest)',
    name: ASIC.manifest,
    seal: ASIC.signature,
    exempt: names,
  };
  const { check, cades } = checkSignature(signature, manifest, options);
  return { checks: [checkManifest(claim, manifest, read), check], cades };
}

/** Without a signer there is nobody to look at, and tokens alone tell the time. */
function standingsOf(
  cades: CadesCheck | null,
  later: readonly TimestampCheck[],
  certificates: readonly Uint8Array[],
): Standings {
  if (!cades?.signer)
    return { checks: [], complete: false, doubts: [], provenTime: later[0]?.genTime ?? null };
  const pack = { cades, later, certificates, revocation: { crls: [], ocsps: [] } };
  return checkStandings(pack, { id: 'revocation', of: '' });
}

function levelOf(
  cades: CadesCheck | null,
  timed: boolean,
  archived: boolean,
  complete: boolean,
): Verification['level'] {
  if (!cades?.valid) return null;
  if (cades.provenTime === null && !timed) return 'B-B';
  if (!complete) return 'B-T';
  return archived ? 'B-LTA' : 'B-LT';
}
