/** Key pages: the configuration card, policy and access, use, and the key's own results. */
import { usageChart } from '../chart-usage.ts';
import {
  controlAnchor,
  keyAnchor,
  LIMITS,
  limited,
  restNote,
  startSection,
  type ReportContext,
} from './context.ts';
import { table, type Column } from '../table.ts';
import type { Inline, Text } from '../inline.ts';
import type { Fact, KeyPart } from '../report-model.ts';
import { color, type } from '../theme.ts';
import { badge, basis, bold, cite, count, counted, fact, mono, soft, time } from './words.ts';

export function keyPagesSection(context: ReportContext): void {
  const { flow, model } = context;
  const { keys, total, order, file } = model.keyPages;
  const shown = limited(keys, LIMITS.keyPages);
  startSection(context, 'keys', `${counted(shown.length, 'key')} of ${count(total)}. ${order}`);
  restNote(context, shown.length, total, 'keys', file);
  if (shown.length === 0) flow.paragraph('No key was listed, so there is no key page.');
  shown.forEach((key, i) => {
    if (i > 0) {
      if (flow.y - flow.floor < CARD_ROOM) flow.newPage('portrait');
      else flow.space(18);
    }
    keyPage(context, key);
  });
}

/** A key begins where its configuration card fits whole. Points. */
const CARD_ROOM = 330;

function keyPage(context: ReportContext, key: KeyPart): void {
  const { flow } = context;
  flow.heading(2, key.alias.value ?? key.keyId, { anchor: keyAnchor(key.id), keep: CARD_ROOM - 40 });
  flow.paragraph([mono(key.arn)], { size: type.small, color: color.soft, after: 5 });
  card(context, key);
  responses(context, key);
  results(context, key);
  usage(context, key);
  policyAndAccess(context, key);
}

/** The configuration card: what the provider said, with basis and exchange of each value. */
function card(context: ReportContext, key: KeyPart): void {
  const row = (label: string, f: Fact, style: 'regular' | 'mono' = 'regular'): Text[] => [
    label,
    fact(f, style),
    basis(f),
  ];
  table(context.flow, {
    columns: [
      { title: 'Configuration', width: 112, names: true },
      { title: 'Value' },
      { title: 'Basis · exchanges', width: 118 },
    ],
    rows: [
      ['Key id', [mono(key.keyId)], soft('observed')],
      row('Alias', key.alias),
      ['Scope and region', `${key.account} · ${key.region}`, soft('observed')],
      row('State', key.state),
      row('Algorithm', key.algorithm),
      row('Use', key.use),
      row('Origin of material', key.origin),
      row('Managed by', key.manager),
      row('Created', key.created),
      [bold('Rotation'), bold(key.rotation.status.value ?? 'Not known'), basis(key.rotation.status)].map(
        (cell, i) => (i === 1 && key.rotation.status.value === null ? fact(key.rotation.status) : cell),
      ),
      row('Rotation period', key.rotation.period),
      row('Last rotation', key.rotation.last),
      row('Next rotation', key.rotation.next),
      row('Owner', key.owner),
      row('Purpose', key.purpose),
    ],
    after: 6,
  });
}

function responses(context: ReportContext, key: KeyPart): void {
  const shown = limited(key.responses, LIMITS.responses);
  context.flow.paragraph(
    'Rendered from API responses, not a console screenshot. The responses as recorded, with the beginning of each body’s SHA-256:',
    { size: type.small, color: color.soft, after: 2 },
  );
  table(context.flow, {
    columns: [
      { title: 'Exchange', width: 46, names: true },
      { title: 'Operation', style: 'mono' },
      { title: 'Time (UTC)', width: 86 },
      { title: 'Request id', style: 'mono', max: 164 },
      { title: 'SHA-256', style: 'mono', width: 58 },
    ],
    rows: shown.map((r): Text[] => [
      count(r.exchange),
      r.status === 'ok' ? r.operation : [r.operation, soft(` ${r.status}`)],
      time(r.at).replace(' UTC', ''),
      r.requestId,
      r.sha256 === null ? soft('no body') : `${r.sha256.slice(0, 10)}…`,
    ]),
    size: type.small,
    empty: 'No response concerns this key alone.',
    after: 6,
  });
  restNote(context, shown.length, key.responses.length, 'responses', 'data/ledger/entries.jsonl');
}

function results(context: ReportContext, key: KeyPart): void {
  const { flow, model } = context;
  flow.heading(3, 'Results of this key', { keep: 110 });
  const period = model.engagement.type === 'period';
  const columns: Column[] = [
    { title: 'Test, and what was seen', names: true },
    { title: 'At collection', width: 84 },
  ];
  if (period) columns.push({ title: 'Throughout', width: 84 });
  columns.push({ title: 'Exchanges', max: 58 });
  const open = key.results.filter((r) => !isApart(r) && !isSound(r));
  table(flow, {
    columns,
    rows: open.map((r): Text[] => [
      [controlLink(context, r), ...(isExplained(r) ? [soft(`\n${r.detail}`)] : [])],
      badge(r.atCollection),
      ...(period ? [badge(r.throughout)] : []),
      soft(cite(r.citations)),
    ]),
    empty:
      key.results.length === 0 ? 'No test concerns this key.' : 'No test of this key noted an exception.',
    after: 4,
  });
  const titles = (rows: typeof key.results): string => rows.map((r) => r.title).join('; ');
  const sound = key.results.filter((r) => !isApart(r) && isSound(r));
  if (sound.length > 0)
    flow.paragraph(
      [{ text: 'No exception noted: ', style: 'bold', color: color.green }, `${titles(sound)}.`],
      {
        size: type.small,
        after: 2,
      },
    );
  const apart = key.results.filter(isApart);
  const notes = [
    ...(apart.length > 0 ? [`Not applicable to this key: ${titles(apart)}.`] : []),
    ...(key.results.length > 0 ? ['Every reason stands whole in data/6-tests/results.csv.'] : []),
  ];
  flow.paragraph(notes.join(' '), { size: type.small, color: color.soft });
}

/** Tests without an exception or an open question are named in one line. */
function isSound({ atCollection, throughout }: KeyPart['results'][number]): boolean {
  const fine = (state: KeyPart['results'][number]['throughout']) =>
    state === null || state === 'pass' || state === 'not-applicable';
  return fine(atCollection) && fine(throughout);
}

/** What differs or is missing at collection is explained here; open answers of the period stand under their control. */
function isExplained(result: KeyPart['results'][number]): boolean {
  return (
    !['pass', 'not-applicable'].includes(result.atCollection) ||
    result.throughout === 'exception' ||
    result.throughout === 'evidence-required'
  );
}

/** The title of a test, leading to its results where the report has them. */
function controlLink({ model }: ReportContext, result: KeyPart['results'][number]): Inline {
  const printed = model.controls.some((control) => control.id === result.control);
  return printed
    ? { text: result.title, link: controlAnchor(result.control), color: color.accent }
    : result.title;
}

/** Tests that do not concern the key are named in one line. */
function isApart(result: KeyPart['results'][number]): boolean {
  return (
    result.atCollection === 'not-applicable' &&
    (result.throughout === null || result.throughout === 'not-applicable')
  );
}

function policyAndAccess(context: ReportContext, key: KeyPart): void {
  const { flow } = context;
  flow.heading(3, 'Policy and access', { keep: 110 });
  if (key.policy) {
    flow.paragraph(
      [
        `Key policy of ${counted(key.policy.statements, 'statement')}, read ${time(key.policy.at)}, SHA-256 `,
        mono(key.policy.sha256),
        '.',
      ],
      {
        size: type.table,
        after: 3,
      },
    );
    const summary = limited(key.policy.summary, LIMITS.summary);
    flow.list(summary, { size: type.table });
    restNote(context, summary.length, key.policy.summary.length, 'statements', 'data/2-access/');
  } else if (key.policyMissing === null) {
    flow.paragraph(
      'The provider attaches no policy to a key of its own. Rights come through what is listed here.',
      {
        size: type.table,
      },
    );
  } else {
    flow.paragraph(
      [
        { text: 'Policy not read', color: color.amber, style: 'bold' },
        `: ${key.policyMissing}. See the gaps.`,
      ],
      { size: type.table },
    );
  }
  const shown = limited(key.access, LIMITS.access);
  table(flow, {
    columns: [
      { title: 'Rights', width: 66 },
      { title: 'Principal, and the way it holds them', names: true },
      { title: 'Kind', max: 70 },
    ],
    rows: shown.map((a): Text[] => [
      a.rights,
      [mono(a.principal), soft(`\n${a.path}`), ...(a.note ? [soft(` (${a.note})`)] : [])],
      a.kind,
    ]),
    empty: 'No access path was found.',
  });
  restNote(context, shown.length, key.accessTotal, 'ways to this key', 'data/2-access/access-matrix.csv');
}

function usage(context: ReportContext, key: KeyPart): void {
  const { flow } = context;
  const { bins, total, statement, operations } = key.usage;
  flow.heading(3, 'Use in the period', { keep: 130 });
  flow.paragraph(statement, { size: type.table, after: 4 });
  const words = bins
    .map((b) => `${b.label} ${b.covered === false ? 'not covered' : count(b.count)}`)
    .join(', ');
  usageChart(flow, bins, `Uses in the period, ${count(total)} in all: ${words}.`);
  table(flow, {
    columns: [
      { title: 'Operation', style: 'mono', names: true },
      { title: 'Events', width: 70, align: 'right' },
      { title: 'Principals', width: 70, align: 'right' },
    ],
    rows: operations.map((o) => [o.operation, count(o.count), count(o.principals)]),
    empty: 'No event in the logs that were covered.',
  });
}
