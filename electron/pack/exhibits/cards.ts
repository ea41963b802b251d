import type { ReadableDb } from '../../../db/handle.ts';
import { cardKeys, cardReader, type CardFacts, type CardKey } from '../cards/card-facts.ts';
import { CARD_WIDTH, cardHeight, drawCard } from '../cards/draw-card.ts';
import type { PackFile } from '../files/pack-file.ts';

/** Folder budget: with more keys than this, several cards share a sheet, one below the other. */
const MOST_FILES = 200;

/**
 * One dated picture per key, made from the recorded exchanges and marked so: a picture of answers, not a screenshot of a
 * console. SVG: the same bytes for the same ledger, readable in any browser.
 */
export function cardFiles(db: ReadableDb, snapshot: string): PackFile[] {
  const keys = cardKeys(db, snapshot);
  const perSheet = Math.max(1, Math.ceil(keys.length / MOST_FILES));
  const names = new Set<string>();
  const files: PackFile[] = [];
  for (let from = 0; from < keys.length; from += perSheet) {
    const members = keys.slice(from, from + perSheet);
    files.push({
      path: `data/1-key-configuration/cards/${cardName(members, files.length + 1, names)}.svg`,
      content: () => {
        const read = cardReader(db, snapshot);
        return sheet(members.map((key) => read(key.id)));
      },
    });
  }
  return files;
}

/** The card of one key as SVG: the very picture that the pack holds. */
export const cardOf = (db: ReadableDb, snapshot: string, key: string): string =>
  sheet([cardReader(db, snapshot)(key)]);

/** File name of a sheet, unique among `taken` whatever a provider allows in names. */
function cardName(members: readonly CardKey[], n: number, taken: Set<string>): string {
  const number = String(n).padStart(4, '0');
  const [only] = members;
  const safe = [only!.account, only!.region, only!.native_id]
    .map((part) => part.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, ''))
    .filter(Boolean)
    .join('_')
    .slice(0, 120);
  const name =
    members.length > 1 ? `sheet-${number}` : taken.has(safe.toLowerCase()) ? `${safe}_${number}` : safe;
  taken.add(name.toLowerCase());
  return name;
}

/** One SVG picture of one or more cards. */
function sheet(cards: readonly CardFacts[]): string {
  let height = 0;
  const drawn = cards.map((facts) => {
    const card = drawCard(facts, height);
    height += cardHeight(facts);
    return card;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${height}" viewBox="0 0 ${CARD_WIDTH} ${height}" font-family="'Source Sans 3', 'Noto Sans', 'Segoe UI', Arial, sans-serif" font-size="14">`,
    `<title>Key configuration rendered from API responses, not a console screenshot</title>`,
    `<rect width="${CARD_WIDTH}" height="${height}" fill="#f2f4f5"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}
