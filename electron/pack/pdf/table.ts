/** Tables: header rows that repeat, rows that stay whole, columns that fit what they hold. */
import type { Flow } from './flow.ts';
import { layoutText, measureText, type BaseFormat, type Line } from './text-layout.ts';
import type { TextStyle } from './font-files.ts';
import type { Text } from './inline.ts';
import { color, type, type TypeSize } from './theme.ts';

/** One column. */
export interface Column {
  title: string;
  /** Fixed width in points; otherwise a share of what is left by content, at most `max`. */
  width?: number;
  max?: number;
  align?: 'left' | 'right';
  style?: TextStyle;
  /** True when its cells name their row. */
  names?: boolean;
}

export interface TableOptions {
  columns: readonly Column[];
  rows: readonly (readonly Text[])[];
  size?: TypeSize;
  /** A sentence above the table that says what it shows. */
  caption?: string;
  /** No header row is drawn (key and value blocks); the first column names each row. */
  plain?: boolean;
  /** What to say instead of rows. */
  empty?: string;
  after?: number;
}

const PAD_X = 5;
const PAD_Y = 3.2;
/** Rows looked at to find column widths: enough to be right, few enough to be cheap. */
const SAMPLE_ROWS = 200;
/** Longer words are identifiers; they may be broken to make room for the other columns. Points. */
const LONG_WORD = 78;
const LONG_CODE = 135;

/** Draws a table at the cursor. */
export function table(flow: Flow, options: TableOptions): void {
  const { columns, rows } = options;
  if (rows.length === 0) {
    if (options.caption !== undefined) caption(flow, options.caption);
    flow.paragraph(options.empty ?? 'None.', { color: color.soft, size: type.table });
    return;
  }
  const size = options.size ?? type.table;
  const plain = options.plain === true;
  const widths = columnWidths(flow, columns, rows, size, plain);
  const header = plain
    ? undefined
    : layoutRow(
        flow,
        columns,
        columns.map((c) => c.title),
        widths,
        size,
        'bold',
      );
  const headerHeight = header ? rowHeight(header, size) + 2 : 0;
  const first = layoutRow(flow, columns, rows[0] ?? [], widths, size);
  const firstHeight = rowHeight(first, size);
  // A row taller than a page is split anyway and may as well begin here, below its heading.
  const start = firstHeight > flow.pageRoom - headerHeight ? 4 * size.lead : firstHeight;
  flow.ensure(headerHeight + start + (options.caption === undefined ? 0 : 20));
  if (options.caption !== undefined) caption(flow, options.caption);
  const { tree } = flow.doc;
  const repeated = {
    height: headerHeight,
    repeat: () => header && drawHeader(flow, columns, header, widths, size, false),
  };
  tree.within('Table', {}, () => {
    if (header) tree.within('THead', {}, () => drawHeader(flow, columns, header, widths, size, true));
    tree.within('TBody', {}, () => {
      rows.forEach((row, i) => {
        const cells = i === 0 ? first : layoutRow(flow, columns, row, widths, size);
        drawRow(flow, options, cells, widths, size, i, repeated);
      });
    });
  });
  flow.y -= options.after ?? 12;
}

/** Names and values, two columns without a header row. */
export function keyValues(
  flow: Flow,
  rows: readonly (readonly [string, Text])[],
  options: { label?: number } = {},
): void {
  const columns: Column[] = [{ title: '', width: options.label ?? 130, names: true }, { title: '' }];
  table(flow, { columns, rows, plain: true, after: 8 });
}

type Cells = Line[][];

function layoutRow(
  flow: Flow,
  columns: readonly Column[],
  row: readonly Text[],
  widths: readonly number[],
  size: TypeSize,
  style?: TextStyle,
): Cells {
  return columns.map((column, i) => {
    const base: BaseFormat = { style: style ?? column.style ?? 'regular', size: size.size, color: color.ink };
    if (style === 'bold') base.color = color.accent;
    return layoutText(flow.doc.fonts, row[i] ?? '', base, (widths[i] ?? 0) - 2 * PAD_X);
  });
}

function rowHeight(cells: Cells, size: TypeSize): number {
  return Math.max(1, ...cells.map((lines) => lines.length)) * size.lead + 2 * PAD_Y;
}

function drawHeader(
  flow: Flow,
  columns: readonly Column[],
  cells: Cells,
  widths: readonly number[],
  size: TypeSize,
  tagged: boolean,
): void {
  const height = rowHeight(cells, size) + 2;
  const { page, tree } = flow.doc;
  page.artifact(() => {
    page.rule(flow.left, flow.y, flow.left + flow.width, flow.y, color.accent, 1);
    page.rule(flow.left, flow.y - height, flow.left + flow.width, flow.y - height, color.accentMid, 0.6);
  });
  if (tagged) {
    tree.within('TR', {}, () => {
      eachCell(flow, columns, cells, widths, (lines, i, x) => {
        tree.within('TH', { attribute: '/O/Table/Scope/Column' }, () => {
          page.tagged(() => drawLines(flow, lines, x, flow.y - 1, columns[i], widths[i] ?? 0, size, true));
        });
      });
    });
  } else {
    page.artifact(() => {
      eachCell(flow, columns, cells, widths, (lines, i, x) => {
        drawLines(flow, lines, x, flow.y - 1, columns[i], widths[i] ?? 0, size, true);
      });
    });
  }
  flow.y -= height;
}

/** A row stays whole; one taller than a page goes on as a further row on the next. */
function drawRow(
  flow: Flow,
  options: TableOptions,
  cells: Cells,
  widths: readonly number[],
  size: TypeSize,
  index: number,
  header: { height: number; repeat: () => void },
): void {
  const { columns } = options;
  const plain = options.plain === true;
  const nextPage = (): void => {
    flow.newPage();
    header.repeat();
  };
  const height = rowHeight(cells, size);
  const free = flow.y - flow.floor;
  if (height > free && (height <= flow.pageRoom - header.height || free < 4 * size.lead)) nextPage();
  let rest: Cells = cells;
  while (rest.length > 0) {
    const room = Math.max(1, Math.floor((flow.y - flow.floor - 2 * PAD_Y) / size.lead));
    const slice = rest.map((lines) => lines.slice(0, room));
    rest = rest.some((lines) => lines.length > room) ? rest.map((lines) => lines.slice(room)) : [];
    drawRowPart(flow, columns, slice, widths, size, { plain, shaded: !plain && index % 2 === 1 });
    if (rest.length > 0) nextPage();
  }
}

function drawRowPart(
  flow: Flow,
  columns: readonly Column[],
  cells: Cells,
  widths: readonly number[],
  size: TypeSize,
  look: { plain: boolean; shaded: boolean },
): void {
  const { page, tree } = flow.doc;
  const height = rowHeight(cells, size);
  const bottom = flow.y - height;
  page.artifact(() => {
    if (look.shaded) page.fill(flow.left, bottom, flow.width, height, color.zebra);
    page.rule(flow.left, bottom, flow.left + flow.width, bottom, color.hair, 0.4);
  });
  tree.within('TR', {}, () => {
    eachCell(flow, columns, cells, widths, (lines, i, x) => {
      const names = columns[i]?.names === true || (look.plain && i === 0);
      tree.within(names ? 'TH' : 'TD', names ? { attribute: '/O/Table/Scope/Row' } : {}, () => {
        drawLines(flow, lines, x, flow.y, columns[i], widths[i] ?? 0, size, false);
      });
    });
  });
  flow.y = bottom;
}

function eachCell(
  flow: Flow,
  columns: readonly Column[],
  cells: Cells,
  widths: readonly number[],
  draw: (lines: Line[], index: number, x: number) => void,
): void {
  let x = flow.left;
  columns.forEach((_, i) => {
    draw(cells[i] ?? [], i, x);
    x += widths[i] ?? 0;
  });
}

function drawLines(
  flow: Flow,
  lines: readonly Line[],
  x: number,
  top: number,
  column: Column | undefined,
  width: number,
  size: TypeSize,
  bare: boolean,
): void {
  const { page } = flow.doc;
  lines.forEach((line, i) => {
    const shift = column?.align === 'right' ? width - PAD_X - line.width : PAD_X;
    const y = top - PAD_Y - i * size.lead - (size.lead + size.size * 0.68) / 2;
    if (bare) page.bareLine(line, x + shift, y);
    else page.line(line, x + shift, y);
  });
}

function caption(flow: Flow, text: string): void {
  flow.ensure(60);
  flow.paragraph({ text, style: 'bold' }, { size: type.table, after: 3 });
}

/** Fixed widths first; the rest by content between the longest word and the unbroken text. */
function columnWidths(
  flow: Flow,
  columns: readonly Column[],
  rows: readonly (readonly Text[])[],
  size: TypeSize,
  plain: boolean,
): number[] {
  const wants = columns.map((column, i) => {
    if (column.width !== undefined) return { min: column.width, want: column.width, fixed: true };
    const base: BaseFormat = { style: column.style ?? 'regular', size: size.size, color: color.ink };
    const head = plain
      ? { natural: 0, longest: 0 }
      : measureText(flow.doc.fonts, column.title, { ...base, style: 'bold' });
    let natural = head.natural;
    let longest = head.longest;
    for (const row of rows.slice(0, SAMPLE_ROWS)) {
      const m = measureText(flow.doc.fonts, row[i] ?? '', base);
      natural = Math.max(natural, m.natural);
      longest = Math.max(longest, Math.min(m.longest, column.style === 'mono' ? LONG_CODE : LONG_WORD));
    }
    const cap = column.max ?? Infinity;
    const pad = 2 * PAD_X + 0.5;
    return { min: Math.min(longest + pad, cap), want: Math.min(natural + pad, cap), fixed: false };
  });
  const total = flow.width;
  const sum = (pick: (w: { min: number; want: number }) => number): number =>
    wants.reduce((s, w) => s + pick(w), 0);
  const [min, want] = [sum((w) => w.min), sum((w) => w.want)];
  if (want <= total) return stretch(wants, total - want);
  if (min >= total) return wants.map((w) => (w.min * total) / min);
  const share = (total - min) / (want - min);
  return wants.map((w) => w.min + (w.want - w.min) * share);
}

/** Gives spare room to the columns that are not fixed, in proportion to what they hold. */
function stretch(wants: readonly { want: number; fixed: boolean }[], spare: number): number[] {
  const loose = wants.reduce((s, w) => s + (w.fixed ? 0 : w.want), 0);
  if (loose === 0) return wants.map((w, i) => w.want + (i === wants.length - 1 ? spare : 0));
  return wants.map((w) => (w.fixed ? w.want : w.want + (spare * w.want) / loose));
}
