import { findList, skipValue } from './find-list.ts';
import { leafOf, newOversize, type Oversize } from './oversize.ts';
import { INCOMPLETE, noFields, scanRecord, skipSpace, type RecordFields } from './scan-record.ts';

/** A record may have this many bytes. AWS limits an event to 256 KB (CloudTrail user guide, "Quotas"). */
export const MAX_RECORD_BYTES = 1024 * 1024;

/** Takes what the splitter finds. Bytes are valid during the call only. */
export interface SplitVisitor {
  /**
   * One record, `bytes[start, end)`, with the places of its members. The bytes around it may be changed during the
   * call as long as they are put back (RFC 6962 hashes a record with a zero byte before it).
   */
  record(bytes: Buffer, start: number, end: number, fields: RecordFields): void;
  /** An element of the list that is no object, or is larger than a record may be; `leaf` is its RFC 6962 leaf hash. */
  reject(leaf: Buffer): void;
}

/** How a file ended. */
export interface SplitEnd {
  /** Null when it was well formed to its end; otherwise what is wrong and at which byte of the content. */
  defect: string | null;
  /** Which shape the records were in; null when there was nothing. */
  shape: 'records' | 'events' | 'array' | 'lines' | null;
}

type State =
  | 'start' // before an object or a list
  | 'element' // in a list, before an element (or, first, its end)
  | 'after-element' // in a list, after an element
  | 'wrapper' // in the wrapper object, after its list
  | 'lines' // between records that stand one after the other
  | 'oversize' // in a record too large to keep
  | 'broken';

/**
 * Splits the content of a log file into its records' own bytes as it streams past. Takes `{"Records":[…]}`, the
 * `{"Events":[…]}` of a saved lookup, a bare list, and records one after the other, in any layout, several in one file
 * too. Holds no more than one record beyond the chunk at hand. What comes before a defect is kept.
 */
export class RecordSplitter {
  readonly #visit: SplitVisitor;
  readonly #fields = noFields();
  #state: State = 'start';
  #first = true;
  #carry: Buffer = Buffer.alloc(0);
  /** Content offset of the first byte of the buffer at hand. */
  #base = 0;
  #defect: string | null = null;
  #shape: SplitEnd['shape'] = null;
  #inList = false;
  #wrapped = false;
  #oversize: Oversize | null = null;

  constructor(visit: SplitVisitor) {
    this.#visit = visit;
  }

  /** Takes the next bytes. They may be changed and put back, and are not held after the call. */
  write(chunk: Buffer): void {
    if (this.#state === 'broken' || chunk.length === 0) return;
    const bytes = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    const stop = this.#run(bytes);
    this.#base += stop;
    this.#carry = this.#defect === null ? Buffer.from(bytes.subarray(stop)) : Buffer.alloc(0);
  }

  /** Says how the content ended. Call once, after the last byte. */
  end(): SplitEnd {
    if (this.#defect === null) {
      if (this.#state === 'start' && this.#carry.length === 0) {
        if (this.#shape === null) this.#defect = 'the file is empty';
      } else if (this.#state !== 'lines' || this.#carry.length > 0) {
        this.#defect = `the JSON ends too early, at byte ${this.#base + this.#carry.length}`;
      }
    }
    return { defect: this.#defect, shape: this.#shape };
  }

  /** Goes on as far as the bytes allow; returns the position from which more are needed. */
  #run(bytes: Buffer): number {
    const end = bytes.length;
    let at = 0;
    if (this.#first) {
      if (end - at < 3 && bytes[at] === 0xef) return at;
      this.#first = false;
      if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    }
    while (at < end) {
      if (this.#oversize) {
        at = this.#skipOversize(bytes, at, end);
        continue;
      }
      at = skipSpace(bytes, at, end);
      if (at >= end) break;
      const next = this.#step(bytes, at, end);
      if (next === INCOMPLETE) return at;
      if (this.#state === 'broken') return end;
      at = next;
    }
    return at;
  }

  #step(bytes: Buffer, at: number, end: number): number {
    const byte = bytes[at]!;
    switch (this.#state) {
      case 'element':
        if (byte === 0x7b) return this.#record(bytes, at, end);
        if (byte === 0x5d && !this.#inList) return this.#closeList(at);
        return this.#foreign(bytes, at, end);
      case 'after-element':
        if (byte === 0x2c) {
          this.#state = 'element';
          this.#inList = true;
          return at + 1;
        }
        if (byte === 0x5d) return this.#closeList(at);
        return this.#break(at, 'a comma or the end of the list is missing');
      case 'wrapper':
        return this.#restOfWrapper(bytes, at, end);
      case 'start':
      case 'lines':
        if (byte === 0x5b) {
          this.#open('array', false);
          return at + 1;
        }
        if (byte === 0x7b) return this.#topObject(bytes, at, end);
        return this.#break(
          at,
          this.#shape === null ? 'this is not JSON' : 'something follows after the end of the JSON',
        );
      case 'oversize':
      case 'broken':
        return end;
    }
  }

  #topObject(bytes: Buffer, at: number, end: number): number {
    const found = findList(bytes, at, Math.min(end, at + MAX_RECORD_BYTES));
    if (found.kind === 'list') {
      this.#open(found.name === 'Records' ? 'records' : 'events', true);
      return found.at;
    }
    if (found.kind === 'malformed') return this.#break(found.at, 'the JSON is malformed');
    if (found.kind === 'incomplete') {
      if (end - at < MAX_RECORD_BYTES) return INCOMPLETE;
      return this.#break(at, 'no list of records and no record begins here');
    }
    this.#shape ??= 'lines';
    this.#state = 'lines';
    scanRecord(bytes, at, end, this.#fields);
    this.#visit.record(bytes, at, found.end, this.#fields);
    return found.end;
  }

  #open(shape: 'records' | 'events' | 'array', wrapped: boolean): void {
    this.#shape ??= shape;
    this.#state = 'element';
    this.#inList = false;
    this.#wrapped = wrapped;
  }

  #record(bytes: Buffer, at: number, end: number): number {
    const stop = scanRecord(bytes, at, end, this.#fields);
    if (stop === INCOMPLETE) {
      if (end - at <= MAX_RECORD_BYTES) return INCOMPLETE;
      this.#oversize = newOversize();
      return at;
    }
    this.#state = 'after-element';
    if (stop - at <= MAX_RECORD_BYTES) this.#visit.record(bytes, at, stop, this.#fields);
    else this.#visit.reject(leafOf(bytes.subarray(at, stop)));
    return stop;
  }

  /** An element that is no object: a number, a string, a list. Counted, so that nothing is dropped silently. */
  #foreign(bytes: Buffer, at: number, end: number): number {
    if (!startsValue(bytes[at]!)) return this.#break(at, 'the JSON is malformed');
    const stop = skipValue(bytes, at, end);
    if (stop === INCOMPLETE) {
      if (end - at <= MAX_RECORD_BYTES) return INCOMPLETE;
      return this.#break(at, 'an element of the list is not a record and does not end');
    }
    this.#state = 'after-element';
    this.#visit.reject(leafOf(bytes.subarray(at, stop)));
    return stop;
  }

  #closeList(at: number): number {
    this.#state = this.#wrapped ? 'wrapper' : 'start';
    return at + 1;
  }

  #restOfWrapper(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] === 0x7d) {
      this.#state = 'start';
      return at + 1;
    }
    if (bytes[at] !== 0x2c) return this.#break(at, 'the JSON is malformed after the list of records');
    // The member after the list, as if it opened an object: {"NextToken": …}.
    const member = skipSpace(bytes, at + 1, end);
    if (member >= end) return INCOMPLETE;
    if (bytes[member] !== 0x22) {
      return this.#break(member, 'the JSON is malformed after the list of records');
    }
    const nameEnd = skipValue(bytes, member, end);
    if (nameEnd === INCOMPLETE) return this.#orTooLong(at, end);
    const colon = skipSpace(bytes, nameEnd, end);
    if (colon >= end) return INCOMPLETE;
    if (bytes[colon] !== 0x3a) {
      return this.#break(colon, 'the JSON is malformed after the list of records');
    }
    const value = skipSpace(bytes, colon + 1, end);
    if (value >= end) return INCOMPLETE;
    const stop = skipValue(bytes, value, end);
    return stop === INCOMPLETE ? this.#orTooLong(at, end) : stop;
  }

  #orTooLong(at: number, end: number): number {
    if (end - at <= MAX_RECORD_BYTES) return INCOMPLETE;
    return this.#break(at, 'what follows the list of records does not end');
  }

  #skipOversize(bytes: Buffer, at: number, end: number): number {
    const over = this.#oversize!;
    const stop = over.skip(bytes, at, end);
    if (stop === INCOMPLETE) return end;
    this.#oversize = null;
    this.#state = 'after-element';
    this.#visit.reject(over.leaf());
    return stop;
  }

  #break(at: number, why: string): number {
    this.#defect = `${why}, at byte ${this.#base + at}`;
    this.#state = 'broken';
    return at;
  }
}

/** A string, number, list, true, false or null begins with this byte. */
function startsValue(byte: number): boolean {
  return (
    byte === 0x22 ||
    byte === 0x2d ||
    byte === 0x5b ||
    byte === 0x66 ||
    byte === 0x6e ||
    byte === 0x74 ||
    (byte >= 0x30 && byte <= 0x39)
  );
}
