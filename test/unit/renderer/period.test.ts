import { describe, expect, test } from 'vitest';
import {
  periodFault,
  presetDays,
  storedDays,
  storedPeriod,
} from '../../../renderer/screens/engagement/period.ts';

describe('periods as people give them', () => {
  const now = new Date('2026-11-24T23:30:00Z');

  test('presets end with whole months, quarters and years', () => {
    expect(presetDays('last-12-months', now)).toEqual({ from: '2025-11-01', to: '2026-10-31' });
    expect(presetDays('last-6-months', now)).toEqual({ from: '2026-05-01', to: '2026-10-31' });
    expect(presetDays('last-quarter', now)).toEqual({ from: '2026-07-01', to: '2026-09-30' });
    expect(presetDays('last-quarter', new Date('2026-01-15T00:00:00Z'))).toEqual({
      from: '2025-10-01',
      to: '2025-12-31',
    });
    expect(presetDays('last-year', now)).toEqual({ from: '2025-01-01', to: '2025-12-31' });
  });

  test('the last day is inclusive for people and exclusive as stored', () => {
    const stored = storedPeriod({ from: '2026-01-01', to: '2026-06-30' });
    expect(stored).toEqual({ from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' });
    expect(storedDays(stored)).toEqual({ from: '2026-01-01', to: '2026-06-30' });
  });

  test('faults say what to do', () => {
    expect(periodFault({ from: '2026-02-30', to: '2026-06-30' })).toMatch(/first day/);
    expect(periodFault({ from: '2026-07-01', to: '2026-06-30' })).toMatch(/Swap/);
    expect(periodFault({ from: '2026-06-30', to: '2026-06-30' })).toBeNull();
  });
});
