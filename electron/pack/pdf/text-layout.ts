/** Breaking text into lines. Long identifiers break after their separators, hashes anywhere. */
import { splitDirections, type FontSet, type Segment, type Shaped } from './font-set.ts';
import type { TextStyle } from './font-files.ts';
import { inlines, type Mark, type Text } from './inline.ts';
import { MONO_SCALE, type Color } from './theme.ts';

/** One format and size; items of the same object are one stretch. */
export interface Format {
  style: TextStyle;
  size: number;
  color: Color;
  link: string | undefined;
  pageOf: string | undefined;
}

/** Something with a place on a line. `x` in points from the line's start. */
export interface Item {
  x: number;
  width: number;
  format: Format;
  segments: readonly Segment[];
  mark: Mark | undefined;
  /** A space follows in reading order but is not among the glyphs. */
  gapAfter: boolean;
}

export interface Line {
  items: Item[];
  width: number;
}

/** A word before it has a place. */
interface Word {
  text: string;
  format: Format;
  shaped: Shaped;
  width: number;
  mark: Mark | undefined;
  /** Joined to the word before it without a space. */
  glued: boolean;
  breakBefore: boolean;
}

/** Defaults for text that does not say its own format. */
export interface BaseFormat {
  style: TextStyle;
  size: number;
  color: Color;
}

/** Room kept for a page number that is not known yet, in figures. */
const PAGE_DIGITS = 4;
/** Width of a mark and the space after it, in em. */
export const MARK_EM = 1.15;
const SEPARATOR = /[/:\-_.,=&?@|)+;]/;

/** Breaks a text into lines of at most `width` points. Always gives at least one line. */
export function layoutText(fonts: FontSet, text: Text, base: BaseFormat, width: number): Line[] {
  if (typeof text === 'string') {
    const line = shortLine(fonts, text, base, width);
    if (line) return [line];
  }
  const lines: Line[] = [];
  let current: Word[] = [];
  let used = 0;
  const flush = (): void => {
    lines.push(place(fonts, current));
    current = [];
    used = 0;
  };
  for (const word of splitWords(fonts, text, base)) {
    if (word.breakBefore && (current.length > 0 || lines.length > 0)) flush();
    let rest: Word | undefined = word;
    while (rest) {
      const gap = current.length === 0 || rest.glued ? 0 : spaceWidth(fonts, rest.format);
      const room = width - used - gap;
      if (rest.width <= room + 0.01) {
        current.push(rest);
        used += gap + rest.width;
        rest = undefined;
      } else if (current.length > 0 && (rest.width <= width || room < width / 3)) {
        flush();
        rest.glued = false;
      } else {
        const [head, tail]: [Word, Word | undefined] = cut(fonts, rest, room);
        current.push(head);
        used += gap + head.width;
        if (tail) flush();
        rest = tail;
      }
    }
  }
  if (current.length > 0 || lines.length === 0) flush();
  return lines;
}

/** Widths of a text: unbroken, and of its longest word. Points. */
export function measureText(
  fonts: FontSet,
  text: Text,
  base: BaseFormat,
): { natural: number; longest: number } {
  let natural = 0;
  let longest = 0;
  let line = 0;
  for (const word of splitWords(fonts, text, base)) {
    if (word.breakBefore) line = 0;
    line += word.width + (line === 0 || word.glued ? 0 : spaceWidth(fonts, word.format));
    natural = Math.max(natural, line);
    longest = Math.max(longest, word.width);
  }
  return { natural, longest };
}

/** Most cells are short plain text: one cached shape, no words. */
function shortLine(fonts: FontSet, text: string, base: BaseFormat, width: number): Line | undefined {
  if (text.length > 200 || /[\s]{2}|[\n\r\t]|^\s|\s$/.test(text)) return undefined;
  const size = base.style === 'mono' ? base.size * MONO_SCALE : base.size;
  const shaped = fonts.shape(base.style, text);
  const points = (shaped.width * size) / 1000;
  if (shaped.rtl || points > width) return undefined;
  if (shaped.segments.length === 0) return { items: [], width: 0 };
  const format: Format = { ...base, size, link: undefined, pageOf: undefined };
  const { segments } = shaped;
  return {
    width: points,
    items: [{ x: 0, width: points, format, segments, mark: undefined, gapAfter: false }],
  };
}

function* splitWords(fonts: FontSet, text: Text, base: BaseFormat): Generator<Word> {
  let spaced = true;
  let newline = false;
  for (const inline of inlines(text)) {
    const span = typeof inline === 'string' ? { text: inline } : inline;
    const style = span.style ?? base.style;
    const format: Format = {
      style,
      size: style === 'mono' ? base.size * MONO_SCALE : base.size,
      color: span.color ?? base.color,
      link: span.link,
      pageOf: undefined,
    };
    let mark = span.mark;
    for (const part of span.text.match(/\n|[^\S\u00A0\u2002]+|[^\s]+|[\u00A0\u2002]+/g) ?? []) {
      if (part === '\n') {
        newline = true;
      } else if (/^[^\S\u00A0\u2002]+$/.test(part)) {
        spaced = true;
        newline ||= part.includes('\n');
      } else {
        // Each direction is a word of its own, so that punctuation keeps its place beside a right-to-left name.
        for (const text of splitDirections(part)) {
          const shaped = fonts.shape(style, text);
          const width = (shaped.width * format.size) / 1000 + (mark ? MARK_EM * format.size : 0);
          yield { text, format, shaped, width, mark, glued: !spaced, breakBefore: newline };
          [mark, spaced, newline] = [undefined, false, false];
        }
      }
    }
    if (span.pageOf !== undefined) {
      const width = (fonts.shape(style, '0'.repeat(PAGE_DIGITS)).width * format.size) / 1000;
      const paged: Format = { ...format, pageOf: span.pageOf };
      const shaped: Shaped = { segments: [], width: 0, rtl: false };
      yield { text: '', format: paged, shaped, width, mark: undefined, glued: !spaced, breakBefore: newline };
      [spaced, newline] = [false, false];
    }
  }
}

/** Cuts a word so that its head fits `room`; at least one character goes in, whatever the room. */
function cut(fonts: FontSet, word: Word, room: number): [Word, Word | undefined] {
  const chars = [...word.text];
  const { format } = word;
  let sum = word.mark ? MARK_EM * format.size : 0;
  let count = 0;
  for (const char of chars) {
    sum += (fonts.shape(format.style, char).width * format.size) / 1000;
    if (sum > room && count > 0) break;
    count++;
  }
  if (count >= chars.length) return [word, undefined];
  for (let i = count; i > count / 2; i--) {
    if (SEPARATOR.test(chars[i - 1] ?? '')) {
      count = i;
      break;
    }
  }
  const make = (part: string[], mark: Mark | undefined, glued: boolean): Word => {
    const text = part.join('');
    const shaped = fonts.shape(format.style, text);
    const width = (shaped.width * format.size) / 1000 + (mark ? MARK_EM * format.size : 0);
    return { text, format, shaped, width, mark, glued, breakBefore: false };
  };
  return [make(chars.slice(0, count), word.mark, word.glued), make(chars.slice(count), undefined, false)];
}

function spaceWidth(fonts: FontSet, format: Format): number {
  return (fonts.shape(format.style, ' ').width * format.size) / 1000;
}

/** Gives words their places, joining neighbours of one format into one stretch of glyphs. */
function place(fonts: FontSet, words: Word[]): Line {
  const items: Item[] = [];
  let x = 0;
  let last: { item: Item; word: Word } | undefined;
  words.forEach((word, i) => {
    const gap = i === 0 || word.glued ? 0 : spaceWidth(fonts, word.format);
    const joins =
      last && last.word.format === word.format && !word.mark && !word.shaped.rtl && !last.word.shaped.rtl;
    if (last && joins && word.format.pageOf === undefined) {
      const space = gap > 0 ? fonts.shape(word.format.style, ' ').segments : [];
      last.item.segments = join(last.item.segments, space, word.shaped.segments);
      last.item.width += gap + word.width;
      last.word = word;
    } else {
      if (last) last.item.gapAfter = gap > 0;
      const { format, mark, width } = word;
      const item: Item = { x: x + gap, width, format, segments: word.shaped.segments, mark, gapAfter: false };
      items.push(item);
      last = { item, word };
    }
    x += gap + word.width;
  });
  reorder(items, words);
  return { items, width: x };
}

function join(...lists: (readonly Segment[])[]): Segment[] {
  const out: Segment[] = [];
  for (const segment of lists.flat()) {
    const last = out.at(-1);
    if (last && last.face === segment.face && last.actual === undefined && segment.actual === undefined) {
      last.array =
        last.array.endsWith('>') && segment.array.startsWith('<')
          ? last.array.slice(0, -1) + segment.array.slice(1)
          : last.array + segment.array;
      last.width += segment.width;
    } else {
      out.push({ ...segment });
    }
  }
  return out;
}

/** Mirrors the places of neighbouring right-to-left words; their order of reading stays. */
function reorder(items: Item[], words: Word[]): void {
  if (!words.some((w) => w.shaped.rtl)) return;
  const rtl = new Set(words.filter((w) => w.shaped.rtl).map((w) => w.shaped.segments));
  for (let from = 0; from < items.length; from++) {
    let to = from;
    while (to < items.length && rtl.has(items[to]?.segments ?? [])) to++;
    const run = items.slice(from, to);
    const [first, final] = [run[0], run.at(-1)];
    if (first && final) {
      const [start, end] = [first.x, final.x + final.width];
      for (const item of run) item.x = start + (end - (item.x + item.width));
      from = to;
    }
  }
}
