/** What every page carries around its content: running head, page number, and the mark of a sample. All artifacts. */
import type { PdfDocument } from './document.ts';
import type { FontSet } from './font-set.ts';
import { textObject, type Page } from './page.ts';
import { num, ref, type ObjectId } from './syntax.ts';
import { A4, color, page as margins } from './theme.ts';

export interface Furniture {
  /** Left of the running head, e.g. the client. */
  headLeft: string;
  /** Right of the running head, e.g. the period. */
  headRight: string;
  /** Left of the foot, e.g. the pack id. */
  footLeft: string;
  /** Words across every page, e.g. SAMPLE — NOT EVIDENCE. */
  band: string | undefined;
}

const SIZE = 7.6;
const SHARED = { portrait: [A4.short, A4.long], landscape: [A4.long, A4.short] } as const;

/** The running head and the sample's mark, drawn once per page size. Gives resource entries. */
export function drawShared(
  doc: PdfDocument,
  furniture: Furniture,
  resources: ObjectId,
): { xObjects: string; states: string } {
  let xObjects = '';
  for (const [shape, [width, height]] of Object.entries(SHARED)) {
    const id = doc.file.reserve();
    const body = head(doc.fonts, furniture, width, height) + band(doc.fonts, furniture, width, height);
    const dict = `/Type/XObject/Subtype/Form/BBox[0 0 ${num(width)} ${num(height)}]/Resources ${ref(resources)}`;
    doc.file.putStream(id, dict, Buffer.from(body, 'latin1'));
    xObjects += `/${shape} ${ref(id)}`;
  }
  return { xObjects, states: '/Faint<</ca 0.09>>/Solid<</ca 1>>' };
}

/** The furniture of one page. */
export function drawFurniture(fonts: FontSet, furniture: Furniture, page: Page, total: number): Buffer {
  const shape = page.width < page.height ? 'portrait' : 'landscape';
  const y = margins.bottom - 26;
  const number = fonts.shape('regular', `Page ${page.index + 1} of ${total}`);
  const right = page.width - margins.right - (number.width * SIZE) / 1000;
  const foot = fit(fonts, furniture.footLeft, page.width - margins.left - margins.right - 90);
  return Buffer.from(
    `/Artifact<</Type/Pagination/Subtype/Header>>BDC q /${shape} Do Q EMC\n` +
      `/Artifact<</Type/Pagination/Subtype/Footer>>BDC\n` +
      `${color.hair} RG 0.5 w ${margins.left} ${num(y + 12)} m ${num(page.width - margins.right)} ${num(y + 12)} l S\n` +
      `${text(fonts, foot, margins.left, y, color.soft)}\n${text(fonts, `Page ${page.index + 1} of ${total}`, right, y, color.soft)}\nEMC`,
    'latin1',
  );
}

function head(fonts: FontSet, furniture: Furniture, width: number, height: number): string {
  const y = height - 44;
  const right = fonts.shape('regular', furniture.headRight);
  const rightWidth = (right.width * SIZE) / 1000;
  const left = fit(fonts, furniture.headLeft, width - margins.left - margins.right - rightWidth - 20);
  return (
    `${text(fonts, left, margins.left, y, color.soft)}\n` +
    `${text(fonts, furniture.headRight, width - margins.right - rightWidth, y, color.soft)}\n` +
    `${color.hair} RG 0.5 w ${margins.left} ${num(y - 7)} m ${num(width - margins.right)} ${num(y - 7)} l S\n`
  );
}

/** A solid band at the top edge and the words faintly across the page. */
function band(fonts: FontSet, furniture: Furniture, width: number, height: number): string {
  if (furniture.band === undefined) return '';
  const words = fonts.shape('bold', furniture.band);
  const small = (words.width * 9) / 1000;
  const size = 58;
  const half = (words.width * size) / 2000;
  const angle = width < height ? 0.96 : 0.61;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const x = width / 2 - half * c + size * 0.33 * s;
  const y = height / 2 - half * s - size * 0.33 * c;
  const matrix = [c, s, -s, c].map((v) => v.toFixed(4)).join(' ');
  return (
    `${color.band} rg 0 ${num(height - 20)} ${num(width)} 20 re f\n` +
    `${textObject(`/~ 9 Tf 1 1 1 rg 1 0 0 1 ${num((width - small) / 2)} ${num(height - 13.4)} Tm`, words.segments)}\n` +
    `/Faint gs ${textObject(`/~ ${size} Tf ${color.band} rg ${matrix} ${num(x)} ${num(y)} Tm`, words.segments)} /Solid gs\n`
  );
}

function text(fonts: FontSet, words: string, x: number, y: number, fill: string): string {
  const { segments } = fonts.shape('regular', words);
  return textObject(`/~ ${SIZE} Tf ${fill} rg 1 0 0 1 ${num(x)} ${num(y)} Tm`, segments);
}

/** Shortens a text to a width, with an ellipsis. */
function fit(fonts: FontSet, words: string, width: number): string {
  if ((fonts.shape('regular', words).width * SIZE) / 1000 <= width) return words;
  const chars = [...words];
  let used = (fonts.shape('regular', '…').width * SIZE) / 1000;
  let count = 0;
  for (const char of chars) {
    used += (fonts.shape('regular', char).width * SIZE) / 1000;
    if (used > width) break;
    count++;
  }
  return `${chars.slice(0, count).join('')}…`;
}
