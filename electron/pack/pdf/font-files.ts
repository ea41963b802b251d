/** Where the report's fonts are, and which font is asked when another lacks a character. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** How text may look. */
export type TextStyle = 'regular' | 'bold' | 'light' | 'mono';

const require = createRequire(import.meta.url);
const packaged = (path: string) => (): string => require.resolve(path);
const own = (file: string) => (): string => fileURLToPath(new URL(`../fonts/${file}`, import.meta.url));

/** Font files by the name used in the chains; read only when a character needs them. */
export const FONT_FILES = {
  sans: packaged('@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf'),
  sansBold: packaged('@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf'),
  sansLight: packaged('@expo-google-fonts/source-sans-3/300Light/SourceSans3_300Light.ttf'),
  mono: packaged('@expo-google-fonts/source-code-pro/400Regular/SourceCodePro_400Regular.ttf'),
  wide: packaged('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  wideBold: packaged('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  cjk: own('droid-sans-fallback.ttf'),
} as const;

export type FontName = keyof typeof FONT_FILES;

/**
 * Latin, Greek and Cyrillic come from the first font; `wide` adds Hebrew, Arabic, Armenian, Georgian and symbols;
 * `cjk` adds Chinese, Japanese and Korean. What none has is shown by its code point.
 */
export const CHAINS: Record<TextStyle, readonly FontName[]> = {
  regular: ['sans', 'wide', 'cjk'],
  bold: ['sansBold', 'wideBold', 'cjk'],
  light: ['sansLight', 'wide', 'cjk'],
  mono: ['mono', 'wide', 'cjk'],
};

/** Fonts whose letter pairs are kerned. */
export const KERNED: ReadonlySet<FontName> = new Set(['sans', 'sansBold', 'sansLight']);
