/** The report as a PDF, from a model that another part fills. */
import { PdfDocument } from './document.ts';
import { Flow } from './flow.ts';
import type { ReportModel } from './report-model.ts';
import { changesSection } from './report/changes.ts';
import { glossarySection, limitationsSection, signaturesSection } from './report/closing.ts';
import { completenessSection } from './report/completeness.ts';
import { LIMITS, type ReportContext } from './report/context.ts';
import { inventorySection } from './report/inventory.ts';
import { keyPagesSection } from './report/key-page.ts';
import { contents, pageOne } from './report/page-one.ts';
import { provenanceSection } from './report/provenance.ts';
import { controlsSection, findingsSection } from './report/results.ts';
import { procedureSection, reviewSection } from './report/review.ts';
import { methodSection, scopeSection } from './report/scope.ts';
import { day } from './report/words.ts';

/** Words on every page of a report made from sandbox evidence. */
export const SAMPLE_MARK = 'SAMPLE — NOT EVIDENCE';

/**
 * Renders the report as PDF/A-3a and PDF/UA-1, unsigned. Equal models give equal bytes on every machine and in every time
 * zone. @throws PdfError `bad-time` when `pack.builtAt` is not a time, `font-unreadable` when the installation is broken.
 */
export async function renderReport(model: ReportModel): Promise<Uint8Array> {
  const { engagement, pack, tool } = model;
  const { from, to } = engagement.period;
  const period = engagement.type === 'period' ? `${day(from)} to ${day(to)}` : `as of ${day(to)}`;
  const doc = new PdfDocument({
    info: {
      title: `${engagement.title}: ${engagement.client}, ${period}`,
      author: engagement.operators.map((o) => o.name).join(', ') || tool.name,
      subject: engagement.criteria.map((c) => c.id).join(', '),
      producer: `${tool.name} ${tool.version}`,
      time: pack.builtAt,
      language: 'en',
    },
    furniture: {
      headLeft: `${engagement.client} · ${engagement.title}`,
      headRight: period,
      footLeft: `Pack ${pack.id}`,
      band: model.sample ? SAMPLE_MARK : undefined,
    },
    identity: `${pack.id}\n${pack.merkleRoot}`,
  });
  const printed = new Set(model.keyPages.keys.slice(0, LIMITS.keyPages).map((k) => k.id));
  const context: ReportContext = { flow: new Flow(doc), model, hasKeyPage: (id) => printed.has(id) };
  for (const section of PARTS) section(context);
  context.flow.ensure(0);
  for (const { fileName, mediaType, description, text } of model.attachments) {
    doc.attach({ fileName, mediaType, description, relationship: 'Data', bytes: Buffer.from(text, 'utf8') });
  }
  return doc.finish();
}

/** The report's parts in their order. */
const PARTS: readonly ((context: ReportContext) => void)[] = [
  pageOne,
  contents,
  scopeSection,
  methodSection,
  completenessSection,
  findingsSection,
  controlsSection,
  inventorySection,
  keyPagesSection,
  changesSection,
  procedureSection,
  reviewSection,
  provenanceSection,
  limitationsSection,
  glossarySection,
  signaturesSection,
];
