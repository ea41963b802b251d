import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from '../../../../db/ledger/merkle.ts';
import { MAX_RECORD_BYTES, RecordSplitter } from '../../../../electron/logs/cloudtrail/split-records.ts';

interface Split {
  records: string[];
  rejected: Buffer[];
  fields: (string | null)[][];
  defect: string | null;
  shape: string | null;
}

/** Splits content handed over in pieces of the given sizes, again and again. */
function split(content: Buffer, sizes: readonly number[] = [content.length || 1]): Split {
  const out: Split = { records: [], rejected: [], fields: [], defect: null, shape: null };
  const splitter = new RecordSplitter({
    record(bytes, start, end, f) {
      out.records.push(bytes.toString('utf8', start, end));
      const text = (from: number, to: number) => (from === 0 ? null : bytes.toString('utf8', from, to));
      out.fields.push([
        text(f.sourceStart, f.sourceEnd),
        text(f.nameStart, f.nameEnd),
        text(f.timeStart, f.timeEnd),
      ]);
    },
    reject: (leaf) => out.rejected.push(leaf),
  });
  for (let at = 0, i = 0; at < content.length; i += 1) {
    const size = sizes[i % sizes.length]!;
    splitter.write(Buffer.from(content.subarray(at, at + size)));
    at += size;
  }
  return { ...out, ...splitter.end() };
}

const text = (s: string) => split(Buffer.from(s));
/** Names that a record has, among others, and values that try to look like structure. */
const anyName = fc.oneof(
  fc.constantFrom('eventSource', 'eventName', 'eventTime', 'Records', 'a'),
  fc.string({ unit: 'binary' }),
);
const anyText = fc.oneof(
  fc.constantFrom('},{"eventVersion":', '\\', '"', '\\"}', ']}', '{"Records":[', 'eventName', '\ud83d\udd11'),
  fc.string({ unit: 'binary' }),
);
const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(anyName, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const anyRecord = fc.dictionary(anyName, anyValue, { maxKeys: 6 });
const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const anyIndent = fc.constantFrom(undefined, 1, '\t', '\r\n ');
const stringField = (record: Record<string, unknown>, name: string) => {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  // A value with an escape in it is left to the parser.
  return typeof value === 'string' && !JSON.stringify(value).includes('\\') ? value : null;
};

describe('splitting a log file', () => {
  it('gives the same records as JSON.parse, whatever the content, layout and chunks', () => {
    fc.assert(
      fc.property(
        fc.array(anyRecord, { maxLength: 6 }),
        anySizes,
        anyIndent,
        fc.boolean(),
        (records, sizes, indent, bom) => {
          const json = `${bom ? '\ufeff' : ''}${JSON.stringify({ Records: records }, null, indent)}`;
          const found = split(Buffer.from(json), sizes);
          expect(found.defect).toBeNull();
          expect(found.rejected).toEqual([]);
          expect(found.records.map((r) => JSON.parse(r) as unknown)).toEqual(
            JSON.parse(JSON.stringify(records)),
          );
          expect(found.fields).toEqual(
            records.map((r) => ['eventSource', 'eventName', 'eventTime'].map((name) => stringField(r, name))),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives each record’s own bytes, unchanged', () => {
    const found = text('{ "Records" : [ {"b":1 , "a":"\\u00e9"} ,\n\t{"c": 1e3}\n] }');
    expect(found.records).toEqual(['{"b":1 , "a":"\\u00e9"}', '{"c": 1e3}']);
  });

  it('takes a bare list, records one after the other, a wrapper with other members, and several in one file', () => {
    expect(text('[{"a":1},{"a":2}]')).toMatchObject({
      records: ['{"a":1}', '{"a":2}'],
      shape: 'array',
      defect: null,
    });
    expect(text('{"a":1}\n{"a":2}\n')).toMatchObject({
      records: ['{"a":1}', '{"a":2}'],
      shape: 'lines',
      defect: null,
    });
    expect(text('{"x":{"Records":[1]},"n":-1.5,"Records":[{"a":1}],"more":["]"],"t":null}')).toMatchObject({
      records: ['{"a":1}'],
      shape: 'records',
      defect: null,
    });
    expect(text('{"Records":[{"a":1}]}{"Records":[{"a":2}]}\n')).toMatchObject({
      records: ['{"a":1}', '{"a":2}'],
      defect: null,
    });
    expect(text('{"Events":[{"EventId":"1"}],"NextToken":"t"}')).toMatchObject({
      shape: 'events',
      defect: null,
    });
    expect(text('{"Records":[]}')).toMatchObject({ records: [], defect: null });
  });

  it('names where the JSON is cut off, at every byte, and keeps the records before', () => {
    const whole = '{"Records":[{"a":"x"},{"b":[1,{"c":"]"}]},{"d":null}]}';
    for (let end = 1; end < whole.length; end += 1) {
      const found = text(whole.slice(0, end));
      expect(found.defect, whole.slice(0, end)).toBe(`the JSON ends too early, at byte ${end}`);
      expect(found.records).toEqual(
        ['{"a":"x"}', '{"b":[1,{"c":"]"}]}', '{"d":null}'].slice(0, found.records.length),
      );
    }
    expect(text(whole.slice(0, -3)).records).toHaveLength(2);
    expect(text(whole.slice(0, -2)).records).toHaveLength(3);
  });

  it('names what follows after the end, and what is no JSON, with its byte', () => {
    expect(text('{"Records":[{"a":1}]} trailing')).toMatchObject({
      records: ['{"a":1}'],
      defect: 'something follows after the end of the JSON, at byte 22',
    });
    expect(text('hello').defect).toBe('this is not JSON, at byte 0');
    expect(text('').defect).toBe('the file is empty');
    expect(text('  \n').defect).toBe('the file is empty');
    expect(text('{"Records":[{"a":1} {"a":2}]}').defect).toBe(
      'a comma or the end of the list is missing, at byte 20',
    );
    expect(text('{"Records":[{"a":1},]}').defect).toBe('the JSON is malformed, at byte 20');
    expect(text('{"Records":[{"a":1}];}').defect).toBe(
      'the JSON is malformed after the list of records, at byte 20',
    );
    expect(text('{Records:[]}').defect).toBe('the JSON is malformed, at byte 1');
  });

  it('counts elements of the list that are no objects', () => {
    const found = text('{"Records":[1,"two",[3],{"a":4},null,true]}');
    expect(found.records).toEqual(['{"a":4}']);
    expect(found.rejected).toEqual(
      ['1', '"two"', '[3]', 'null', 'true'].map((s) => leafHash(Buffer.from(s))),
    );
    expect(found.defect).toBeNull();
  });

  it('rejects a record beyond the limit with its leaf hash, however it arrives, and goes on', () => {
    const large = JSON.stringify({ a: 'x\\"]}{['.repeat(MAX_RECORD_BYTES / 8) });
    const content = Buffer.from(`{"Records":[{"a":1},${large},{"a":2}]}`);
    for (const sizes of [[content.length], [100_000], [65_536, 1]]) {
      const found = split(content, sizes);
      expect(found.records).toEqual(['{"a":1}', '{"a":2}']);
      expect(found.rejected).toEqual([leafHash(Buffer.from(large))]);
      expect(found.defect).toBeNull();
    }
  });

  it('holds no more than one record besides the chunk', () => {
    const found = split(Buffer.from(`{"Records":[${Array(2000).fill('{"a":1}').join(',')}]}`), [1]);
    expect(found.records).toHaveLength(2000);
  });

  it('takes an escaped member name or value for what it is: to be parsed', () => {
    const found = text(
      '{"Records":[{"eventSource":"kms\\u002eamazonaws.com","event\\u004eame":"x","eventTime":3}]}',
    );
    expect(found.fields).toEqual([[null, null, null]]);
  });
});
