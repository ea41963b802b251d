/** One page while it is being filled. Coordinates are the PDF's own: points from the lower left corner. */
import type { Item, Line } from './text-layout.ts';
import { MARK_EM } from './text-layout.ts';
import type { FontSet, Segment } from './font-set.ts';
import type { Element, StructTree, TaggedPage } from './structure.ts';
import type { PdfFileWriter } from './file-writer.ts';
import { drawMark } from './marks.ts';
import { num, textString, type ObjectId } from './syntax.ts';
import type { Color } from './theme.ts';

/** A rectangle of the page that leads to an anchor. */
export interface PendingLink {
  id: ObjectId;
  anchor: string;
  box: readonly [number, number, number, number];
  key: number;
}

/** Operators; a function is asked when the document ends, for what is known only then. */
type Operator = string | (() => string);

/** What pages share. */
export interface PageContext {
  file: PdfFileWriter;
  fonts: FontSet;
  tree: StructTree;
  /** Page number of an anchor as text; asked when the document ends. */
  numberOf(anchor: string): string;
}

/** A page that still takes content. */
export class Page implements TaggedPage {
  readonly id: ObjectId;
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly key: number;
  readonly furniture: ObjectId;
  marks: ObjectId[] = [];
  links: PendingLink[] = [];
  /** True when something on the page waits for the end of the document. */
  deferred = false;
  #operators: Operator[] = [];
  #context: PageContext;

  constructor(context: PageContext, index: number, width: number, height: number) {
    this.#context = context;
    this.id = context.file.reserve();
    this.furniture = context.file.reserve();
    this.index = index;
    this.width = width;
    this.height = height;
    this.key = context.tree.pageKey(this);
  }

  /** Adds raw operators. */
  op(operator: string): void {
    this.#operators.push(operator);
  }

  /** Content that carries no meaning: rules, fills, repeated headers. */
  artifact(draw: () => void): void {
    this.op('/Artifact BMC');
    draw();
    this.op('EMC');
  }

  /** Content of the open element, or of the one given. */
  tagged(draw: () => void, element?: Element): void {
    const owner = element ?? this.#context.tree.current;
    this.op(`/${owner.type}<</MCID ${this.#context.tree.mark(this, owner)}>>BDC`);
    draw();
    this.op('EMC');
  }

  fill(x: number, y: number, width: number, height: number, fill: Color): void {
    this.op(`${fill} rg ${num(x)} ${num(y)} ${num(width)} ${num(height)} re f`);
  }

  rule(x1: number, y1: number, x2: number, y2: number, stroke: Color, width = 0.5): void {
    this.op(`${stroke} RG ${num(width)} w ${num(x1)} ${num(y1)} m ${num(x2)} ${num(y2)} l S`);
  }

  /** A line of laid-out text with its links, tagged as part of the open element. `y` is the baseline. */
  line(line: Line, x: number, y: number): void {
    this.lineMarks(line, x, y);
    let run: Item[] = [];
    const flush = (): void => {
      if (run.length > 0) this.tagged(() => run.forEach((item) => this.#item(item, x, y)));
      run = [];
    };
    for (const item of line.items) {
      if (item.format.link === undefined) {
        run.push(item);
        continue;
      }
      flush();
      this.#link(item, x, y);
    }
    flush();
  }

  /** The signs of a line; they are artifacts, because the word beside each says the same. */
  lineMarks(line: Line, x: number, y: number): void {
    for (const item of line.items) {
      const { mark, format } = item;
      if (mark) this.artifact(() => this.op(drawMark(mark, x + item.x, y, format.size, format.color)));
    }
  }

  /** A line of text inside an artifact or a tag that the caller has opened. */
  bareLine(line: Line, x: number, y: number): void {
    for (const item of line.items) this.#item(item, x, y);
  }

  /** The page's body as it will be written. */
  content(): Buffer {
    const parts = this.#operators.map((o) => (typeof o === 'string' ? o : o()));
    this.#operators = [];
    return Buffer.from(parts.join('\n'), 'latin1');
  }

  #link(item: Item, x: number, y: number): void {
    const { tree, file } = this.#context;
    const { link = '', size } = item.format;
    tree.within('Link', {}, (element) => {
      this.tagged(() => this.#item(item, x, y));
      const id = file.reserve();
      const key = tree.annotate(element, this, id);
      const left = x + item.x;
      const box = [left, y - size * 0.25, left + item.width, y + size * 0.8] as const;
      this.links.push({ id, anchor: link, box, key });
    });
  }

  #item(item: Item, x: number, y: number): void {
    const { format } = item;
    const left = x + item.x + (item.mark ? MARK_EM * format.size : 0);
    const start = `/~ ${num(format.size)} Tf ${format.color} rg 1 0 0 1`;
    const head = `${start} ${num(left)} ${num(y)} Tm`;
    if (format.pageOf !== undefined) {
      const { pageOf } = format;
      this.deferred = true;
      this.#operators.push(() => {
        const { segments, width } = this.#context.fonts.shape(format.style, this.#context.numberOf(pageOf));
        // Alone on its line the number ends where the room kept for it ends, so that columns of numbers align.
        const shift = item.x === 0 ? item.width - (width * format.size) / 1000 : 0;
        return textObject(`${start} ${num(left + shift)} ${num(y)} Tm`, segments);
      });
      return;
    }
    if (item.segments.length === 0) return;
    this.op(textObject(head, item.gapAfter ? this.#withSpace(item) : item.segments));
  }

  /** Keeps the space between two stretches in the text, so that words do not run together when copied. */
  #withSpace(item: Item): readonly Segment[] {
    const last = item.segments.at(-1);
    if (last?.actual !== undefined) {
      return [...item.segments.slice(0, -1), { ...last, actual: `${last.actual} ` }];
    }
    return [...item.segments, ...this.#context.fonts.shape(item.format.style, ' ').segments];
  }
}

/** A text object; `~` in `head` stands for the font of the first segment. */
export function textObject(head: string, segments: readonly Segment[]): string {
  let face = segments[0]?.face;
  let out = `BT ${head.replace('~', face?.resource ?? 'F0')}`;
  const size = /~ (\S+) Tf/.exec(head)?.[1] ?? '9';
  for (const segment of segments) {
    if (segment.face !== face) {
      face = segment.face;
      out += ` /${face.resource} ${size} Tf`;
    }
    const show = /^<[^>]*>$/.test(segment.array) ? `${segment.array}Tj` : `[${segment.array}]TJ`;
    out +=
      segment.actual === undefined
        ? ` ${show}`
        : ` /Span<</ActualText ${textString(segment.actual)}>>BDC ${show} EMC`;
  }
  return `${out} ET`;
}
