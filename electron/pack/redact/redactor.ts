import { createHash, createHmac } from 'node:crypto';

/** Letters of a token's hash: enough that no two values of a pack share one. */
const TOKEN_DIGITS = 20;

/** What stands in the place of a value, and how that can be shown later without opening any other. */
export interface Opening {
  token: string;
  /** Hex. */
  salt: string;
  value: string;
}

/** The token of a value: a hash with a salt of its own, so that values cannot be guessed from their tokens. */
export function openingOf(secret: Uint8Array, value: string): Opening {
  const salt = createHmac('sha256', secret).update(value, 'utf8').digest();
  return { token: tokenOf(salt, value), salt: salt.toString('hex'), value };
}

/** `redacted-` and the beginning of SHA-256(salt ‖ value). */
export function tokenOf(salt: Uint8Array, value: string): string {
  const digest = createHash('sha256').update(salt).update(value, 'utf8').digest('hex');
  return `redacted-${digest.slice(0, TOKEN_DIGITS)}`;
}

/**
 * Replaces values by their tokens wherever they stand as a whole, also in the spellings of JSON, XML, CSV and URLs.
 * Equal values have equal tokens. Counts what it replaces.
 */
export class Redactor {
  readonly counts = new Map<string, number>();
  readonly #tokens = new Map<string, string>();
  readonly #pattern: RegExp | null;

  constructor(secret: Uint8Array, values: Iterable<string>) {
    for (const value of values) {
      const { token } = openingOf(secret, value);
      this.counts.set(token, 0);
      for (const spelling of spellings(value)) this.#tokens.set(spelling, token);
    }
    // The longest first: a name must not be found inside a longer one that holds it.
    const found = [...this.#tokens.keys()].sort((a, b) => b.length - a.length).map(escaped);
    this.#pattern =
      found.length === 0 ? null : new RegExp(`${NOT_WITHIN}(?:${found.join('|')})${NOT_BEFORE}`, 'gu');
  }

  /** The text with every value replaced. */
  text(text: string): string {
    if (!this.#pattern) return text;
    return text.replace(this.#pattern, (spelling) => {
      const token = this.#tokens.get(spelling)!;
      this.counts.set(token, this.counts.get(token)! + 1);
      return token;
    });
  }

  /** Whether any value stands in a text. */
  finds(text: string): boolean {
    return this.#pattern !== null && text.search(this.#pattern) >= 0;
  }

  /** Plain data with every text in it replaced. */
  data<T>(value: T): T {
    if (typeof value === 'string') return this.text(value) as T;
    if (Array.isArray(value)) return value.map((item) => this.data(item as unknown)) as T;
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.data(item)])) as T;
  }
}

/** A value is found as a whole only: "ann" is not in "planned", and "user/ann" not in "user/anna". */
const NOT_WITHIN = String.raw`(?<![\p{L}\p{N}_-]|[\p{L}\p{N}]\.)`;
const NOT_BEFORE = String.raw`(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])`;

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** How a value may be written in the files of a pack and in what providers answer. */
function spellings(value: string): Set<string> {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const xml = value.replace(
    /[&<>"]/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!,
  );
  return new Set([
    value,
    json,
    ascii,
    ascii.replace(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`),
    json.replaceAll('/', '\\/'),
    JSON.stringify(json).slice(1, -1),
    xml,
    value.replaceAll('"', '""'),
    encodeURIComponent(value.toWellFormed()),
  ]);
}
