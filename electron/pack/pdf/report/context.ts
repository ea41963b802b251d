/** What every section of the report works with, and the limits that keep the report under 2,000 pages. */
import type { Flow } from '../flow.ts';
import type { Inline, Text } from '../inline.ts';
import type { ReportModel, SectionId } from '../report-model.ts';
import type { Column } from '../table.ts';
import { color } from '../theme.ts';
import { count } from './words.ts';

export interface ReportContext {
  flow: Flow;
  model: ReportModel;
  /** True when a key has a page of its own in this report. */
  hasKeyPage(id: string): boolean;
}

/** Most rows printed of each kind; the rest is in the zip and every table says so. */
export const LIMITS = {
  keyPages: 200,
  inventory: 2500,
  exceptions: 12,
  groups: 40,
  changes: 2000,
  gaps: 500,
  access: 40,
  summary: 60,
  responses: 40,
  operations: 300,
  coverage: 200,
  provenance: 250,
} as const;

/** Titles of the sections, in order. */
export const SECTIONS: readonly { id: SectionId; title: string }[] = [
  { id: 'scope', title: 'Scope and sources' },
  { id: 'method', title: 'Method' },
  { id: 'completeness', title: 'Completeness' },
  { id: 'findings', title: 'Results by finding' },
  { id: 'controls', title: 'Results by control' },
  { id: 'inventory', title: 'Key inventory' },
  { id: 'keys', title: 'Key pages' },
  { id: 'changes', title: 'Changes in the period' },
  { id: 'procedure', title: 'Key management procedure' },
  { id: 'review', title: 'Annual review and sign-off' },
  { id: 'provenance', title: 'Provenance' },
  { id: 'limitations', title: 'What this pack does not prove' },
  { id: 'glossary', title: 'Glossary' },
  { id: 'signatures', title: 'Signatures' },
];

export const sectionAnchor = (id: SectionId): string => `section-${id}`;
export const findingAnchor = (id: string): string => `finding-${id}`;
export const keyAnchor = (id: string): string => `key-${id}`;
export const exceptionAnchor = (number: string): string => `exception-${number}`;
export const controlAnchor = (id: string): string => `control-${id}`;

/** Starts a section on a page of its own; a `short` one goes on below the last where there is room for it. */
export function startSection(
  context: ReportContext,
  id: SectionId,
  lead: string,
  landscape = false,
  short = false,
): void {
  const { flow } = context;
  const index = SECTIONS.findIndex((s) => s.id === id);
  if (short && flow.isPortrait && flow.y - flow.floor > SHORT_SECTION) flow.space(26);
  else flow.newPage(landscape ? 'landscape' : 'portrait');
  flow.heading(1, `${index + 1}\u2002${SECTIONS[index]?.title ?? ''}`, { anchor: sectionAnchor(id) });
  flow.paragraph(lead, { color: color.soft, after: 10, narrow: landscape ? 240 : 30 });
}

/** A name that leads to its key page when there is one. */
export function subjectLink(context: ReportContext, label: string, keyPage: string | undefined): Inline {
  if (keyPage === undefined || !context.hasKeyPage(keyPage)) return label;
  return { text: label, link: keyAnchor(keyPage), color: color.accent };
}

/** The number of the key page, for a column `PAGE_COLUMN`. */
export function pageCell(context: ReportContext, keyPage: string | undefined): Text {
  if (keyPage === undefined || !context.hasKeyPage(keyPage)) return '';
  return { text: '', pageOf: keyAnchor(keyPage) };
}

/** Column of page numbers. */
export const PAGE_COLUMN: Column = { title: 'Page', width: 36, align: 'right' };

/** Room that a short section needs. Points. */
const SHORT_SECTION = 240;

/** The first `limit` entries. */
export const limited = <T>(all: readonly T[], limit: number): readonly T[] => all.slice(0, limit);

/** Says how many entries are not printed and where they are. Prints nothing when all are. */
export function restNote(
  context: ReportContext,
  printed: number,
  total: number,
  what: string,
  file: string,
): void {
  if (total <= printed) return;
  context.flow.paragraph(
    [
      `${count(total - printed)} more ${what} of ${count(total)} are in `,
      { text: file, style: 'mono' },
      ' of the zip.',
    ],
    { color: color.soft },
  );
}
