/**
 * A small seeded generator. Every key, person and id draws from its own stream, named by words, so that adding one
 * thing to the sample company does not change any other.
 */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [0, max). */
  int(max: number): number;
  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** Upper-case letters and digits as in AWS unique ids. */
  upper(length: number): string;
  /** Version 4 shape. */
  uuid(): string;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** 128 bits from text (four interleaved multiplicative hashes, with a final mix of each). */
function seedOf(text: string): [number, number, number, number] {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  let c = 0xc2b2ae35;
  let d = 0x27d4eb2f;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b + code, 0x5bd1e995) ^ (a >>> 15);
    c = Math.imul(c ^ (b + code), 0x2545f491);
    d = Math.imul(d + (c >>> 13), 0x165667b1) ^ code;
  }
  const mix = (h: number): number => {
    h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
    h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
    return (h ^ (h >>> 16)) >>> 0;
  };
  return [mix(a ^ d), mix(b ^ a), mix(c ^ b), mix(d ^ c)];
}

/** The stream named by these words (sfc32; period about 2^128, 32 bits a step). */
export function randomFor(...words: (string | number)[]): Random {
  let [a, b, c, counter] = seedOf(words.join('\u0000'));
  const step = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) step();
  const word = (): string => {
    const n = step();
    return HEX[n >>> 24]! + HEX[(n >>> 16) & 255]! + HEX[(n >>> 8) & 255]! + HEX[n & 255]!;
  };
  const int = (max: number): number => Math.floor((step() / 0x1_0000_0000) * max);
  return {
    next: () => step() / 0x1_0000_0000,
    int,
    pick: (list) => {
      const item = list[int(list.length)];
      if (item === undefined) throw new RangeError('cannot pick from a list: it is empty');
      return item;
    },
    hex(digits) {
      let text = '';
      while (text.length < digits) text += word();
      return text.slice(0, digits);
    },
    upper(length) {
      let text = '';
      for (let i = 0; i < length; i++) text += UPPER[step() >>> 27]!;
      return text;
    },
    uuid() {
      const w1 = word();
      const w2 = word();
      const w3 = word();
      const w4 = word();
      const variant = '89ab'[step() >>> 30]!;
      return `${w1}-${w2.slice(0, 4)}-4${w2.slice(5)}-${variant}${w3.slice(1, 4)}-${w3.slice(4)}${w4}`;
    },
  };
}
