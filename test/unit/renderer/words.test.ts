import { describe, expect, test } from 'vitest';
import { countTicks, panRange, timeTicks, zoomRange } from '../../../renderer/charts/scale.ts';
import { diffLines } from '../../../renderer/screens/compare/diff-lines.ts';
import {
  DEFAULT_VIEW,
  filterOf,
  savedView,
  withFacet,
  withSort,
} from '../../../renderer/screens/keys/key-view.ts';
import { rotationWords } from '../../../renderer/screens/keys/key-words.ts';
import { sourceId } from '../../../renderer/screens/sources/source-words.ts';
import { matches } from '../../../renderer/shell/match.ts';
import { bytes, counted, duration, periodWords } from '../../../renderer/ui/format.ts';

describe('numbers and times', () => {
  test('read as people say them', () => {
    expect(counted(1, 'key')).toBe('1 key');
    expect(counted(98310, 'entry', 'entries')).toBe('98,310 entries');
    expect([bytes(999), bytes(1500), bytes(13_400_000), bytes(999_999)]).toEqual([
      '999 B',
      '1.5 kB',
      '13 MB',
      '1.0 MB',
    ]);
    expect([duration(0.2), duration(76), duration(600), duration(7800)]).toEqual([
      'under a second',
      '76 s',
      '10 min',
      '2 h 10 min',
    ]);
    expect(periodWords('2026-01-01T00:00:00Z', '2026-07-01T00:00:00Z')).toBe('2026-01-01 – 2026-06-30');
  });

  test('axes end at or above the highest value', () => {
    expect(countTicks(168).at(-1)!).toBeGreaterThanOrEqual(168);
    expect(countTicks(0)).toEqual([0]);
    expect(timeTicks(Date.UTC(2026, 0, 15), Date.UTC(2026, 3, 15)).map((t) => t.label)).toEqual([
      '2026-02',
      '2026-03',
      '2026-04',
    ]);
  });

  test('zooming and moving stay inside the period', () => {
    const limits = [0, 100 * 3_600_000] as const;
    expect(zoomRange(limits, limits, 2)).toEqual([...limits]);
    const half = zoomRange(limits, limits, 0.5);
    expect(half).toEqual([25 * 3_600_000, 75 * 3_600_000]);
    expect(panRange(half, limits, 5)).toEqual([50 * 3_600_000, 100 * 3_600_000]);
  });
});

describe('the view of the table of keys', () => {
  test('values of a facet go on and off, and an empty facet does not filter', () => {
    const on = withFacet(DEFAULT_VIEW, 'rotation', 'off');
    expect(filterOf(on).facets).toEqual({ rotation: ['off'] });
    expect(filterOf(withFacet(on, 'rotation', 'off')).facets).toEqual({});
  });
  test('a second click on a heading turns the order round', () => {
    expect(withSort(withSort(DEFAULT_VIEW, 'state'), 'state').sort).toEqual({
      by: 'state',
      descending: true,
    });
  });
  test('what was saved by another program is no view', () => {
    expect(savedView({ columns: 'all' })).toBeNull();
    expect(savedView(JSON.parse(JSON.stringify(DEFAULT_VIEW)))).toEqual(DEFAULT_VIEW);
  });
  test('rotation that is not known is not called off', () => {
    const key = {
      rotationSupport: 'automatic',
      rotationEnabled: null,
      rotationPeriodDays: null,
      manager: 'customer',
    };
    expect(rotationWords(key)).toBe('not known');
    expect(rotationWords({ ...key, rotationEnabled: false })).toBe('off');
  });
});

test('an id is made of a title and taken by nobody', () => {
  expect(sourceId('Ünïted — Production!', [])).toBe('united-production');
  expect(sourceId('Production', ['production', 'production-2'])).toBe('production-3');
});

test('the palette finds by the beginnings of words', () => {
  expect(matches('Theme: dark', 'th da')).toBe(true);
  expect(matches('Theme: dark', 'ark')).toBe(false);
});

test('a difference keeps common lines and their order', () => {
  expect(diffLines('a\nb\nc', 'a\nx\nc')).toEqual([
    { side: 'both', text: 'a' },
    { side: 'before', text: 'b' },
    { side: 'after', text: 'x' },
    { side: 'both', text: 'c' },
  ]);
});
