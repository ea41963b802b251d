/** Provenance cards: for every data set, where it comes from, how it was taken and what it may lack. */
import { LIMITS, limited, restNote, startSection, type ReportContext } from './context.ts';
import { keyValues, table } from '../table.ts';
import type { ProvenanceCard } from '../report-model.ts';
import { cite, count, mono, soft, time } from './words.ts';

export function provenanceSection(context: ReportContext): void {
  const { flow, model } = context;
  startSection(
    context,
    'provenance',
    'One card for each data set: source, call, parameters, caller, counts and hash, so that the extraction can be repeated.',
  );
  const cards = limited(model.provenance, LIMITS.provenance);
  if (cards.length === 0) flow.paragraph('No data set was collected.');
  for (const card of cards) provenanceCard(context, card);
  restNote(context, cards.length, model.provenance.length, 'data sets', 'data/pack.json');
  flow.heading(2, 'Redactions');
  table(flow, {
    columns: [
      { title: 'What', names: true, max: 200 },
      { title: 'Rule' },
      { title: 'Values', width: 60, align: 'right' },
    ],
    rows: model.redactions.map((r) => [r.what, r.rule, count(r.count)]),
    empty: 'None.',
  });
}

function provenanceCard(context: ReportContext, card: ProvenanceCard): void {
  const { flow } = context;
  flow.heading(2, card.title, { keep: 230 });
  const expected =
    card.expected.count === null
      ? `not counted independently: ${card.expected.how}`
      : `${count(card.expected.count)} expected (${card.expected.how})`;
  keyValues(
    flow,
    [
      ['Source', card.source],
      ['Operations', mono(card.operations)],
      ['Parameters and filter', mono(card.parameters)],
      [
        'Run',
        `${time(card.startedAt)} to ${time(card.endedAt)}${card.clockOffsetMs === null ? '' : `, clock offset ${card.clockOffsetMs} ms`}`,
      ],
      ['Caller', mono(card.caller)],
      ['Pages and items', `${count(card.pages)} pages, ${count(card.items)} items; ${expected}`],
      [
        'First and last record',
        card.firstRecord === null
          ? soft('no dated record')
          : `${time(card.firstRecord)} to ${time(card.lastRecord ?? card.firstRecord)}`,
      ],
      ['Errors, denied, throttled', card.errors],
      ['Retention of the source', card.retention],
      ['SHA-256 of raw responses', mono(card.sha256)],
      ['Operator', card.operator],
      ['Redactions', card.redactions],
      ['Exchanges', soft(cite(card.citations))],
    ],
    { label: 128 },
  );
}
