import { createHash, type Hash } from 'node:crypto';
import { noFields } from '../cloudtrail/scan-record.ts';
import { MAX_RECORD_BYTES, type SplitEnd, type SplitVisitor } from '../cloudtrail/split-records.ts';
import type { Splitter } from '../format.ts';
import { withoutSecrets } from './withhold-secrets.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Cuts a log of one record a line as it streams past. A record is its line without the line break, with whatever prefix the
 * audit device writes, and without secrets that a device wrote in the clear. Holds no more than one line beyond the chunk at hand; a longer one is hashed in passing and rejected.
 */
export class LineSplitter implements Splitter {
  readonly #visit: SplitVisitor;
  readonly #fields = noFields();
  #carry: Buffer = Buffer.alloc(0);
  /** Of a line that is too long to keep. */
  #oversize: Hash | null = null;
  #lines = 0;
  /** Lines of which something was withheld. */
  #inTheClear = 0;

  constructor(visit: SplitVisitor) {
    this.#visit = visit;
  }

  write(chunk: Buffer): void {
    let from = 0;
    const bytes = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    // What was carried holds no line break.
    let search = this.#carry.length;
    for (let at = bytes.indexOf(NEWLINE, search); at >= 0; at = bytes.indexOf(NEWLINE, search)) {
      this.#line(bytes, from, at);
      from = at + 1;
      search = from;
    }
    this.#hold(bytes.subarray(from));
  }

  end(): SplitEnd {
    const cut = this.#oversize !== null || (this.#carry.length > 0 && !endsLikeRecord(this.#carry));
    if (this.#carry.length > 0 || this.#oversize) this.#line(this.#carry, 0, this.#carry.length);
    const defects = [
      ...(cut ? [`the last line (${this.#lines}) is cut off`] : []),
      ...(this.#inTheClear > 0
        ? [
            `${this.#inTheClear} of ${this.#lines} lines hold secrets in the clear (log_raw), which are not kept`,
          ]
        : []),
    ];
    return {
      // A device that has written nothing yet leaves an empty file: that is whole.
      defect: defects.length > 0 ? defects.join('; ') : null,
      shape: this.#lines > 0 ? 'lines' : null,
    };
  }

  #hold(rest: Buffer): void {
    if (this.#oversize || rest.length > MAX_RECORD_BYTES) {
      this.#oversize ??= createHash('sha256').update(LEAF);
      this.#oversize.update(rest);
      this.#carry = Buffer.alloc(0);
    } else this.#carry = Buffer.from(rest);
  }

  #line(bytes: Buffer, from: number, to: number): void {
    const end = to > from && bytes[to - 1] === RETURN ? to - 1 : to;
    if (this.#oversize) {
      this.#lines += 1;
      this.#visit.reject(this.#oversize.update(bytes.subarray(from, end)).digest());
      this.#oversize = null;
      return;
    }
    if (end === from) return;
    this.#lines += 1;
    if (end - from > MAX_RECORD_BYTES) {
      this.#visit.reject(createHash('sha256').update(LEAF).update(bytes.subarray(from, end)).digest());
      return;
    }
    const line = withoutSecrets(bytes.subarray(from, end));
    if (line !== null) this.#inTheClear += 1;
    this.#fields.sourceStart = line === null ? from : 0;
    this.#fields.sourceEnd = line === null ? end : line.length;
    this.#visit.record(line ?? bytes, this.#fields.sourceStart, this.#fields.sourceEnd, this.#fields);
  }
}

/** RFC 6962: the leaf hash has a zero byte in front. */
const LEAF = Buffer.from([0]);

function endsLikeRecord(bytes: Buffer): boolean {
  return bytes
    .toString('latin1', Math.max(0, bytes.length - 16))
    .trimEnd()
    .endsWith('}');
}
