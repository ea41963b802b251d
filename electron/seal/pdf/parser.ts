import {
  pdfError,
  pdfName,
  pdfReference,
  type PdfDictionary,
  type PdfString,
  type PdfValue,
} from './values.ts';

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((character) => character.charCodeAt(0)));
const MOST_DEPTH = 64;
const ESCAPES: Record<string, number> = { n: 10, r: 13, t: 9, b: 8, f: 12, '(': 40, ')': 41, '\\': 92 };

/** Reads PDF syntax (ISO 32000-1 §7.2, §7.3) from a position on. */
export class PdfParser {
  readonly #bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** Skips white space and comments. */
  skip(): void {
    for (;;) {
      const byte = this.#bytes[this.position];
      if (byte === 0x25) {
        while (this.position < this.#bytes.length && !isLineEnd(this.#bytes[this.position])) this.position++;
      } else if (byte !== undefined && SPACE.has(byte)) this.position++;
      else return;
    }
  }

  /** Whether a keyword stands here; goes past it if so. */
  accept(keyword: string): boolean {
    this.skip();
    const end = this.position + keyword.length;
    if (Buffer.from(this.#bytes.subarray(this.position, end)).toString('latin1') !== keyword) return false;
    this.position = end;
    return true;
  }

  expect(keyword: string): void {
    if (!this.accept(keyword)) throw pdfError(`"${keyword}" is missing at byte ${this.position}`);
  }

  integer(): number {
    const value = this.value();
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw pdfError(`a number is missing before byte ${this.position}`);
  }

  value(depth = 0): PdfValue {
    if (depth > MOST_DEPTH) throw pdfError('its objects are nested too deeply');
    this.skip();
    const byte = this.#bytes[this.position];
    if (byte === 0x2f) return pdfName(this.#name());
    if (byte === 0x28) return this.#literal();
    if (byte === 0x5b) return this.#array(depth);
    if (byte === 0x3c) return this.#bytes[this.position + 1] === 0x3c ? this.#dictionary(depth) : this.#hex();
    return this.#keyword();
  }

  #regular(): string {
    const start = this.position;
    while (this.position < this.#bytes.length) {
      const byte = this.#bytes[this.position] as number;
      if (SPACE.has(byte) || DELIMITER.has(byte)) break;
      this.position++;
    }
    return Buffer.from(this.#bytes.subarray(start, this.position)).toString('latin1');
  }

  #name(): string {
    this.position++;
    return this.#regular().replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }

  #array(depth: number): PdfValue {
    this.position++;
    const items: PdfValue[] = [];
    while (!this.accept(']')) items.push(this.value(depth + 1));
    return { type: 'array', items };
  }

  #dictionary(depth: number): PdfDictionary {
    this.position += 2;
    const entries = new Map<string, PdfValue>();
    while (!this.accept('>>')) {
      if (this.#bytes[this.position] !== 0x2f)
        throw pdfError(`a dictionary key is missing at byte ${this.position}`);
      const key = this.#name();
      // Readers disagree about which of two equal keys counts: that is a way to show different things to different people.
      if (entries.has(key)) throw pdfError(`the key /${key} appears twice before byte ${this.position}`);
      entries.set(key, this.value(depth + 1));
    }
    return { type: 'dictionary', entries };
  }

  #hex(): PdfString {
    const start = this.position;
    const end = this.#bytes.indexOf(0x3e, start);
    if (end < 0) throw pdfError(`a string at byte ${start} does not end`);
    const digits = Buffer.from(this.#bytes.subarray(start + 1, end))
      .toString('latin1')
      .replace(/[\0\t\n\f\r ]+/g, '');
    if (!/^[0-9a-fA-F]*$/.test(digits)) throw pdfError(`the string at byte ${start} is not hexadecimal`);
    this.position = end + 1;
    const even = digits.length % 2 === 0 ? digits : `${digits}0`;
    return { type: 'string', bytes: Buffer.from(even, 'hex'), hex: true, start, end: this.position };
  }

  #literal(): PdfString {
    const start = this.position++;
    const out: number[] = [];
    for (let open = 1; ; this.position++) {
      const byte = this.#bytes[this.position];
      if (byte === undefined) throw pdfError(`a string at byte ${start} does not end`);
      if (byte === 0x28) open++;
      if (byte === 0x29 && --open === 0) break;
      if (byte === 0x5c) this.#escape(out);
      else if (byte === 0x0d) {
        if (this.#bytes[this.position + 1] === 0x0a) this.position++;
        out.push(0x0a);
      } else out.push(byte);
    }
    this.position++;
    return { type: 'string', bytes: Uint8Array.from(out), hex: false, start, end: this.position };
  }

  #escape(out: number[]): void {
    const next = Buffer.from(this.#bytes.subarray(this.position + 1, this.position + 4)).toString('latin1');
    const octal = /^[0-7]{1,3}/.exec(next)?.[0];
    if (octal) {
      out.push(Number.parseInt(octal, 8) & 0xff);
      this.position += octal.length;
    } else if (next.startsWith('\r\n')) this.position += 2;
    else {
      // An escaped line end continues the line; any other unknown escape is the character itself.
      const plain = ESCAPES[next[0] ?? ''] ?? next.charCodeAt(0);
      if (next[0] !== '\n' && next[0] !== '\r') out.push(plain);
      this.position++;
    }
  }

  #keyword(): PdfValue {
    const start = this.position;
    const word = this.#regular();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word))
      throw pdfError(`"${word.slice(0, 20)}" at byte ${start} is no PDF object`);
    return this.#reference(word) ?? Number(word);
  }

  /** "12 0 R" needs a look ahead over two more words. */
  #reference(word: string): PdfValue | null {
    if (!/^\d+$/.test(word)) return null;
    const rest = Buffer.from(this.#bytes.subarray(this.position, this.position + 40)).toString('latin1');
    const found = /^[\0\t\n\f\r ]+(\d+)[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/.exec(rest);
    if (!found) return null;
    this.position += found[0].length;
    return pdfReference(Number(word), Number(found[1]));
  }
}

const isLineEnd = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;
