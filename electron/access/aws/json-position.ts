/**
 * Where a text stops being JSON (RFC 8259): the offset of the first character that cannot stand there, or the length
 * when it merely ends too early; undefined when the text is JSON. JSON.parse does not say this for every error, and
 * what it says may quote the text.
 */
export function jsonErrorPosition(text: string): number | undefined {
  const scanner = new Scanner(text);
  return scanner.document() ? undefined : scanner.at;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** Everything from the space upwards except the quote and the backslash; or an escape. */
const STRING_PART = /[ !#-[\]-\uffff]+|\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Far deeper than any policy, shallow enough for the stack. */
const MAX_DEPTH = 1000;

class Scanner {
  readonly #text: string;
  /** Offset of the first character not yet accepted. */
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): boolean {
    return this.#value(0) && this.#skip() && this.at === this.#text.length;
  }

  #value(depth: number): boolean {
    this.#skip();
    if (depth > MAX_DEPTH) return false;
    switch (this.#text[this.at]) {
      case '{':
        return this.#list('}', () => this.#member(depth));
      case '[':
        return this.#list(']', () => this.#value(depth + 1));
      case '"':
        return this.#string();
      case undefined:
      default:
        return ['true', 'false', 'null'].some((word) => this.#take(word)) || this.#match(NUMBER);
    }
  }

  #member(depth: number): boolean {
    this.#skip();
    return this.#string() && this.#skip() && this.#take(':') && this.#value(depth + 1);
  }

  #list(end: string, item: () => boolean): boolean {
    this.at++;
    this.#skip();
    if (this.#take(end)) return true;
    for (;;) {
      if (!item()) return false;
      this.#skip();
      if (this.#take(end)) return true;
      if (!this.#take(',')) return false;
    }
  }

  #string(): boolean {
    if (!this.#take('"')) return false;
    while (this.#match(STRING_PART));
    return this.#take('"');
  }

  #skip(): true {
    this.#match(SPACE);
    return true;
  }

  #take(word: string): boolean {
    if (!this.#text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found === null) return false;
    this.at += found[0].length;
    return true;
  }
}
