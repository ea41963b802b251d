import { open, type FileHandle } from 'node:fs/promises';
import type { ZipEntry } from '../pack/zip/format.ts';
import type { CadesCheck, VerifyOptions } from '../seal/cades.ts';
import { ASIC } from '../seal/asic/manifest.ts';
import { NotAContainer, readDirectory, type Container } from './container/read-directory.ts';
import { openEntry, readSmallEntry, type ReadEntry } from './container/read-entry.ts';
import { checkBag } from './pack/bag-check.ts';
import { digestFiles } from './pack/digests.ts';
import { checkIndex } from './pack/index-check.ts';
import { checkBodies } from './pack/body-check.ts';
import type { OpenFile } from './pack/evidence.ts';
import { walkLedger, type WalkedLedger } from './pack/ledger-check.ts';
import { checkLogRecords } from './pack/record-check.ts';
import { checkManifest } from './pack/manifest-check.ts';
import { checkReport } from './pack/report-check.ts';
import { checkArchiveTimestamp, checkSignature } from './pack/signature-check.ts';
import { verifyCheckpointSeal } from './checkpoint-seal.ts';
import { cannotTell, fail, pass, type Check, type Verdict, type Verification } from './verification.ts';

/** Small files are read whole for parsing; none of ours comes near this. */
const SMALL_BYTES = 32 * 1024 * 1024;

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
    return conclude(path, [check], null, null);
  } finally {
    await file.close();
  }
}

async function verifyOpenPack(file: FileHandle, path: string, options: VerifyOptions): Promise<Verification> {
  const container = await readDirectory(file);
  const read = await digestFiles(file, container.entries);
  const byName = new Map(container.entries.map((entry) => [entry.name, entry]));
  const small = async (name: string) => {
    const entry = byName.get(name);
    return entry ? readSmallEntry(file, entry, SMALL_BYTES) : null;
  };

  const manifest = await small(ASIC.manifest);
  const signature = await small(ASIC.signature);
  const archiveManifest = await small(ASIC.archiveManifest);
  const token = await small(ASIC.timestamp);

  const checks: Check[] = [
    containerCheck(container),
    filesCheck(read),
    await firstFileCheck(container, small),
  ];
  let cades: CadesCheck | null = null;
  if (manifest && signature) {
    checks.push(checkManifest('signed', manifest, read));
    const signed = checkSignature(signature, manifest, options);
    checks.push(signed.check);
    cades = signed.cades;
  } else {
    checks.push(
      fail(
        'cades',
        'Signature over the manifest (CAdES)',
        'The pack is not signed: it has no ASiC manifest or no signature.',
      ),
    );
  }
  let provenTime = cades?.provenTime?.toISOString() ?? null;
  if (archiveManifest && token) {
    checks.push(checkManifest('archive', archiveManifest, read));
    const archive = checkArchiveTimestamp(token, archiveManifest, options);
    checks.push(archive.check);
    if (archive.timestamp?.valid) provenTime = archive.timestamp.genTime.toISOString();
  } else if (archiveManifest || token) {
    checks.push(
      fail(
        'archive-timestamp',
        'Timestamp over the whole pack (RFC 3161)',
        'Only one of archive manifest and timestamp is there.',
      ),
    );
  } else {
    checks.push(
      cannotTell(
        'archive-timestamp',
        'Timestamp over the whole pack (RFC 3161)',
        'The pack has none: time pending.',
      ),
    );
  }

  const texts = new Map<string, string>();
  for (const name of ['manifest-sha256.txt', 'tagmanifest-sha256.txt', 'bag-info.txt', 'data/pack.json']) {
    const bytes = await small(name);
    if (bytes) texts.set(name, bytes.toString('utf8'));
  }
  checks.push(checkBag(texts, read));
  checks.push(...(await checkReport(path, await small('data/report.pdf'), cades, options)));
  checks.push(...(await ledgerChecks(file, byName, texts, read, options)));
  return conclude(path, checks, cades, provenTime);
}

function containerCheck({ faults, entries }: Container): Check {
  const title = 'Container';
  const [first] = faults;
  if (!first)
    return pass(
      'container',
      title,
      `A zip of ${entries.length} files, every header as it was written, nothing hidden between files.`,
    );
  return fail('container', title, `${first.name ?? 'The zip'} at byte ${first.offset}: ${first.what}.`);
}

function filesCheck(read: ReadonlyMap<string, ReadEntry>): Check {
  const title = 'Files can be read';
  const bad = [...read].find(([, entry]) => entry.fault !== null);
  if (bad) return fail('files', title, `${bad[0]}: ${bad[1].fault}.`);
  const bytes = [...read.values()].reduce((sum, entry) => sum + entry.bytes, 0);
  return pass('files', title, `${read.size} files, ${bytes} bytes.`);
}

async function firstFileCheck(
  container: Container,
  small: (name: string) => Promise<Buffer | null>,
): Promise<Check> {
  const title = 'Media type first (ASiC-E)';
  const [first] = container.entries;
  const type = first?.name === 'mimetype' ? (await small('mimetype'))?.toString('latin1') : undefined;
  return type === ASIC.mimeType && first!.method === 0
    ? pass('mimetype', title, 'The first file says application/vnd.etsi.asic-e+zip, uncompressed.')
    : fail('mimetype', title, 'The first file is not the media type of an ASiC-E container.');
}

async function ledgerChecks(
  file: FileHandle,
  byName: ReadonlyMap<string, ZipEntry>,
  texts: ReadonlyMap<string, string>,
  read: ReadonlyMap<string, ReadEntry>,
  options: VerifyOptions,
): Promise<Check[]> {
  const openFile: OpenFile = (name) => {
    const entry = byName.get(name);
    return entry ? openEntry(file, entry).pieces : null;
  };
  const title = 'Ledger chain';
  const ledger = await walkLedger(openFile);
  if ('what' in ledger) return [fail('ledger', title, `${ledger.file}: ${ledger.what}.`)];
  const checks = [
    pass(
      'ledger',
      title,
      `${ledger.entries} entries, each linked to the one before; Merkle root ${ledger.merkleRoot}.`,
    ),
    await evidenceCheck(
      'bodies',
      'Recorded bodies',
      () => checkBodies(openFile, ledger.bodies, read.keys()),
      `${ledger.bodies.size} bodies are what was recorded.`,
    ),
    await evidenceCheck(
      'log-records',
      'Raw log records',
      () => checkLogRecords(openFile, ledger.logFiles, read.keys()),
      `The raw records of ${[...ledger.logFiles.values()].filter((f) => f.relevant > 0).length} log files are in the files they came from.`,
    ),
    ...checkpointChecks(ledger, options),
    checkIndex(texts.get('data/pack.json'), ledger, new Set(read.keys())),
  ];
  if (ledger.withheld > 0) {
    checks.push(
      cannotTell(
        'disclosure',
        'Disclosure',
        `${ledger.withheld} sealed values are withheld from this pack; their commitments are in the chain.`,
      ),
    );
  }
  return checks;
}

async function evidenceCheck(
  id: string,
  title: string,
  check: () => Promise<{ file: string; what: string } | null>,
  fine: string,
): Promise<Check> {
  try {
    const fault = await check();
    return fault ? fail(id, title, `${fault.file}: ${fault.what}.`) : pass(id, title, fine);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError))
      throw error;
    return fail(id, title, `It cannot be read: ${error.message}.`);
  }
}

function checkpointChecks(ledger: WalkedLedger, options: VerifyOptions): Check[] {
  return ledger.checkpoints.map(({ seq, facts }) => {
    const title = `Checkpoint at entry ${seq} over entries 1 to ${facts.upTo}`;
    const seal = verifyCheckpointSeal(facts, options);
    if (seal.signature === 'invalid' || seal.token === 'invalid') {
      return fail('checkpoint', title, `${seal.problems.join('; ')}.`);
    }
    if (seal.token === 'absent')
      return cannotTell(
        'checkpoint',
        title,
        `It has no trusted time: ${facts.missing ?? 'none was asked for'}.`,
      );
    return pass(
      'checkpoint',
      title,
      `The evidence up to there existed at ${seal.provenTime}${seal.signer ? `, signed by ${seal.signer}` : ''}.`,
    );
  });
}

function conclude(
  path: string,
  checks: Check[],
  cades: CadesCheck | null,
  provenTime: string | null,
): Verification {
  const failed = checks.filter((check) => check.result === 'fail');
  const verdict: Verdict =
    failed.length > 0 ? 'altered' : provenTime === null ? 'intact-time-pending' : 'intact';
  return {
    subject: path,
    verdict,
    headline: headline(verdict, failed, cades, provenTime),
    claimedTime: cades?.signingTime?.toISOString() ?? null,
    provenTime,
    checks,
  };
}

function headline(
  verdict: Verdict,
  failed: readonly Check[],
  cades: CadesCheck | null,
  provenTime: string | null,
): string {
  const trusted = cades?.trust === 'trusted' && cades.chainProblems.length === 0;
  const signer = trusted ? 'signer trusted' : 'signer self-asserted';
  switch (verdict) {
    case 'altered':
      return failed.every((check) => check.id === 'container')
        ? `Altered outside the files: ${failed[0]!.detail} The files themselves are what was sealed; other programs may unpack them otherwise.`
        : `Altered. ${failed[0]!.detail}`;
    case 'intact':
      return `Intact: unchanged since ${provenTime} (${signer}). All files extract to exactly what was sealed.`;
    case 'intact-time-pending':
      return `Intact, time pending (${signer}): all files extract to exactly what was sealed; no timestamp says since when.`;
    case 'cannot-tell':
      return 'Cannot tell.';
  }
}
