/** The inventory: every key on a line, on wide pages. */
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
import { badge, counted } from './words.ts';

export function inventorySection(context: ReportContext): void {
  const { model } = context;
  const { rows, total, file } = model.inventory;
  const shown = limited(rows, LIMITS.inventory);
  startSection(
    context,
    'inventory',
    `${counted(total, 'key')} that existed at any time in the period, also those deleted or disabled since. The last column is the most serious result of the key’s tests.`,
    true,
  );
  table(context.flow, {
    columns: [
      { title: 'Key', names: true, max: 190 },
      PAGE_COLUMN,
      { title: 'Alias', max: 130 },
      { title: 'Scope', max: 96 },
      { title: 'Region', max: 84 },
      { title: 'State', max: 76 },
      { title: 'Algorithm', max: 92 },
      { title: 'Origin', max: 80 },
      { title: 'Rotation', max: 90 },
      { title: 'Owner', max: 110 },
      { title: 'Result', width: 104 },
    ],
    rows: shown.map((r): Text[] => [
      subjectLink(context, r.key, r.keyPage),
      pageCell(context, r.keyPage),
      r.alias,
      r.scope,
      r.region,
      r.state,
      r.algorithm,
      r.origin,
      r.rotation,
      r.owner ?? { text: 'none documented', color: color.amber },
      badge(r.result),
    ]),
    empty: 'No key was listed. The counts and gaps of “Completeness” say what was asked.',
  });
  restNote(context, shown.length, total, 'keys', file);
}
