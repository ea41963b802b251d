import type { ReadableDb } from '../../../db/handle.ts';
import { readCertificate } from '../../seal/certificate.ts';
import { sealPdf } from '../../seal/pades/levels.ts';
import { ownCertificate } from '../../seal/signer.ts';
import type { Exhibit } from '../files/pack-file.ts';
import type { PackOptions } from '../pack-options.ts';
import type { PackParts } from '../pack-parts.ts';
import type { ReportModel } from '../pdf/report-model.ts';
import { renderReport } from '../pdf/render-report.ts';
import { redactionSummary, type Redaction } from '../redact/redaction.ts';
import { raiseOptions } from '../seal-container.ts';
import { fillReport } from './fill-report.ts';

/** Key pages in the report; the zip has every key. */
const KEY_PAGES = 40;

/** The report as it will be signed: equal input gives equal bytes. */
export async function reportBytes(
  db: ReadableDb,
  options: PackOptions,
  parts: PackParts,
): Promise<Uint8Array> {
  const { ledger, name, packId } = parts;
  const certificate = readCertificate(ownCertificate(options.signer));
  const model = fillReport(db, {
    snapshot: options.snapshot,
    pack: {
      id: packId,
      name,
      builtAt: options.now.toISOString(),
      zipFile: `${name}.zip`,
      pdfFile: `${name}.pdf`,
      merkleRoot: ledger.merkleRoot,
      ledgerHead: ledger.head,
      ledgerEntries: ledger.upTo,
    },
    controls: options.controls,
    exhibits: reportExhibits(parts.exhibits),
    logs: options.logs,
    signing: {
      signer: certificate.subject,
      subject: certificate.subject,
      fingerprint: certificate.fingerprint,
      anchoring:
        options.signerRoots.length > 0
          ? 'issued by the authority in data/certificates/signer-roots.pem'
          : 'no root given with this pack',
      algorithm: `${options.signer.kind === 'rsa' ? 'RSA PKCS#1 v1.5' : 'ECDSA'} with ${options.signer.digest.toUpperCase()}`,
    },
    rulesVersion: options.rulesVersion,
    quotaOf: options.quotaOf,
    notices: options.notices,
    keyPageLimit: KEY_PAGES,
  });
  const { redaction } = parts;
  return renderReport(redaction ? redacted(model, redaction) : model);
}

/** Signs the report, with as much of time and validation data as can be had. The given bytes are its beginning. */
export async function signReport(bytes: Uint8Array, options: PackOptions) {
  const certificate = readCertificate(ownCertificate(options.signer));
  const settings = { reason: 'Evidence pack', name: certificate.subject, signingTime: options.now };
  return sealPdf(bytes, options.signer, { ...settings, ...raiseOptions(options) });
}

const SECTIONS = { a: 'keys', b: 'keys', c: 'completeness', d: 'review' } as const;

function reportExhibits(exhibits: readonly Exhibit[]): Parameters<typeof fillReport>[1]['exhibits'] {
  return exhibits.map((exhibit) => {
    const letter = exhibit.id.slice(0, 1) as keyof typeof SECTIONS;
    const shown = foldersAsOne(exhibit.files).slice(0, 4);
    return {
      letter,
      // The report prints the letter in a column of its own.
      title: exhibit.title.replace(/^\([a-d]\) /, ''),
      provided:
        exhibit.files.length > 0
          ? `${exhibit.files.length} ${exhibit.files.length === 1 ? 'file' : 'files'}`
          : null,
      ...(exhibit.notProvided ? { reason: exhibit.notProvided } : {}),
      files: shown,
      section: SECTIONS[letter],
    };
  });
}

/** A folder below an exhibit's own stands as one line with the number of its files. */
function foldersAsOne(files: readonly string[]): string[] {
  const groups = Map.groupBy(files, (file) => {
    const parts = file.split('/');
    return parts.length > 3 ? `${parts.slice(0, 3).join('/')}/` : file;
  });
  return [...groups].map(([name, members]) =>
    name.endsWith('/') ? `${name} (${members.length} ${members.length === 1 ? 'file' : 'files'})` : name,
  );
}

/** The model with tokens in the place of values, and a line for each rule. */
function redacted(model: ReportModel, redaction: Redaction): ReportModel {
  const { reason, fields, principals, values } = redactionSummary(redaction);
  const what = [
    ...(fields.length > 0 ? [`fields ${fields.join(', ')}`] : []),
    ...(principals > 0 ? [`${principals} named ${principals === 1 ? 'principal' : 'principals'}`] : []),
  ].join('; ');
  return { ...redaction.redactor.data(model), redactions: [{ what, rule: reason, count: values }] };
}
