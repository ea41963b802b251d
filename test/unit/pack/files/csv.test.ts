import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFile, csvRecord, neutralised } from '../../../../electron/pack/files/csv.ts';

describe('CSV', () => {
  it('quotes what needs quotes and ends records with CRLF', () => {
    expect(csvRecord(['a', 'b,c', 'd"e', 'f\ng', null, 7, true])).toBe('a,"b,c","d""e","f\ng",,7,true\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\u0000'])(
    'keeps a spreadsheet from running %j',
    (text) => {
      expect(neutralised(text)).toBe(`'${text}`);
    },
  );

  it('leaves numbers as they are, also negative ones', () => {
    expect(csvRecord([-5, 0.25])).toBe('-5,0.25\r\n');
  });

  it('gives back every text it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (cells) => {
        expect(parse(csvRecord(cells))).toEqual(cells.map(neutralised));
      }),
    );
  });

  it('streams a large table in pieces', () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => [i, `key-${i}`]);
    const pieces = [...csvFile(['n', 'key'], rows)];
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).toString().split('\r\n').length).toBe(50_002);
  });
});

/** A reader of one record, as RFC 4180 says it. */
function parse(record: string): string[] {
  const cells = [''];
  let quoted = false;
  for (let i = 0; i < record.length - 2; i += 1) {
    const c = record[i]!;
    if (quoted && c === '"' && record[i + 1] === '"') cells[cells.length - 1] += record[(i += 1)]!;
    else if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) cells.push('');
    else cells[cells.length - 1] += c;
  }
  return cells;
}
