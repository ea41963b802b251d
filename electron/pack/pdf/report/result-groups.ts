/** Equal results as one entry: what was seen once, then everything it concerns. */
import {
  exceptionAnchor,
  keyAnchor,
  LIMITS,
  limited,
  restNote,
  subjectLink,
  type ReportContext,
} from './context.ts';
import { table, type Column } from '../table.ts';
import type { Inline, Text } from '../inline.ts';
import type { ControlPart, ExceptionPart, ResultGroup, Subject } from '../report-model.ts';
import { color, type } from '../theme.ts';
import { badge, bold, cite, counted, day, soft } from './words.ts';

/** Groups of more subjects than this, or with a list as their reason, are blocks; the others are rows of one table. */
const MOST_IN_A_ROW = 4;

/** The state column or columns of a group, as the table heads them. */
interface Answers {
  columns: readonly Column[];
  cells: readonly Text[];
}

export function exceptionBlock(context: ReportContext, exception: ExceptionPart): void {
  const { flow, model } = context;
  flow.heading(3, `${exception.number} · ${counted(exception.total, 'subject')}: ${exception.observation}`, {
    anchor: exceptionAnchor(exception.number),
    bookmark: true,
    keep: 90,
  });
  const period = model.engagement.type === 'period';
  groups(context, exception.groups, 'What was seen', (group) => ({
    columns: [{ title: 'At collection', width: 88 }, ...(period ? [{ title: 'Throughout', width: 88 }] : [])],
    cells: [badge(group.atCollection), ...(period ? [badge(group.throughout)] : [])],
  }));
  response(context, exception.response);
}

export function openBlock(context: ReportContext, control: ControlPart): void {
  if (control.open.length === 0) return;
  context.flow.heading(3, `Without an answer: ${counted(control.openTotal, 'subject')}`, { keep: 90 });
  groups(context, control.open, 'Reason', (group) => ({
    columns: [{ title: 'State', width: 106 }],
    cells: [badge(group.state)],
  }));
}

function groups<G extends ResultGroup>(
  context: ReportContext,
  all: readonly G[],
  seen: string,
  answers: (group: G) => Answers,
): void {
  const shown = limited(all, LIMITS.groups);
  const isBlock = (group: G) => group.total > MOST_IN_A_ROW || group.items.length > 0;
  const large = shown.filter(isBlock);
  const small = shown.filter((group) => !isBlock(group));
  for (const group of large) groupBlock(context, group, answers(group));
  if (small.length > 0) {
    table(context.flow, {
      columns: [
        { title: 'Subject', names: true, max: 150 },
        ...answers(small[0]!).columns,
        { title: seen },
        { title: 'Exchanges', max: 66 },
      ],
      rows: small.map((group): Text[] => [
        subjectLines(context, group),
        ...answers(group).cells,
        group.reason,
        soft(cite(group.citations)),
      ]),
    });
  }
  const printed = shown.reduce((sum, group) => sum + group.total, 0);
  const total = all.reduce((sum, group) => sum + group.total, 0);
  restNote(context, printed, total, 'subjects', 'data/6-tests/results.csv');
}

/** Many subjects with one reason: the reason over the full width, then the subjects as running text. */
function groupBlock(context: ReportContext, group: ResultGroup, { columns, cells }: Answers): void {
  const { flow } = context;
  flow.ensure(74);
  const states = cells.flatMap((cell, i): Inline[] => [
    soft(cells.length > 1 ? `${columns[i]!.title.toLowerCase()}: ` : ''),
    ...[cell].flat(),
    '     ',
  ]);
  flow.paragraph([bold(counted(group.total, 'subject')), '     ', ...states], {
    size: type.table,
    after: 2,
  });
  flow.paragraph(group.reason, { size: type.table, after: group.items.length > 0 ? 2 : 3 });
  flow.list(group.items, { size: type.table });
  flow.paragraph(
    group.subjects.flatMap((subject, i) => [...(i === 0 ? [] : [soft(' · ')]), ...named(context, subject)]),
    { size: type.table, after: 3 },
  );
  restNote(context, group.subjects.length, group.total, 'subjects', 'data/6-tests/results.csv');
  flow.paragraph(`Exchanges ${cite(group.citations)}`, { size: type.small, color: color.soft, after: 10 });
}

/** A subject that leads to its page, with the page's number. */
function named(context: ReportContext, subject: Subject): Inline[] {
  const link = subjectLink(context, subject.label, subject.keyPage);
  if (typeof link === 'string' || subject.keyPage === undefined) return [link];
  return [link, { text: '\u00a0p.\u00a0', color: color.soft, pageOf: keyAnchor(subject.keyPage) }];
}

function subjectLines(context: ReportContext, group: ResultGroup): Inline[] {
  return group.subjects.flatMap((subject, i) => [...(i === 0 ? [] : ['\n']), ...named(context, subject)]);
}

function response(context: ReportContext, given: ExceptionPart['response']): void {
  if (!given) return;
  const more = [
    given.compensating ? `Compensating control: ${given.compensating}` : '',
    given.owner ? `Owner: ${given.owner}` : '',
    given.due ? `Due: ${day(given.due)}` : '',
  ].filter((line) => line !== '');
  context.flow.callout('note', `Management’s response, ${given.by}, ${day(given.at)}`, [
    given.text,
    ...more.map((line) => `\n${line}`),
    { text: '\nA response does not change the result.', color: color.soft },
  ]);
}
