import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { CadesCheck, VerifyOptions } from '../../seal/cades.ts';
import { SealError } from '../../seal/error.ts';
import { readValidationData } from '../../seal/pades/validation-data.ts';
import { openPdf } from '../../seal/pdf/pdf-file.ts';
import { isPdfPrefix, verifyPdf, type PdfSignatureCheck } from '../../seal/pades/verify.ts';
import { cannotTell, fail, pass, type Check } from '../verification.ts';
import { checkStandings } from './standings.ts';

const SIGNED = 'Report is signed (PAdES)';
const BESIDE = 'Report beside the zip';

/**
 * Checks the report in the pack, and the PDF of the same name beside the zip: it must begin with the very bytes of the
 * one inside, and may have grown by timestamps only.
 */
export async function checkReport(
  zipPath: string,
  inner: Buffer | null,
  cades: CadesCheck | null,
  options: VerifyOptions,
): Promise<{ checks: Check[]; doubts: string[] }> {
  if (!inner)
    return {
      checks: [fail('pades', SIGNED, 'data/report.pdf is not in the pack or cannot be read.')],
      doubts: [],
    };
  const beside = besidePath(zipPath);
  const outer = beside ? await readFile(beside) : null;
  const checks = [
    signedCheck(inner, cades, options),
    outer && beside
      ? besideCheck(beside, inner, outer, options)
      : cannotTell('pdf-beside', BESIDE, 'There is no PDF of the same name beside the zip to compare.'),
  ];
  if (checks.some(({ result }) => result === 'fail')) return { checks, doubts: [] };
  // The one beside may have got its time, and what tells of its signer, later.
  const standings = standingsOfPdf(outer ?? inner, options);
  return { checks: [...checks, ...standings.checks], doubts: standings.doubts };
}

/** Standing of signer and authorities, from the report's own document security store. */
function standingsOfPdf(pdf: Buffer, options: VerifyOptions): { checks: Check[]; doubts: string[] } {
  const verified = verifyPdf(pdf, options);
  const cades = verified.find(({ signature }) => signature !== null)?.signature;
  if (!cades?.signer) return { checks: [], doubts: [] };
  const later = verified.flatMap(({ timestamp }) => (timestamp?.valid ? [timestamp] : []));
  const { certificates, ...revocation } = readValidationData(openPdf(pdf));
  // Sealed without revocation data: the standing of the same signer is told for the pack.
  const held = [revocation, cades.revocation].flatMap(({ crls, ocsps }) => [...crls, ...ocsps]);
  if (held.length === 0) return { checks: [], doubts: [] };
  const inside = later.flatMap(({ path }) => path.map(({ der }) => der));
  return checkStandings(
    { cades, later, certificates: [...certificates, ...inside], revocation },
    { id: 'pades-revocation', of: ' (report)' },
  );
}

function besidePath(zipPath: string): string | undefined {
  return [zipPath.replace(/\.zip$/i, '.pdf'), zipPath.replace(/[^/\\]*$/, 'report.pdf')].find(
    (candidate) => candidate !== zipPath && existsSync(candidate),
  );
}

function signedCheck(inner: Buffer, cades: CadesCheck | null, options: VerifyOptions): Check {
  const checks = verified(inner, options);
  if (typeof checks === 'string') return fail('pades', SIGNED, `data/report.pdf: ${checks}.`);
  const [first] = checks;
  if (!first?.signature) return fail('pades', SIGNED, 'data/report.pdf is not signed.');
  const problems = checks.flatMap((check) => check.problems);
  if (problems.length > 0) return fail('pades', SIGNED, `data/report.pdf: ${problems.join('; ')}.`);
  const last = checks.at(-1)!;
  if (!last.place.coversWholeFile)
    return fail('pades', SIGNED, 'data/report.pdf: bytes follow its last signature.');
  const signer = first.signature.signer;
  if (cades?.signer && signer?.fingerprint !== cades.signer.fingerprint) {
    return fail('pades', SIGNED, 'data/report.pdf was signed with another certificate than the pack.');
  }
  const when = first.signature.provenTime ? `, existed at ${first.signature.provenTime.toISOString()}` : '';
  return pass('pades', SIGNED, `The whole of data/report.pdf is signed by ${signer!.subject}${when}.`);
}

function besideCheck(path: string, inner: Buffer, outer: Buffer, options: VerifyOptions): Check {
  if (!isPdfPrefix(inner, outer))
    return fail('pdf-beside', BESIDE, `${path} is not the report that was sealed.`);
  if (outer.length === inner.length)
    return pass('pdf-beside', BESIDE, `${path} is the report that was sealed, byte for byte.`);
  const checks = verified(outer, options);
  const problems = typeof checks === 'string' ? [checks] : checks.flatMap((check) => check.problems);
  const grown = typeof checks !== 'string' && checks.at(-1)?.place.coversWholeFile;
  if (problems.length > 0 || !grown) {
    return fail(
      'pdf-beside',
      BESIDE,
      `${path} was changed behind the report that was sealed: ${problems.join('; ') || 'bytes follow its last signature'}.`,
    );
  }
  return pass(
    'pdf-beside',
    BESIDE,
    `${path} begins with the report that was sealed and has grown by timestamps only.`,
  );
}

function verified(pdf: Buffer, options: VerifyOptions): PdfSignatureCheck[] | string {
  try {
    return verifyPdf(pdf, options);
  } catch (error) {
    if (error instanceof SealError) return error.message;
    throw error;
  }
}
