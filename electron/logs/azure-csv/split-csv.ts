import { createHash, type Hash } from 'node:crypto';
import { noFields } from '../cloudtrail/scan-record.ts';
import { MAX_RECORD_BYTES, type SplitEnd, type SplitVisitor } from '../cloudtrail/split-records.ts';
import type { Splitter } from '../format.ts';
import { limitReached } from './row-limits.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
/** RFC 6962: the leaf hash has a zero byte in front. */
const LEAF = Buffer.from([0]);

/**
 * Cuts a CSV file (RFC 4180) into its rows' own bytes as it streams past: a row ends at a line break outside of quotes. The
 * first row names the columns and is no record; it is read when the file is recognised. Holds no more than one row beyond
 * the chunk at hand; a longer one is hashed in passing and rejected.
 */
export class CsvSplitter implements Splitter {
  readonly #visit: SplitVisitor;
  readonly #fields = noFields();
  #carry: Buffer = Buffer.alloc(0);
  /** Of a row that is too long to keep. */
  #oversize: Hash | null = null;
  #quoted = false;
  #header = true;
  #rows = 0;

  constructor(visit: SplitVisitor) {
    this.#visit = visit;
  }

  write(chunk: Buffer): void {
    const bytes = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    let from = 0;
    // What was carried was looked at before.
    for (let at = this.#carry.length; at < bytes.length; at += 1) {
      const byte = bytes[at];
      // A quote inside a quoted field is doubled, which toggles twice.
      if (byte === QUOTE) this.#quoted = !this.#quoted;
      else if (byte === NEWLINE && !this.#quoted) {
        this.#row(bytes, from, at);
        from = at + 1;
      }
    }
    this.#hold(bytes.subarray(from));
  }

  end(): SplitEnd {
    const cut = this.#quoted;
    if (this.#carry.length > 0 || this.#oversize) this.#row(this.#carry, 0, this.#carry.length);
    const defect = this.#header
      ? 'the file is empty'
      : cut
        ? `the last row (${this.#rows}) is cut off in mid-field`
        : limitReached(this.#rows);
    return { defect, shape: this.#rows > 0 ? 'lines' : null };
  }

  #hold(rest: Buffer): void {
    if (this.#oversize || rest.length > MAX_RECORD_BYTES) {
      this.#oversize ??= createHash('sha256').update(LEAF);
      this.#oversize.update(rest);
      this.#carry = Buffer.alloc(0);
    } else this.#carry = Buffer.from(rest);
  }

  #row(bytes: Buffer, from: number, to: number): void {
    const end = to > from && bytes[to - 1] === RETURN ? to - 1 : to;
    const oversize = this.#oversize;
    this.#oversize = null;
    if (this.#header) {
      this.#header = false;
      return;
    }
    if (!oversize && end === from) return;
    this.#rows += 1;
    if (oversize || end - from > MAX_RECORD_BYTES) {
      const hash = oversize ?? createHash('sha256').update(LEAF);
      this.#visit.reject(hash.update(bytes.subarray(from, end)).digest());
      return;
    }
    this.#fields.sourceStart = from;
    this.#fields.sourceEnd = end;
    this.#visit.record(bytes, from, end, this.#fields);
  }
}
