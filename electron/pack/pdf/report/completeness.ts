/** Completeness: counts that add up, what is missing and why, and what the logs cover. */
import { coverageChart } from '../chart-coverage.ts';
import { LIMITS, limited, restNote, startSection, type ReportContext } from './context.ts';
import { table } from '../table.ts';
import type { Text } from '../inline.ts';
import type { CompletenessPart, ReportModel } from '../report-model.ts';
import { color } from '../theme.ts';
import { badge, bold, cite, count, counted, day, percent, soft, time } from './words.ts';

export function completenessSection(context: ReportContext): void {
  const { flow, model } = context;
  const { counts, gaps, unlisted } = model.completeness;
  startSection(
    context,
    'completeness',
    'Everything that was listed is accounted for: collected, not applicable, or a gap with the provider’s own error.',
  );
  flow.heading(2, 'Counts');
  table(flow, {
    columns: [
      { title: 'Source', names: true, max: 150 },
      { title: 'What', max: 90 },
      { title: 'Listed', width: 48, align: 'right' },
      { title: 'of which' },
      { title: 'Adds up', width: 70 },
      { title: 'Listed at end', width: 60, align: 'right' },
    ],
    rows: counts.map(countRow),
    empty: 'Nothing was listed.',
  });
  flow.heading(2, 'Gaps');
  const shown = limited(gaps, LIMITS.gaps);
  table(flow, {
    columns: [
      { title: 'Gap', max: 62, names: true },
      { title: 'Source', max: 120 },
      { title: 'What is missing', max: 150 },
      { title: 'Reason' },
      { title: 'Exchanges', max: 76 },
    ],
    rows: shown.map((g): Text[] => [
      g.id,
      g.source,
      g.what,
      g.since ? `${g.reason} (since ${time(g.since)})` : g.reason,
      soft(cite(g.citations)),
    ]),
    empty: 'No gap: every call that was planned was answered.',
  });
  restNote(context, total(shown), total(gaps), 'gaps', 'data/pack.json');
  closed(context);
  coverage(context);
  flow.heading(2, 'Keys named by logs but not listed');
  table(flow, {
    columns: [
      { title: 'Key', style: 'mono', names: true },
      { title: 'Source', max: 130 },
      { title: 'Events', width: 50, align: 'right' },
      { title: 'Explanation', max: 200 },
    ],
    rows: unlisted.map((u) => [u.key, u.source, count(u.events), u.explanation]),
    empty: 'None: every key that a log names is in the inventory.',
  });
}

const total = (rows: readonly { gaps: number }[]): number => rows.reduce((sum, row) => sum + row.gaps, 0);

/** What was missing in one snapshot and stands in another of the same body of evidence. */
function closed(context: ReportContext): void {
  const { flow, model } = context;
  const all = model.completeness.closedGaps;
  if (all.length === 0) return;
  flow.heading(2, 'Gaps closed by other evidence');
  const shown = limited(all, LIMITS.gaps);
  table(flow, {
    columns: [
      { title: 'Source', names: true, max: 120 },
      { title: 'What was missing', max: 140 },
      { title: 'Reason', max: 110 },
      { title: 'Closed by' },
      { title: 'Exchanges', max: 76 },
    ],
    rows: shown.map((g): Text[] => [
      `${g.source}\n(${g.snapshot})`,
      g.what,
      g.reason,
      g.closed,
      soft(cite(g.citations)),
    ]),
  });
  restNote(context, total(shown), total(all), 'closed gaps', 'data/pack.json');
}

function countRow(row: CompletenessPart['counts'][number]): Text[] {
  const sum = row.parts.reduce((total, part) => total + part.count, 0);
  const again: Text =
    row.listedAgain === null
      ? soft('not taken')
      : row.listedAgain === row.listed
        ? count(row.listedAgain)
        : bold(count(row.listedAgain));
  const parts = row.parts.map((p) => `${count(p.count)} ${p.label}`).join(', ');
  const fits: Text =
    sum === row.listed
      ? { text: 'yes', mark: 'check', color: color.green }
      : { text: `no, ${count(sum)}`, mark: 'triangle', color: color.red, style: 'bold' };
  return [row.source, row.what, bold(count(row.listed)), parts, fits, again];
}

function coverage(context: ReportContext): void {
  const { flow, model } = context;
  const all = model.completeness.coverage;
  flow.heading(2, 'Coverage of the period by logs', { keep: 130 });
  if (all.length === 0) {
    flow.paragraph([
      badge('undetermined'),
      ': no log source was in scope, so nothing can be said about use in the period.',
    ]);
    return;
  }
  const rows = limited(all, LIMITS.coverage);
  const [from, to] = periodBounds(model);
  coverageChart(
    flow,
    from,
    to,
    rows.map((c) => ({
      label: `${c.source} ${c.region}`.trim(),
      stretches: c.intervals,
      value: percent(c.percent),
    })),
    `Coverage of the period by log source and region, ${counted(rows.length, 'row')}; the figures and every missing stretch are in the table below.`,
  );
  const missing = rows.flatMap((c) =>
    c.intervals.filter((i) => i.state !== 'covered').map((i) => ({ c, i })),
  );
  table(flow, {
    columns: [
      { title: 'Source and region', names: true, max: 170 },
      { title: 'Covered', width: 50, align: 'right' },
    ],
    rows: rows.map((c) => [`${c.source} ${c.region}`.trim(), percent(c.percent)]),
  });
  table(flow, {
    caption: 'Stretches not covered, or still provisional',
    columns: [
      { title: 'Source and region', names: true, max: 130 },
      { title: 'From (UTC)', width: 84 },
      { title: 'To (UTC)', width: 84 },
      { title: 'State', width: 62 },
      { title: 'Reason' },
    ],
    rows: missing.map(({ c, i }): Text[] => [
      `${c.source} ${c.region}`.trim(),
      time(i.from).replace(' UTC', ''),
      time(i.to).replace(' UTC', ''),
      i.state === 'gap' ? bold('not covered') : 'provisional',
      i.reason ?? soft('not stated'),
    ]),
    empty: `None: the logs cover ${day(model.engagement.period.from)} to ${day(model.engagement.period.to)} without a break.`,
  });
  restNote(context, rows.length, all.length, 'sources and regions', 'data/pack.json');
}

/** The period as `[from, to)`. A point in time shows its day. */
export function periodBounds(model: ReportModel): [string, string] {
  const { from, to } = model.engagement.period;
  const end = new Date(`${to}T00:00:00Z`);
  if (Number.isNaN(end.getTime())) return [from, to];
  end.setUTCDate(end.getUTCDate() + 1);
  return [`${from}T00:00:00Z`, end.toISOString()];
}
