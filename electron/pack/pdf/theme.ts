/** Measures and colours of the report. Points; colours are DeviceRGB operands. All text colours reach 4.5:1 on white. */

/** Three operands of `rg` or `RG`. */
export type Color = string;

const rgb = (hex: string): Color =>
  [1, 3, 5].map((i) => (parseInt(hex.slice(i, i + 2), 16) / 255).toFixed(3).replace(/\.?0+$/, '')).join(' ');

export const color = {
  ink: rgb('#1C2731'),
  soft: rgb('#55626D'),
  accent: rgb('#14506B'),
  accentPale: rgb('#E6EFF3'),
  accentMid: rgb('#7FA8BA'),
  rule: rgb('#CBD3D9'),
  hair: rgb('#E3E8EB'),
  zebra: rgb('#F6F8F9'),
  white: '1 1 1',
  green: rgb('#1F6F4A'),
  red: rgb('#A8261D'),
  redPale: rgb('#FBEDEB'),
  amber: rgb('#8A5A00'),
  amberPale: rgb('#FBF3E2'),
  violet: rgb('#54458F'),
  violetPale: rgb('#F0EEF8'),
  grey: rgb('#6A757E'),
  band: rgb('#B3261E'),
} as const;

export const A4 = { short: 595.28, long: 841.89 } as const;

export const page = { left: 62, right: 62, top: 74, bottom: 62 } as const;

/** Type sizes and the distance between lines. */
export const type = {
  title: { size: 27, lead: 32 },
  h1: { size: 20, lead: 25 },
  h2: { size: 13.5, lead: 18 },
  h3: { size: 10.5, lead: 14 },
  body: { size: 9.5, lead: 13.4 },
  table: { size: 8.2, lead: 10.8 },
  small: { size: 7.6, lead: 10.2 },
  figure: { size: 24, lead: 28 },
} as const;

export type TypeSize = { size: number; lead: number };

/** Monospace letters look larger than the text around them. */
export const MONO_SCALE = 0.9;
