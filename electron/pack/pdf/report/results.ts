/** Results: first by the four findings auditors raise, then control by control. */
import {
  controlAnchor,
  exceptionAnchor,
  findingAnchor,
  LIMITS,
  limited,
  restNote,
  startSection,
  type ReportContext,
} from './context.ts';
import { exceptionBlock, openBlock } from './result-groups.ts';
import { keyValues, table, type Column } from '../table.ts';
import type { Inline, Text } from '../inline.ts';
import type { ControlPart, ExceptionPart, ReportModel, StateCounts } from '../report-model.ts';
import { color } from '../theme.ts';
import { bold, count, soft, STATE_ORDER, STATES } from './words.ts';

export function findingsSection(context: ReportContext): void {
  const { flow, model } = context;
  startSection(
    context,
    'findings',
    'The four findings commonly raised about key management, and what the tests say to each.',
  );
  for (const finding of model.findings) {
    flow.heading(2, finding.title, { anchor: findingAnchor(finding.id), keep: 120 });
    flow.paragraph(finding.answer);
    const controls = model.controls.filter((c) => finding.controls.includes(c.id));
    controlTable(context, controls);
    const exceptions = controls.flatMap(printedExceptions);
    if (exceptions.length === 0) continue;
    table(flow, {
      columns: [
        { title: 'Exception', width: 58, names: true },
        { title: 'Observation' },
        { title: 'Subjects', width: 52, align: 'right' },
        { title: 'Page', width: 36, align: 'right' },
      ],
      rows: exceptions.map((e): Text[] => [
        { text: e.number, link: exceptionAnchor(e.number), color: color.accent },
        e.observation,
        count(e.total),
        { text: '', pageOf: exceptionAnchor(e.number) },
      ]),
    });
  }
}

/** Controls with their numbers; one column of states per answer. */
function controlTable(context: ReportContext, controls: readonly ControlPart[]): void {
  const { flow, model } = context;
  const columns: Column[] = [
    { title: 'Control', width: 62, names: true },
    { title: 'Test' },
    { title: 'At collection', width: 118 },
  ];
  if (twoAnswers(model)) columns.push({ title: 'Throughout the period', width: 118 });
  table(flow, {
    columns,
    rows: controls.map((c): Text[] => [
      { text: c.id, link: controlAnchor(c.id), color: color.accent },
      c.title,
      tally(c.atCollection),
      ...(twoAnswers(model) ? [c.throughout ? tally(c.throughout) : soft('not tested')] : []),
    ]),
    empty: 'No test belongs to this finding.',
  });
}

const twoAnswers = (model: ReportModel): boolean => model.engagement.type === 'period';

/** States with their numbers, one a line, without those that are zero. */
function tally(counts: StateCounts): Inline[] {
  const out: Inline[] = [];
  for (const state of STATE_ORDER) {
    const n = counts[state];
    if (n === 0) continue;
    const { word, mark, color: fill } = STATES[state];
    out.push(out.length > 0 ? '\n' : '', { text: `${count(n)} ${word.toLowerCase()}`, mark, color: fill });
  }
  return out.length === 0 ? [soft('no subject')] : out;
}

export function controlsSection(context: ReportContext): void {
  const { flow, model } = context;
  startSection(
    context,
    'controls',
    'Every test with its question, its method and its numbers; every exception with what it concerns, the evidence and the remedy.',
  );
  if (model.controls.length === 0) flow.paragraph('No test was run.');
  for (const control of model.controls) controlBlock(context, control);
}

function controlBlock(context: ReportContext, control: ControlPart): void {
  const { flow, model } = context;
  flow.heading(2, `${control.id} · ${control.title}`, { anchor: controlAnchor(control.id), keep: 150 });
  const rows: [string, Text][] = [
    ['Question', control.question],
    [
      'Criteria',
      control.criteria.join(', ') +
        (control.clientControl ? ` · client’s control ${control.clientControl}` : ''),
    ],
    ['Method', control.method],
    ['Permission needed', control.permission],
  ];
  if (control.policyClause) rows.push(['Policy', control.policyClause]);
  rows.push(['At collection', inLine(control.atCollection)]);
  if (twoAnswers(model))
    rows.push([
      'Throughout the period',
      control.throughout ? inLine(control.throughout) : soft('not tested'),
    ]);
  keyValues(flow, rows, { label: 118 });
  const printed = printedExceptions(control);
  for (const exception of printed) exceptionBlock(context, exception);
  restNote(context, printed.length, control.exceptions.length, 'exceptions', 'data/6-tests/exceptions.csv');
  if (control.exceptions.length > 0) {
    flow.paragraph([bold('Remediation. '), control.remediation]);
  }
  openBlock(context, control);
}

function inLine(counts: StateCounts): Inline[] {
  return tally(counts).map((i) => (i === '\n' ? '     ' : i));
}

/** The exceptions of a control that have a place in the report; only these are linked to. */
const printedExceptions = (control: ControlPart): readonly ExceptionPart[] =>
  limited(control.exceptions, LIMITS.exceptions);
