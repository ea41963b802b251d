/** Scope and sources; method. */
import { LIMITS, limited, restNote, startSection, type ReportContext } from './context.ts';
import { keyValues, table } from '../table.ts';
import type { Text } from '../inline.ts';
import type { SourcePart } from '../report-model.ts';
import { bold, count, day, mono, soft } from './words.ts';

export function scopeSection(context: ReportContext): void {
  const { flow, model } = context;
  const { engagement } = model;
  startSection(
    context,
    'scope',
    'What the engagement asks, by which criteria and parameters, and where the evidence comes from.',
  );
  const { from, to } = engagement.period;
  keyValues(flow, [
    ['Client', bold(engagement.client)],
    [
      engagement.type === 'period' ? 'Period' : 'As of',
      engagement.type === 'period'
        ? `${day(from)} to ${day(to)}, both days included, UTC`
        : `${day(to)}, UTC`,
    ],
    [
      'Operators',
      engagement.operators
        .map((o) => `${o.name}, ${o.role}${o.organisation ? `, ${o.organisation}` : ''}`)
        .join('\n'),
    ],
    ['Tool', `${model.tool.name} ${model.tool.version}, rules ${model.tool.rules}`],
  ]);
  flow.heading(2, 'Criteria');
  table(flow, {
    columns: [{ title: 'Criterion', width: 70, names: true }, { title: 'Text' }],
    rows: engagement.criteria.map((c): Text[] => [bold(c.id), c.text]),
  });
  flow.heading(2, 'Policy parameters');
  flow.paragraph(
    'SOC 2 sets no rotation interval. The tests use the client’s own policy, clause by clause, where one was given.',
  );
  table(flow, {
    columns: [
      { title: 'Parameter', names: true },
      { title: 'Value', max: 150 },
      { title: 'Basis', width: 78 },
      { title: 'Clause', max: 150 },
    ],
    rows: engagement.parameters.map((p): Text[] => [
      p.name,
      bold(p.value),
      soft(p.basis),
      p.clause ?? soft('no clause given'),
    ]),
    empty: 'No parameter was set; the tests use their defaults.',
  });
  flow.heading(2, 'Sources', { keep: 200 });
  for (const source of model.sources) {
    flow.heading(3, source.name, { keep: 110 });
    keyValues(flow, [
      ['Provider', source.provider],
      ['Scope', mono(source.scope)],
      ['Caller identity', [mono(source.caller), soft(` (${source.authentication})`)]],
      ['Collected from', source.regions.join(', ')],
      ['Keys', source.keys === null ? soft('none listed') : count(source.keys)],
    ]);
    if (source.notCollected.length > 0) {
      table(flow, {
        caption: 'Not collected',
        columns: [{ title: 'What', names: true, max: 300 }, { title: 'Reason' }],
        rows: byReason(source.notCollected),
      });
    }
  }
}

/** Everything that was left out for the same reason in one row. */
function byReason(missing: SourcePart['notCollected']): string[][] {
  return [...Map.groupBy(missing, (n) => n.reason)].map(([reason, members]) => [
    members.map((n) => n.what).join(', '),
    reason,
  ]);
}

export function methodSection(context: ReportContext): void {
  const { flow, model } = context;
  const { method } = model;
  startSection(
    context,
    'method',
    'How the evidence was collected: read-only calls, at what pace, from which clock, over which connections.',
  );
  for (const notice of method.notices) flow.callout('warning', 'Notice', notice);
  flow.list(method.statements);
  flow.heading(2, 'Calls by operation');
  const operations = limited(method.operations, LIMITS.operations);
  table(flow, {
    columns: [
      { title: 'Operation', style: 'mono', names: true },
      { title: 'Calls', width: 40, align: 'right' },
      { title: 'Answered', width: 50, align: 'right' },
      { title: 'Denied', width: 42, align: 'right' },
      { title: 'Failed', width: 40, align: 'right' },
      { title: 'Retried', width: 42, align: 'right' },
      { title: 'Pace and quota', width: 96 },
    ],
    rows: operations.map((o): Text[] => [
      `${o.service}:${o.operation}`,
      count(o.calls),
      count(o.succeeded),
      o.denied > 0 ? bold(count(o.denied)) : '0',
      o.failed > 0 ? bold(count(o.failed)) : '0',
      count(o.retried),
      soft(o.quota),
    ]),
    empty: 'No call was made: all evidence was imported from files.',
  });
  restNote(context, operations.length, method.operations.length, 'operations', 'data/pack.json');
  flow.heading(2, 'Clock');
  table(flow, {
    columns: [
      { title: 'Host', style: 'mono', names: true },
      { title: 'Offset of this machine', width: 130, align: 'right' },
      { title: 'Responses compared', width: 110, align: 'right' },
    ],
    rows: method.clocks.map((c) => [c.host, signedMs(c.offsetMs), count(c.samples)]),
    empty: 'No response carried a date to compare with.',
  });
  flow.heading(2, 'Connections', { keep: 70 });
  table(flow, {
    columns: [
      { title: 'Host', style: 'mono', names: true, max: 160 },
      { title: 'Certificate issued by', max: 120 },
      { title: 'Valid to', width: 66 },
      { title: 'Certificate SHA-256', style: 'mono' },
    ],
    rows: method.tls.map((t) => [t.host, t.issuer, day(t.notAfter), t.sha256]),
    empty: 'No TLS connection was made.',
  });
}

/** `+12 ms`, `−3 ms`, `0 ms`. */
function signedMs(ms: number): string {
  const sign = ms > 0 ? '+' : ms < 0 ? '−' : '';
  return `${sign}${count(Math.abs(ms))} ms`;
}
