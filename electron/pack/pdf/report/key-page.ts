/** Key pages: the configuration card, policy and access, use, and the key's own results. */
import { usageChart } from '../chart-usage.ts';
import { keyAnchor, LIMITS, limited, restNote, startSection, type ReportContext } from './context.ts';
import { table, type Column } from '../table.ts';
import type { Text } from '../inline.ts';
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
    if (i > 0) flow.newPage('portrait');
    keyPage(context, key);
  });
}

function keyPage(context: ReportContext, key: KeyPart): void {
  const { flow } = context;
  flow.heading(2, key.alias.value ?? key.keyId, { anchor: keyAnchor(key.id), keep: 200 });
  flow.paragraph([mono(key.arn)], { size: type.small, color: color.soft, after: 5 });
  card(context, key);
  responses(context, key);
  results(context, key);
  policyAndAccess(context, key);
  usage(context, key);
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
      ['Account and region', `${key.account} · ${key.region}`, soft('observed')],
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
    'Rendered from API responses, not a console screenshot. The responses as recorded:',
    {
      size: type.small,
      color: color.soft,
      after: 2,
    },
  );
  table(context.flow, {
    columns: [
      { title: 'Exchange', width: 44, names: true },
      { title: 'Operation, time (UTC)', width: 110 },
      { title: 'Status', width: 44 },
      { title: 'Request id, SHA-256 of the body', style: 'mono' },
    ],
    rows: shown.map((r): Text[] => [
      count(r.exchange),
      [mono(r.operation), soft(`\n${time(r.at).replace(' UTC', '')}`)],
      r.status,
      `${r.requestId}\n${r.sha256}`,
    ]),
    size: type.small,
    empty: 'No response concerns this key alone.',
  });
  restNote(context, shown.length, key.responses.length, 'responses', 'data/ledger/entries.jsonl');
}

function results(context: ReportContext, key: KeyPart): void {
  const { flow, model } = context;
  flow.heading(3, 'Results of this key');
  const period = model.engagement.type === 'period';
  const columns: Column[] = [
    { title: 'Control', width: 62, names: true },
    { title: 'Test and what was seen' },
    { title: 'At collection', width: 92 },
  ];
  if (period) columns.push({ title: 'Throughout', width: 92 });
  columns.push({ title: 'Exchanges', max: 64 });
  table(flow, {
    columns,
    rows: key.results.map((r): Text[] => [
      r.control,
      r.detail === '' ? r.title : [r.title, soft(`\n${r.detail}`)],
      badge(r.atCollection),
      ...(period ? [badge(r.throughout)] : []),
      soft(cite(r.citations)),
    ]),
    empty: 'No test concerns this key.',
  });
}

function policyAndAccess(context: ReportContext, key: KeyPart): void {
  const { flow } = context;
  flow.heading(3, 'Policy and access');
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
  } else {
    flow.paragraph(
      [
        { text: 'Policy not read', color: color.amber, style: 'bold' },
        ': see the gaps and the results above.',
      ],
      { size: type.table },
    );
  }
  const shown = limited(key.access, LIMITS.access);
  table(flow, {
    columns: [
      { title: 'Right', width: 58, names: true },
      { title: 'Principal', style: 'mono', max: 220 },
      { title: 'Kind', max: 78 },
      { title: 'By', max: 190 },
    ],
    rows: shown.map((a): Text[] => [
      a.right,
      a.principal,
      a.kind,
      a.note ? [a.path, soft(`\n${a.note}`)] : a.path,
    ]),
    empty: 'No access path was found.',
  });
  restNote(context, shown.length, key.accessTotal, 'access paths', 'data/2-access/access-matrix.csv');
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
