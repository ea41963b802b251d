import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinClaims, without, type Claim } from '../../../../electron/logs/coverage/spans.ts';

const claim = (start: number, end: number, over: Partial<Claim> = {}): Claim => ({
  ...{ start, end, state: 'covered', means: 'm', reason: '', detail: '', cites: [], weight: 1 },
  ...over,
});
const gap = (start: number, end: number, reason: string, weight = 1) =>
  claim(start, end, { state: 'gap', means: '', reason, weight });

const anyClaim = fc
  .tuple(
    fc.nat(100),
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom('covered', 'changes only', 'gap'),
    fc.nat(3),
  )
  .map(([start, size, state, weight]) =>
    claim(start, start + size, { state: state, reason: state === 'gap' ? `r${weight}` : '', weight }),
  );

describe('joining claims', () => {
  it('accounts for every moment once, with the best state that anybody claims', () => {
    fc.assert(
      fc.property(fc.array(anyClaim, { maxLength: 12 }), (claims) => {
        const spans = joinClaims(claims, 20, 110, 'nobody');
        expect(spans[0]!.start).toBe(20);
        expect(spans.at(-1)!.end).toBe(110);
        spans.slice(1).forEach((span, i) => expect(span.start).toBe(spans[i]!.end));
        for (let at = 20; at < 110; at += 1) {
          const here = claims.filter((c) => c.start <= at && at < c.end).map((c) => c.state);
          const best = (['covered', 'changes only', 'gap'] as const).find((s) => here.includes(s)) ?? 'gap';
          const span = spans.find((s) => s.start <= at && at < s.end)!;
          expect(span.state).toBe(best);
          if (here.length === 0) expect(span.reason).toBe('nobody');
        }
      }),
    );
  });

  it('does not depend on the order of claims', () => {
    fc.assert(
      fc.property(fc.array(anyClaim, { maxLength: 8 }), (claims) => {
        expect(joinClaims([...claims].reverse(), 0, 150, 'n')).toEqual(joinClaims(claims, 0, 150, 'n'));
      }),
    );
  });

  it('gives the weightiest means, and of a gap all reasons, weightiest first', () => {
    const spans = joinClaims(
      [
        claim(0, 5, { means: 'weak' }),
        claim(0, 5, { means: 'strong', weight: 9 }),
        gap(5, 9, 'small'),
        gap(5, 9, 'big', 8),
      ],
      0,
      9,
      '',
    );
    expect(spans).toMatchObject([{ means: 'strong' }, { reason: 'big', detail: 'small' }]);
  });

  it('cites the first and last entries when there are many', () => {
    const claims = Array.from({ length: 100 }, (_, i) => claim(i, i + 1, { cites: [i] }));
    const [span, ...rest] = joinClaims(claims, 0, 100, '');
    expect(rest).toEqual([]);
    expect(span!.cites).toHaveLength(20);
    expect([span!.cites[0], span!.cites.at(-1)]).toEqual([0, 99]);
  });
});

describe('taking time out of a claim', () => {
  it('neither loses nor invents time', () => {
    const anyHole = fc.tuple(fc.nat(100), fc.nat(30)).map(([start, size]) => ({ start, end: start + size }));
    fc.assert(
      fc.property(fc.array(anyHole, { maxLength: 6 }), (holes) => {
        const left = without(claim(10, 90), holes);
        for (let at = 0; at < 140; at += 1) {
          const inside = at >= 10 && at < 90 && !holes.some((h) => h.start <= at && at < h.end);
          expect(
            left.some((c) => c.start <= at && at < c.end),
            String(at),
          ).toBe(inside);
        }
      }),
    );
  });
});
