/** Page one: whose keys, which period, the numbers, and where the four expected exhibits are. */
import { figureRow } from './figure-row.ts';
import { findingAnchor, sectionAnchor, SECTIONS, type ReportContext } from './context.ts';
import { keyValues, table, type Column } from '../table.ts';
import type { Inline, Text } from '../inline.ts';
import type { Exhibit, ReportModel } from '../report-model.ts';
import { color, type } from '../theme.ts';
import { badge, bold, count, day, mono, percent, soft, STATES, time } from './words.ts';

export function pageOne(context: ReportContext): void {
  const { flow, model } = context;
  const { engagement, verdict } = model;
  flow.newPage('portrait');
  flow.doc.anchor('page-one', flow.y + 20);
  flow.doc.bookmark(1, 'Page one', 'page-one');
  flow.doc.page.artifact(() => flow.doc.page.fill(flow.left, flow.y - 2, 44, 3.5, color.accent));
  flow.y -= 14;
  flow.paragraph(engagement.title, { size: type.h3, style: 'bold', color: color.accent, after: 2 });
  const size = engagement.client.length > 60 ? type.h2 : type.title;
  flow.paragraph(engagement.client, { size, style: 'light', as: 'H1', after: 10 });
  keyValues(flow, facts(model), { label: 92 });
  flow.space(4);
  figureRow(flow, [
    { value: count(verdict.keys), label: 'keys in the population' },
    {
      value: count(verdict.exceptions),
      label: 'exceptions',
      color: verdict.exceptions > 0 ? color.red : color.ink,
    },
    {
      value: count(verdict.undetermined),
      label: 'undetermined',
      color: verdict.undetermined > 0 ? color.amber : color.ink,
    },
    {
      value: count(verdict.evidenceRequired),
      label: 'evidence required',
      color: verdict.evidenceRequired > 0 ? color.violet : color.ink,
    },
    {
      value: count(verdict.gaps),
      label: 'gaps in collection',
      color: verdict.gaps > 0 ? color.amber : color.ink,
    },
    {
      value: verdict.coveragePercent === null ? 'none' : percent(verdict.coveragePercent),
      label: 'log coverage of the period',
    },
  ]);
  for (const sentence of verdict.summary) flow.paragraph(sentence, { after: 4 });
  flow.space(8);
  flow.heading(2, 'The four expected exhibits', { keep: 120 });
  table(flow, {
    columns: [
      { title: '', width: 26, names: true },
      { title: 'Exhibit', width: 142 },
      { title: 'Provided' },
      { title: 'Page', width: 34, align: 'right' },
    ],
    rows: model.exhibits.map(exhibitRow),
    after: 8,
  });
  fourFindings(context);
  flow.paragraph(
    [
      'The report states procedures and their results; it gives no opinion. Each result rests on recorded exchanges with the provider, cited by number. Files named here are in ',
      mono(model.pack.zipFile),
      '.',
    ],
    { size: type.small, color: color.soft },
  );
}

function facts(model: ReportModel): [string, Text][] {
  const { engagement, collection, pack } = model;
  const { from, to } = engagement.period;
  return [
    ['Criteria', engagement.criteria.map((c) => c.id).join(', ')],
    engagement.type === 'period'
      ? ['Period', [bold(`${day(from)} to ${day(to)}`), soft(', both days included, UTC')]]
      : ['As of', [bold(day(to)), soft(', UTC (point in time)')]],
    ['Collected', `${time(collection.startedAt)} to ${time(collection.endedAt)}, by ${collection.by}`],
    ['Prepared as', engagement.mode === 'management' ? 'Management’s evidence' : 'Service auditor’s work'],
    ['Pack', [mono(pack.id), soft(`, built ${time(pack.builtAt)}`)]],
  ];
}

function exhibitRow(exhibit: Exhibit): Text[] {
  const { letter, title, provided, files, section } = exhibit;
  const anchor = sectionAnchor(section);
  const what: Inline[] =
    provided === null
      ? [
          { text: 'Not provided', mark: 'ring', style: 'bold', color: color.amber },
          soft(exhibit.reason ? `: ${exhibit.reason}` : ''),
        ]
      : [provided];
  for (const file of files) what.push('\n', mono(file));
  return [
    bold(`(${letter})`),
    { text: title, link: anchor, color: color.accent },
    what,
    { text: '', pageOf: anchor },
  ];
}

/** The four findings in numbers, when the page has room: page one stays one page. */
function fourFindings(context: ReportContext): void {
  const { flow, model } = context;
  if (model.findings.length === 0 || flow.y - flow.floor < 70 + model.findings.length * 18) return;
  const states = ['exception', 'undetermined', 'evidence-required'] as const;
  table(flow, {
    columns: [
      { title: 'The four common findings, at collection', names: true },
      ...states.map((state): Column => ({ title: STATES[state].word, width: 84, align: 'right' })),
      { title: 'Page', width: 34, align: 'right' },
    ],
    rows: model.findings.map((finding): Text[] => {
      const controls = model.controls.filter((c) => finding.controls.includes(c.id));
      const sums = states.map((state) => controls.reduce((sum, c) => sum + c.atCollection[state], 0));
      const anchor = findingAnchor(finding.id);
      return [
        { text: finding.title, link: anchor, color: color.accent },
        ...(controls.length === 0 ? ['not tested', '', ''] : sums.map(count)),
        { text: '', pageOf: anchor },
      ];
    }),
    after: 8,
  });
}

/** The table of contents. */
export function contents(context: ReportContext): void {
  const { flow } = context;
  flow.newPage('portrait');
  flow.heading(1, 'Contents', { anchor: 'contents' });
  table(flow, {
    columns: [
      { title: 'Section', names: true },
      { title: 'Page', width: 50, align: 'right' },
    ],
    rows: SECTIONS.map((section, i) => [
      { text: `${i + 1}\u2002${section.title}`, link: sectionAnchor(section.id), color: color.accent },
      { text: '', pageOf: sectionAnchor(section.id) },
    ]),
    size: type.body,
  });
  flow.heading(2, 'How to read the results');
  flow.paragraph(
    context.model.engagement.type === 'period'
      ? 'Each test of a configuration gives two answers: at collection, from the state that was read, and throughout the period, from logged changes and the coverage of the logs. A pass of the first says nothing about the second.'
      : 'Each test of a configuration gives one answer: the state at collection.',
  );
  table(flow, {
    columns: [{ title: 'Result', width: 120, names: true }, { title: 'Meaning' }],
    rows: RESULT_MEANINGS,
  });
  table(flow, {
    columns: [{ title: 'Basis', width: 120, names: true }, { title: 'How the value is known' }],
    rows: BASIS_MEANINGS,
  });
}

const RESULT_MEANINGS: Text[][] = [
  [badge('pass'), 'No exception noted by this procedure.'],
  [badge('exception'), 'What was read differs from what the test asks for.'],
  [
    badge('undetermined'),
    'The question could not be answered, for the error stated. A missing permission is never an exception.',
  ],
  [
    badge('evidence-required'),
    'The provider cannot show it; evidence from the client is needed and was not given.',
  ],
  [badge('not-applicable'), 'The test does not concern this kind of key.'],
];

const BASIS_MEANINGS: Text[][] = [
  [bold('observed'), 'A response of the provider, recorded as received.'],
  [bold('logged'), 'An event in the provider’s log.'],
  [
    bold('client-provided'),
    'A file the client gave; its origin is not verified by a signature of the source.',
  ],
  [bold('declared'), 'Typed in by an operator.'],
  [bold('computed'), 'Derived from the others.'],
];
