import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settled, type Statement } from '../../../../electron/logs/period-coverage/derive-coverage.ts';
import { cutAt, within, without } from '../../../../electron/logs/period-coverage/spans.ts';

const span = (start: number, end: number) => ({ start, end });
const length = (spans: readonly { start: number; end: number }[]) => spans.reduce((n, s) => n + s.end - s.start, 0);
const anySpan = fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 50 })).map(([start, size]) => span(start, start + size));

describe('spans', () => {
  it('cuts holes out', () => {
    expect(without([span(0, 10)], [span(3, 5), span(8, 20)])).toEqual([span(0, 3), span(5, 8)]);
    expect(without([span(0, 10)], [span(0, 10)])).toEqual([]);
    expect(within(span(5, 15), span(0, 10))).toEqual([span(5, 10)]);
    expect(within(span(20, 30), span(0, 10))).toEqual([]);
  });

  it('neither loses nor invents time when cutting', () => {
    fc.assert(
      fc.property(anySpan, fc.array(anySpan, { maxLength: 6 }), (whole, holes) => {
        const left = without([whole], holes);
        const moments = Array.from({ length: 160 }, (_, i) => i + 0.5);
        const inLeft = moments.filter((m) => left.some((s) => s.start <= m && m < s.end));
        const expected = moments.filter(
          (m) => whole.start <= m && m < whole.end && !holes.some((h) => h.start <= m && m < h.end),
        );
        expect(inLeft).toEqual(expected);
      }),
    );
  });
});

const statement = (s: Partial<Statement> & { start: number; end: number }): Statement => ({
  state: 'covered',
  means: 'files',
  reason: '',
  cites: [],
  ...s,
});

describe('coverage of a period', () => {
  it('is a gap with its reason where nothing covers it', () => {
    expect(settled(span(0, 10), [])).toEqual([
      { start: 0, end: 10, state: 'gap', means: '', reason: 'no log of this place was read for this time', cites: [] },
    ]);
  });

  it('takes the best source for each part and keeps the reasons of what is missing', () => {
    const parts = settled(span(0, 10), [
      statement({ start: 0, end: 4, cites: [1] }),
      statement({ start: 4, end: 6, state: 'gap', means: '', reason: 'the trail was stopped', cites: [7] }),
      statement({ start: 5, end: 6, state: 'changes only', means: 'looked-up changes' }),
      statement({ start: 6, end: 10, cites: [1] }),
    ]);
    expect(parts).toEqual([
      { start: 0, end: 4, state: 'covered', means: 'files', reason: '', cites: [1] },
      { start: 4, end: 5, state: 'gap', means: '', reason: 'the trail was stopped', cites: [7] },
      { start: 5, end: 6, state: 'changes only', means: 'looked-up changes', reason: 'the trail was stopped', cites: [7] },
      { start: 6, end: 10, state: 'covered', means: 'files', reason: '', cites: [1] },
    ]);
  });

  it('always accounts for the whole period, in order, without overlap', () => {
    const anyStatement = fc
      .tuple(anySpan, fc.constantFrom('covered', 'changes only', 'gap'))
      .map(([s, state]) => statement({ ...s, state: state, reason: state === 'gap' ? 'r' : '' }));
    fc.assert(
      fc.property(fc.array(anyStatement, { maxLength: 8 }), (statements) => {
        const period = span(10, 90);
        const parts = settled(period, statements);
        expect(length(parts)).toBe(80);
        expect(parts[0]!.start).toBe(10);
        parts.slice(1).forEach((part, i) => expect(part.start).toBe(parts[i]!.end));
        for (const part of cutAt(period, parts.map((p) => p.start))) {
          const best = statements.some((s) => s.state === 'covered' && s.start <= part.start && s.end >= part.end);
          if (best) expect(parts.find((p) => p.start <= part.start && p.end >= part.end)!.state).toBe('covered');
        }
      }),
    );
  });
});
