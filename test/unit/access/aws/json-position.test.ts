import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorPosition } from '../../../../electron/access/aws/json-position.ts';

describe('where a text stops being JSON', () => {
  it.each<[string, number]>([
    ['', 0],
    ['{', 1],
    ['{"a": tru}', 6],
    ['{"a": 1,}', 8],
    ['{"a" 1}', 5],
    ['[1 2]', 3],
    ['"open', 5],
    ['"bad \\x"', 5],
    ['{} extra', 3],
    ["{'a': 1}", 1],
    ['01', 1],
    ['[', 1],
  ])('%j at %i', (text, position) => {
    expect(jsonErrorPosition(text)).toBe(position);
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const texts = fc.oneof(
      fc.json(),
      fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([json, n, junk]) => {
        const at = n % (json.length + 1);
        return json.slice(0, at) + junk + json.slice(at + 1);
      }),
    );
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(texts, (text) => {
        expect(jsonErrorPosition(text) === undefined).toBe(parses(text));
      }),
      { numRuns: 2000 },
    );
  });
});
