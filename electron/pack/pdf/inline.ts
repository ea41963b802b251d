/** Text with formats, as every block takes it. */
import type { TextStyle } from './font-files.ts';
import type { Color } from './theme.ts';

/** A small sign drawn before a word, so that no meaning rests on colour alone. */
export type Mark = 'check' | 'triangle' | 'diamond' | 'square' | 'ring' | 'dash';

/** A stretch of text in one format. */
export interface Span {
  text: string;
  style?: TextStyle;
  color?: Color;
  /** Name of the anchor this text leads to. */
  link?: string;
  /** Name of the anchor whose page number is printed after the text, known only when the document ends. */
  pageOf?: string;
  /** Sign drawn before the text, in the text's colour. */
  mark?: Mark;
}

export type Inline = string | Span;

/** What a block accepts as text. */
export type Text = Inline | readonly Inline[];

/** The list form. */
export function inlines(text: Text): readonly Inline[] {
  return typeof text === 'string' || !Array.isArray(text) ? [text as Inline] : (text as readonly Inline[]);
}

/** The characters alone, for alternative texts. */
export function plainText(text: Text): string {
  return inlines(text)
    .map((i) => (typeof i === 'string' ? i : i.text))
    .join('');
}
