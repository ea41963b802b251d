/** How the report writes things: states, dates, numbers, citations. */
import type { Inline, Mark, Span } from '../inline.ts';
import { MONTHS } from '../chart.ts';
import type { Basis, Citations, Fact, ResultState } from '../report-model.ts';
import { color, type Color } from '../theme.ts';

/** Word, sign and colour of each state. The word for a pass is not an opinion. */
export const STATES: Record<ResultState, { word: string; mark: Mark; color: Color }> = {
  pass: { word: 'No exception', mark: 'check', color: color.green },
  exception: { word: 'Exception', mark: 'triangle', color: color.red },
  'evidence-required': { word: 'Evidence required', mark: 'square', color: color.violet },
  undetermined: { word: 'Undetermined', mark: 'diamond', color: color.amber },
  'not-applicable': { word: 'Not applicable', mark: 'dash', color: color.grey },
};

/** Order in which states are listed. */
export const STATE_ORDER: readonly ResultState[] = [
  'exception',
  'undetermined',
  'evidence-required',
  'pass',
  'not-applicable',
];

/** A result as sign and word. */
export function badge(state: ResultState | null): Span {
  if (state === null) return { text: 'Not tested', color: color.soft };
  const { word, mark, color: fill } = STATES[state];
  return { text: word, mark, color: fill, style: 'bold' };
}

export const bold = (text: string): Span => ({ text, style: 'bold' });
export const soft = (text: string): Span => ({ text, color: color.soft });
export const mono = (text: string): Span => ({ text, style: 'mono' });

/** `1,234`. */
export function count(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 key`, `2 keys`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `97.4 %`, never rounded up to 100. */
export function percent(value: number): string {
  const shown = Math.floor(value * 10) / 10;
  return `${Number.isInteger(shown) ? shown : shown.toFixed(1)} %`;
}

/** `30 June 2026` in UTC; text that is no date is printed as it is. */
export function day(iso: string): string {
  const t = new Date(iso);
  if (Number.isNaN(t.getTime())) return iso;
  return `${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]} ${t.getUTCFullYear()}`;
}

/** `2026-07-02 09:14:05 UTC`; text that is no time is printed as it is. */
export function time(iso: string): string {
  const t = new Date(iso);
  if (Number.isNaN(t.getTime())) return iso;
  return `${t.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `exchanges 12, 14–17`. */
export function cite(citations: Citations | undefined): string {
  if (!citations || citations.length === 0) return '';
  const sorted = [...new Set(citations)].sort((a, b) => a - b);
  const runs: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const from = sorted[i] ?? 0;
    while (sorted[i + 1] === (sorted[i] ?? 0) + 1) i++;
    const to = sorted[i] ?? 0;
    runs.push(from === to ? `${from}` : `${from}–${to}`);
  }
  const shown = runs.slice(0, 12).join(', ');
  return `${shown}${runs.length > 12 ? ` and ${runs.length - 12} more ranges` : ''}`;
}

/** A fact as it stands in a table: value or the reason why there is none. */
export function fact(f: Fact, style: 'regular' | 'mono' = 'regular'): Inline[] {
  if (f.value !== null) {
    const value: Span = { text: f.value, style };
    return f.reason === undefined ? [value] : [value, soft(` (${f.reason})`)];
  }
  return [
    { text: 'Not known', color: color.amber, style: 'bold' },
    soft(f.reason === undefined ? '' : `: ${f.reason}`),
  ];
}

const BASES: Record<Basis, string> = {
  observed: 'observed',
  logged: 'logged',
  'client-provided': 'client-provided',
  declared: 'declared',
  computed: 'computed',
};

/** Basis of a value and the exchanges behind it. */
export function basis(f: Fact): Inline[] {
  const cited = cite(f.citations);
  return [soft(BASES[f.basis]), ...(cited === '' ? [] : [soft(` · ${cited}`)])];
}
