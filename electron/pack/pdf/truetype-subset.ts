/**
 * A TrueType font reduced to the glyphs used (ISO/IEC 14496-22). fontkit's own subset writes 16-bit glyph offsets, which
 * cannot address the odd glyph lengths of many fonts and loses their shapes; this one always writes 32-bit offsets.
 */

import { PdfError } from './error.ts';

/** Tables that a TrueType font inside a PDF needs (ISO 32000-1, 9.9); the hinting programs go along unchanged. */
const COPIED = ['cvt ', 'fpgm', 'prep'] as const;

const COMPONENT = { wordArguments: 0x01, scale: 0x08, more: 0x20, twoScales: 0x40, matrix: 0x80 } as const;

/** Collects glyphs of one font file. Glyph 0, the missing glyph, is always glyph 0. */
export class TrueTypeSubset {
  #tables: Map<string, Buffer>;
  #glyphs: number[] = [];
  #numbers = new Map<number, number>();

  constructor(font: Buffer) {
    this.#tables = readTables(font);
    this.include(0);
  }

  /** Number of a glyph within the subset; adds it when new. */
  include(glyph: number): number {
    let id = this.#numbers.get(glyph);
    if (id === undefined) {
      id = this.#glyphs.push(glyph) - 1;
      this.#numbers.set(glyph, id);
    }
    return id;
  }

  /** The reduced font file. */
  encode(): Buffer {
    const outlines: Buffer[] = [];
    // Composite glyphs add their components to the list while it is walked.
    for (let i = 0; i < this.#glyphs.length; i++) outlines.push(this.#outline(this.#glyphs[i] ?? 0));
    const loca = Buffer.alloc((outlines.length + 1) * 4);
    let offset = 0;
    outlines.forEach((outline, i) => {
      offset += outline.length;
      loca.writeUInt32BE(offset, (i + 1) * 4);
    });
    const head = Buffer.from(this.#table('head'));
    head.writeUInt32BE(0, 8);
    head.writeInt16BE(1, 50);
    const maxp = Buffer.from(this.#table('maxp'));
    maxp.writeUInt16BE(outlines.length, 4);
    const hhea = Buffer.from(this.#table('hhea'));
    hhea.writeUInt16BE(outlines.length, 34);
    const copied = COPIED.flatMap((tag): [string, Buffer][] => {
      const table = this.#tables.get(tag);
      return table ? [[tag, table]] : [];
    });
    return writeTables([
      ...copied,
      ['glyf', Buffer.concat(outlines)],
      ['head', head],
      ['hhea', hhea],
      ['hmtx', this.#metrics()],
      ['loca', loca],
      ['maxp', maxp],
    ]);
  }

  #outline(glyph: number): Buffer {
    const loca = this.#table('loca');
    const long = this.#table('head').readInt16BE(50) === 1;
    const at = (i: number): number => (long ? loca.readUInt32BE(i * 4) : loca.readUInt16BE(i * 2) * 2);
    const source = this.#table('glyf').subarray(at(glyph), at(glyph + 1));
    const padded = Buffer.alloc(Math.ceil(source.length / 4) * 4);
    source.copy(padded);
    if (source.length > 0 && source.readInt16BE(0) < 0) this.#renumber(padded);
    return padded;
  }

  /** Points the components of a composite glyph at their numbers in the subset. */
  #renumber(outline: Buffer): void {
    let at = 10;
    for (;;) {
      const flags = outline.readUInt16BE(at);
      outline.writeUInt16BE(this.include(outline.readUInt16BE(at + 2)), at + 2);
      at += 4 + (flags & COMPONENT.wordArguments ? 4 : 2);
      if (flags & COMPONENT.scale) at += 2;
      else if (flags & COMPONENT.twoScales) at += 4;
      else if (flags & COMPONENT.matrix) at += 8;
      if (!(flags & COMPONENT.more)) return;
    }
  }

  #metrics(): Buffer {
    const source = this.#table('hmtx');
    const long = this.#table('hhea').readUInt16BE(34);
    const out = Buffer.alloc(this.#glyphs.length * 4);
    this.#glyphs.forEach((glyph, i) => {
      out.writeUInt16BE(source.readUInt16BE(Math.min(glyph, long - 1) * 4), i * 4);
      const bearing = glyph < long ? glyph * 4 + 2 : long * 4 + (glyph - long) * 2;
      out.writeInt16BE(source.readInt16BE(bearing), i * 4 + 2);
    });
    return out;
  }

  #table(tag: string): Buffer {
    const table = this.#tables.get(tag);
    if (!table) {
      throw new PdfError(
        'font-unreadable',
        `cannot reduce a font: it has no ${tag} table. Install Keywitness again.`,
      );
    }
    return table;
  }
}

function readTables(font: Buffer): Map<string, Buffer> {
  const tables = new Map<string, Buffer>();
  const count = font.readUInt16BE(4);
  for (let i = 0; i < count; i++) {
    const at = 12 + i * 16;
    const from = font.readUInt32BE(at + 8);
    tables.set(font.toString('latin1', at, at + 4), font.subarray(from, from + font.readUInt32BE(at + 12)));
  }
  return tables;
}

/** The font file around its tables, which must be in the order of their tags. */
function writeTables(tables: readonly (readonly [string, Buffer])[]): Buffer {
  const exponent = Math.floor(Math.log2(tables.length));
  const directory = Buffer.alloc(12 + tables.length * 16);
  directory.writeUInt32BE(0x00010000, 0);
  directory.writeUInt16BE(tables.length, 4);
  directory.writeUInt16BE(2 ** exponent * 16, 6);
  directory.writeUInt16BE(exponent, 8);
  directory.writeUInt16BE((tables.length - 2 ** exponent) * 16, 10);
  const bodies: Buffer[] = [];
  let offset = directory.length;
  tables.forEach(([tag, table], i) => {
    const padded = Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)]);
    const at = 12 + i * 16;
    directory.write(tag, at, 'latin1');
    directory.writeUInt32BE(checksum(padded), at + 4);
    directory.writeUInt32BE(offset, at + 8);
    directory.writeUInt32BE(table.length, at + 12);
    bodies.push(padded);
    offset += padded.length;
  });
  const font = Buffer.concat([directory, ...bodies]);
  const head = tables.findIndex(([tag]) => tag === 'head');
  const headAt = directory.readUInt32BE(12 + head * 16 + 8);
  font.writeUInt32BE((0xb1b0afba - checksum(font)) >>> 0, headAt + 8);
  return font;
}

function checksum(padded: Buffer): number {
  let sum = 0;
  for (let i = 0; i < padded.length; i += 4) sum = (sum + padded.readUInt32BE(i)) >>> 0;
  return sum;
}
