/** Configuration changes within the period. */
import { timelineChart, type TimelineRow } from '../chart-timeline.ts';
import { periodBounds } from './completeness.ts';
import {
  LIMITS,
  limited,
  PAGE_COLUMN,
  pageCell,
  restNote,
  startSection,
  subjectLink,
  type ReportContext,
} from './context.ts';
import { table } from '../table.ts';
import type { Text } from '../inline.ts';
import { color } from '../theme.ts';
import { cite, counted, soft, time } from './words.ts';

export function changesSection(context: ReportContext): void {
  const { flow, model } = context;
  const { events, total, file } = model.changes;
  startSection(
    context,
    'changes',
    'Logged changes of policy, rotation, state, grants and logging: proof that a setting held, or when it did not, as far as the logs cover the period.',
    true,
  );
  const kinds = new Map<string, TimelineRow & { events: { at: string; strong: boolean }[] }>();
  for (const e of events) {
    const row = kinds.get(e.kind) ?? { label: e.kind, events: [] };
    row.events.push({ at: e.at, strong: e.weakens });
    kinds.set(e.kind, row);
  }
  const [from, to] = periodBounds(model);
  timelineChart(
    flow,
    from,
    to,
    [...kinds.values()],
    `Changes over the period by kind, ${counted(events.length, 'change')} in all: ${[...kinds.values()].map((k) => `${k.label} ${k.events.length}`).join(', ')}. Each is in the table below.`,
  );
  const shown = limited(events, LIMITS.changes);
  table(flow, {
    columns: [
      { title: 'Time (UTC)', width: 84, names: true },
      { title: 'Change', max: 100 },
      { title: 'Key or source', max: 130 },
      PAGE_COLUMN,
      { title: 'By', max: 170 },
      { title: 'Detail' },
      { title: 'Exchanges', max: 60 },
    ],
    rows: shown.map((e): Text[] => [
      time(e.at).replace(' UTC', ''),
      e.weakens ? { text: e.kind, mark: 'diamond', color: color.red, style: 'bold' } : e.kind,
      subjectLink(context, e.subject, e.keyPage),
      pageCell(context, e.keyPage),
      e.by,
      e.detail,
      soft(cite(e.citations)),
    ]),
    empty:
      'No change was logged. Where the logs do not cover the period this is not proof that there was none.',
  });
  restNote(context, shown.length, total, 'changes', file);
}
