/** Content from top to bottom: the cursor, page breaks, and the simple blocks. */
import type { Orientation, PdfDocument } from './document.ts';
import { layoutText, type BaseFormat, type Line } from './text-layout.ts';
import { inlines, plainText, type Text } from './inline.ts';
import { color, page as margins, type, type Color, type TypeSize } from './theme.ts';
import type { StructType } from './structure.ts';

/** How a paragraph looks; the body text unless it says otherwise. */
export interface ParagraphOptions {
  size?: TypeSize;
  style?: BaseFormat['style'];
  color?: Color;
  after?: number;
  /** Points taken from the left. */
  indent?: number;
  /** Points taken from the right; keeps lines of prose at a readable length. */
  narrow?: number;
  /** Structure type; a paragraph unless said. */
  as?: StructType;
}

export type CalloutKind = 'note' | 'warning' | 'alert';

const CALLOUT: Record<CalloutKind, { bar: Color; fill: Color }> = {
  note: { bar: color.accent, fill: color.accentPale },
  warning: { bar: color.amber, fill: color.amberPale },
  alert: { bar: color.red, fill: color.redPale },
};

/** A heading that is drawn with the first thing below it, so that neither stands alone on a page. */
interface Waiting {
  height: number;
  /** Points that it wants to be followed by at least. */
  keep: number;
  draw: () => void;
}

/** Fills a document from top to bottom. */
export class Flow {
  readonly doc: PdfDocument;
  #y = 0;
  #waiting: Waiting[] = [];
  #orientation: Orientation = 'portrait';

  constructor(doc: PdfDocument) {
    this.doc = doc;
  }

  /** Distance of the cursor from the page's lower edge, below any heading. */
  get y(): number {
    this.#drawWaiting(0);
    return this.#y;
  }

  set y(value: number) {
    this.#y = value;
  }

  get left(): number {
    return margins.left;
  }

  get width(): number {
    return this.doc.page.width - margins.left - margins.right;
  }

  /** Where content must end. */
  get floor(): number {
    return margins.bottom;
  }

  /** Height of an empty page. */
  get pageRoom(): number {
    return this.doc.page.height - margins.top - margins.bottom;
  }

  /** Starts a page; without an orientation, one like the last. */
  newPage(orientation: Orientation = this.#orientation): void {
    this.#drawWaiting(0);
    this.#orientation = orientation;
    const page = this.doc.startPage(orientation);
    this.#y = page.height - margins.top;
  }

  get isPortrait(): boolean {
    return this.#orientation === 'portrait';
  }

  /** True when the cursor is at the top of a page. */
  get atTop(): boolean {
    return this.#y >= this.doc.page.height - margins.top - 0.01;
  }

  /** Makes sure that `height` points are free, on a new page when they are not here. */
  ensure(height: number): void {
    this.#drawWaiting(height);
    if (this.#y - height < this.floor && !this.atTop) this.newPage();
  }

  space(height: number): void {
    if (!this.atTop && this.#waiting.length === 0) this.#y -= height;
  }

  /** Draws the headings that wait, on a page where what follows has room too. */
  #drawWaiting(next: number): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    const own = waiting.reduce((sum, { height }) => sum + height, 0);
    const wanted = own + Math.max(next, waiting.at(-1)!.keep);
    if (this.#y - wanted < this.floor && wanted <= this.pageRoom && !this.atTop) this.newPage();
    for (const { draw } of waiting) draw();
  }

  /** A heading that stays with what follows. Level 1 to 3; `anchor` names it for links and bookmarks. */
  heading(
    level: 1 | 2 | 3,
    text: string,
    options: { anchor?: string; bookmark?: boolean; keep?: number } = {},
  ): void {
    const size = type[`h${level}`];
    const base: BaseFormat = { style: level === 1 ? 'light' : 'bold', size: size.size, color: color.accent };
    if (level === 3) base.color = color.ink;
    const lines = layoutText(this.doc.fonts, text, base, this.width);
    const [before, after] = level === 1 ? [0, 10] : level === 2 ? [16, 5] : [10, 3];
    this.#waiting.push({
      height: before + lines.length * size.lead + after,
      keep: options.keep ?? (level === 1 ? 120 : 64),
      draw: () => {
        this.space(before);
        if (options.anchor !== undefined) {
          this.doc.anchor(options.anchor, this.#y + 6);
          if (options.bookmark !== false) this.doc.bookmark(level, text, options.anchor);
        }
        this.doc.tree.within(`H${level}`, {}, () => this.#lines(lines, size.lead, this.left, size.size));
        this.#y -= after;
      },
    });
  }

  /** Running text. Lines go over to the next page one by one. */
  paragraph(text: Text, options: ParagraphOptions = {}): void {
    if (plainText(text).trim() === '' && !hasPage(text)) return;
    const size = options.size ?? type.body;
    const base = { style: options.style ?? 'regular', size: size.size, color: options.color ?? color.ink };
    const indent = options.indent ?? 0;
    const lines = layoutText(this.doc.fonts, text, base, this.width - indent - (options.narrow ?? 0));
    this.ensure(Math.min(lines.length, 2) * size.lead);
    this.doc.tree.within(options.as ?? 'P', {}, () =>
      this.#lines(lines, size.lead, this.left + indent, size.size),
    );
    this.y -= options.after ?? 6;
  }

  /** A list with a hanging label before each entry. */
  list(entries: readonly Text[], options: { ordered?: boolean; size?: TypeSize } = {}): void {
    if (entries.length === 0) return;
    const size = options.size ?? type.body;
    const base: BaseFormat = { style: 'regular', size: size.size, color: color.ink };
    const indent = options.ordered === true ? 20 : 13;
    this.ensure(2 * size.lead);
    this.doc.tree.within(
      'L',
      { attribute: `/O/List/ListNumbering/${options.ordered === true ? 'Decimal' : 'Disc'}` },
      () => {
        entries.forEach((entry, i) => {
          const lines = layoutText(this.doc.fonts, entry, base, this.width - indent);
          const label = layoutText(
            this.doc.fonts,
            options.ordered === true ? `${i + 1}.` : '•',
            base,
            indent,
          )[0];
          this.doc.tree.within('LI', {}, () => {
            this.ensure(Math.min(lines.length, 2) * size.lead);
            this.doc.tree.within('Lbl', {}, () => {
              if (label) this.doc.page.line(label, this.left, this.y - size.size);
            });
            this.doc.tree.within('LBody', {}, () =>
              this.#lines(lines, size.lead, this.left + indent, size.size),
            );
          });
          this.y -= 3;
        });
      },
    );
    this.y -= 4;
  }

  /** A block set apart by a coloured bar. Stays on one page unless it is longer than one. */
  callout(kind: CalloutKind, title: string, body: Text): void {
    const { bar, fill } = CALLOUT[kind];
    const { size, lead } = type.body;
    const inner = this.width - 28;
    const titleLines = layoutText(this.doc.fonts, title, { style: 'bold', size, color: bar }, inner);
    const bodyLines = layoutText(this.doc.fonts, body, { style: 'regular', size, color: color.ink }, inner);
    const height = (titleLines.length + bodyLines.length) * lead + 17;
    if (height > this.pageRoom) {
      this.paragraph({ text: title, style: 'bold', color: bar }, { after: 1 });
      this.paragraph(body);
      return;
    }
    this.space(4);
    this.ensure(height);
    const top = this.y;
    this.doc.page.artifact(() => {
      this.doc.page.fill(this.left, top - height, this.width, height, fill);
      this.doc.page.fill(this.left, top - height, 3, height, bar);
    });
    this.y -= 8;
    this.doc.tree.within('Callout', {}, () => {
      this.doc.tree.within('P', {}, () => this.#lines(titleLines, lead, this.left + 15, size));
      this.doc.tree.within('P', {}, () => this.#lines(bodyLines, lead, this.left + 15, size));
    });
    this.y = top - height - 10;
  }

  /** A thin line across the page. */
  divider(): void {
    this.ensure(0);
    this.doc.page.artifact(() =>
      this.doc.page.rule(this.left, this.y, this.left + this.width, this.y, color.rule),
    );
    this.y -= 8;
  }

  /** Lines of one element, over as many pages as they need. */
  #lines(lines: readonly Line[], lead: number, x: number, size: number): void {
    for (const line of lines) {
      this.ensure(lead);
      this.doc.page.line(line, x, this.y - (lead + size * 0.7) / 2);
      this.y -= lead;
    }
  }
}

function hasPage(text: Text): boolean {
  return inlines(text).some((i) => typeof i !== 'string' && i.pageOf !== undefined);
}
