import type { Instant } from '../company/types.ts';

/** Cheap building blocks of event text. These run several times per event, so they are tables and integer arithmetic. */

const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
const HEX4 = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'));
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A 32-bit permutation without visible structure (every input bit affects every output bit). */
export function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** UUID of version 4 shape from four words. */
export function uuidOf(a: number, b: number, c: number, d: number): string {
  return `${HEX4[a >>> 16]!}${HEX4[a & 65535]!}-${HEX4[b >>> 16]!}-${HEX4[(b & 0x0fff) | 0x4000]!}-${HEX4[((c >>> 16) & 0x3fff) | 0x8000]!}-${HEX4[c & 65535]!}${HEX4[d >>> 16]!}${HEX4[d & 65535]!}`;
}

/** 16 upper-case characters from three words: the shape of S3 request ids and of the random part of access key ids. */
export function upper16(a: number, b: number, c: number): string {
  let text = '';
  for (const word of [a, b, c]) {
    for (let shift = 0; shift < 30 && text.length < 16; shift += 5) text += BASE32[(word >>> shift) & 31]!;
  }
  return text;
}

/** 16 letters and digits from three words: the random part of log file names. */
export function mixed16(a: number, b: number, c: number): string {
  let text = '';
  for (const word of [a, b, c]) {
    let rest = word;
    for (let i = 0; i < 6 && text.length < 16; i++, rest = Math.floor(rest / 62))
      text += ALPHANUMERIC[rest % 62]!;
  }
  return text;
}

let dayNumber = NaN;
let dayText = '';

/** `2026-06-30T12:34:56Z`: CloudTrail times are whole seconds, UTC. */
export function secondText(at: Instant): string {
  const seconds = Math.floor(at / 1000);
  const day = Math.floor(seconds / 86_400);
  if (day !== dayNumber) {
    dayNumber = day;
    dayText = `${new Date(day * 86_400_000).toISOString().slice(0, 10)}T`;
  }
  const rest = seconds - day * 86_400;
  const hour = Math.floor(rest / 3600);
  const minute = Math.floor((rest - hour * 3600) / 60);
  return `${dayText}${TWO[hour]!}:${TWO[minute]!}:${TWO[rest % 60]!}Z`;
}

/** `20260630T1234Z`, as in log file names; with seconds as in digest file names: `20260630T123456Z`. */
export function compactTime(at: Instant, withSeconds: boolean): string {
  const digits = new Date(at).toISOString().replace(/[-:]/g, '');
  return `${digits.slice(0, withSeconds ? 15 : 13)}Z`;
}

/** `2026/06/30`, as in the folders of the log bucket. */
export const datePath = (at: Instant): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '/');
