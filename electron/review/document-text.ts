import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { GivenFile } from './attachments.ts';

/** Words of a document; null with the reason when they cannot be read. */
export interface DocumentText {
  mediaType: string;
  words: string | null;
  unreadable: string | null;
}

/** Longest text kept for the tests: far above any procedure. */
const MOST_CHARACTERS = 2_000_000;

/** Reads the words of a PDF, a DOCX, or a text (Markdown). A scan has none: that is said, not guessed. */
export async function documentText(file: GivenFile): Promise<DocumentText> {
  const bytes = Buffer.from(file.bytes);
  const mediaType = mediaTypeOf(bytes, file.name);
  if (mediaType === null) {
    return {
      mediaType: 'application/octet-stream',
      words: null,
      unreadable: 'it is no PDF, DOCX, Markdown or text file',
    };
  }
  try {
    const words = (await READERS[mediaType](bytes)).replaceAll('\u0000', '').trim();
    if (words === '')
      return { mediaType, words: null, unreadable: 'it holds no text: a scan shows pictures of words only' };
    return { mediaType, words: words.slice(0, MOST_CHARACTERS), unreadable: null };
  } catch (error) {
    return { mediaType, words: null, unreadable: `it cannot be read (${(error as Error).message})` };
  }
}

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const READERS = {
  'application/pdf': pdfText,
  [DOCX]: docxText,
  'text/markdown': (bytes: Buffer) => Promise.resolve(bytes.toString('utf8')),
  'text/plain': (bytes: Buffer) => Promise.resolve(bytes.toString('utf8')),
} as const;

function mediaTypeOf(bytes: Buffer, name: string): keyof typeof READERS | null {
  // A PDF may begin with other bytes (ISO 32000-1, annex H.3, note 13).
  if (bytes.subarray(0, 1024).includes('%PDF-')) return 'application/pdf';
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) return /\.docx$/i.test(name) ? DOCX : null;
  if (bytes.includes(0)) return null;
  return /\.(md|markdown)$/i.test(name) ? 'text/markdown' : 'text/plain';
}

async function docxText(bytes: Buffer): Promise<string> {
  const { default: mammoth } = await import('mammoth');
  return (await mammoth.extractRawText({ buffer: bytes })).value;
}

/** The text of a PDF, page by page. */
export async function pdfText(bytes: Buffer): Promise<string> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const task = getDocument({
    data: new Uint8Array(bytes),
    // A document given by somebody else: nothing in it runs, and nothing is fetched for it.
    ...{ isEvalSupported: false, useSystemFonts: false, disableFontFace: true, verbosity: 0 },
    standardFontDataUrl: `${join(folder, 'standard_fonts')}/`,
    cMapUrl: `${join(folder, 'cmaps')}/`,
  });
  try {
    const pdf = await task.promise;
    const pages: string[] = [];
    for (let n = 1; n <= pdf.numPages; n += 1) {
      const page = await pdf.getPage(n);
      const { items } = await page.getTextContent();
      pages.push(
        items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ' '}` : '')).join(''),
      );
      page.cleanup();
    }
    return pages.join('\n');
  } finally {
    await task.destroy();
  }
}
