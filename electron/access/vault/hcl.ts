/**
 * Reads the part of HCL 1 that Vault policies are written in, and JSON, into one tree. Positions are kept, because a
 * reader must find the text again. Problems are returned, never thrown.
 */
export type HclValue = string | number | boolean | null | readonly HclValue[] | HclObject;

export interface HclObject {
  /** In the order written; a name may come more than once. */
  entries: readonly HclEntry[];
}

export interface HclEntry {
  /** `path "a/b" { }` has the name `path` and the label `a/b`. */
  name: string;
  labels: readonly string[];
  value: HclValue;
  /** 1-based. In JSON, where positions are not kept, 0. */
  line: number;
}

export type HclResult = { ok: true; body: HclObject } | { ok: false; line: number; reason: string };

export const isObject = (value: HclValue): value is HclObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON when the text starts with `{`, HCL otherwise: Vault decides the same way. */
export function readHcl(text: string): HclResult {
  const body = text.replace(/^\uFEFF/, '');
  if (body.trimStart().startsWith('{')) return readJson(body);
  try {
    return { ok: true, body: new Reader(body).file() };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, line: error.line, reason: error.message };
    throw error;
  }
}

function readJson(text: string): HclResult {
  try {
    return { ok: true, body: fromJson(JSON.parse(text) as unknown, 0) as HclObject };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, line: 0, reason: error.message };
    return { ok: false, line: 0, reason: 'it is not valid JSON' };
  }
}

function fromJson(value: unknown, depth: number): HclValue {
  if (depth > MAX_DEPTH) throw new Malformed(0, `it is nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return value.map((item) => fromJson(item, depth + 1));
  if (typeof value === 'object' && value !== null) {
    return {
      entries: Object.entries(value).map(([name, item]) => ({
        name,
        labels: [],
        value: fromJson(item, depth + 1),
        line: 0,
      })),
    };
  }
  return value as string | number | boolean | null;
}

const MAX_DEPTH = 50;

class Malformed extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

type Token =
  | { kind: 'word' | 'string'; text: string; line: number }
  | { kind: 'number'; value: number; line: number }
  | { kind: 'mark'; text: string; line: number }
  | { kind: 'end'; line: number };

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #ahead: Token | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  file(): HclObject {
    const entries: HclEntry[] = [];
    while (this.#peek().kind !== 'end') {
      entries.push(this.#entry(0));
      this.#skip(',');
    }
    return { entries };
  }

  #object(depth: number): HclObject {
    if (depth > MAX_DEPTH) throw new Malformed(this.#line, `it is nested deeper than ${MAX_DEPTH} levels`);
    const entries: HclEntry[] = [];
    while (!this.#skip('}')) {
      entries.push(this.#entry(depth));
      this.#skip(',');
    }
    return { entries };
  }

  #entry(depth: number): HclEntry {
    const first = this.#next();
    if (first.kind !== 'word' && first.kind !== 'string') throw unexpected(first, 'a name');
    const labels: string[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === 'string' || token.kind === 'word') {
        labels.push(token.text);
        continue;
      }
      if (token.kind === 'mark' && token.text === '{') {
        return { name: first.text, labels, value: this.#object(depth + 1), line: first.line };
      }
      if (token.kind === 'mark' && (token.text === '=' || token.text === ':')) {
        return { name: first.text, labels, value: this.#value(depth + 1), line: first.line };
      }
      throw unexpected(token, `"=" or "{" after ${JSON.stringify(first.text)}`);
    }
  }

  #value(depth: number): HclValue {
    if (depth > MAX_DEPTH) throw new Malformed(this.#line, `it is nested deeper than ${MAX_DEPTH} levels`);
    const token = this.#next();
    if (token.kind === 'string') return token.text;
    if (token.kind === 'number') return token.value;
    if (token.kind === 'word') {
      if (token.text === 'true') return true;
      if (token.text === 'false') return false;
      throw new Malformed(token.line, `the word ${token.text} is not in quotation marks`);
    }
    if (token.kind === 'mark' && token.text === '{') return this.#object(depth);
    if (token.kind === 'mark' && token.text === '[') {
      const items: HclValue[] = [];
      while (!this.#skip(']')) {
        items.push(this.#value(depth + 1));
        if (!this.#skip(',') && !this.#isMark(']')) throw unexpected(this.#next(), '"," or "]"');
      }
      return items;
    }
    throw unexpected(token, 'a value');
  }

  #isMark(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'mark' && token.text === text;
  }

  #skip(text: string): boolean {
    if (!this.#isMark(text)) return false;
    this.#ahead = undefined;
    return true;
  }

  #peek(): Token {
    return (this.#ahead ??= this.#read());
  }

  #next(): Token {
    const token = this.#peek();
    this.#ahead = undefined;
    return token;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    for (const char of found) if (char === '\n') this.#line++;
    return found;
  }

  #read(): Token {
    while (this.#match(BLANK) !== undefined);
    const line = this.#line;
    if (this.#at >= this.#text.length) return { kind: 'end', line };
    if (this.#text.startsWith('/*', this.#at)) throw new Malformed(line, 'a comment does not end');
    const mark = this.#match(/[{}[\]=,:]/y);
    if (mark !== undefined) return { kind: 'mark', text: mark, line };
    const number = this.#match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.-])/y);
    if (number !== undefined) return { kind: 'number', value: Number(number), line };
    const word = this.#match(/[\p{L}_][\p{L}\p{N}_.-]*/uy);
    if (word !== undefined) return { kind: 'word', text: word, line };
    if (this.#text[this.#at] === '"') return { kind: 'string', text: this.#string(line), line };
    if (this.#text.startsWith('<<', this.#at)) return { kind: 'string', text: this.#heredoc(line), line };
    throw new Malformed(line, `the character ${JSON.stringify(this.#text[this.#at])} has no meaning there`);
  }

  #string(line: number): string {
    const quoted = this.#match(/"(?:[^"\\\n]|\\[^\n])*"/y);
    if (quoted === undefined) throw new Malformed(line, 'a text in quotation marks does not end on its line');
    return quoted
      .slice(1, -1)
      .replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/gu, (_, escape: string) => unescape(escape, line));
  }

  #heredoc(line: number): string {
    const found = this.#match(/<<-?([\p{L}\p{N}_]+)\r?\n([\s\S]*?\n)??[ \t]*\1(?=\r?\n|$)/uy);
    if (found === undefined) throw new Malformed(line, 'a heredoc does not end');
    const lines = found.split(/\r?\n/);
    return lines
      .slice(1, -1)
      .map((text) => `${text}\n`)
      .join('');
  }
}

const BLANK = /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };

function unescape(escape: string, line: number): string {
  if (/^[ux]./.test(escape)) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  const char = ESCAPES[escape];
  if (char === undefined) throw new Malformed(line, `the escape \\${escape} is unknown`);
  return char;
}

function unexpected(token: Token, wanted: string): Malformed {
  const got =
    token.kind === 'end'
      ? 'the text ends'
      : `${JSON.stringify(token.kind === 'number' ? token.value : token.text)} stands`;
  return new Malformed(token.line, `${got} where ${wanted} is needed`);
}
