import type { CardFacts, CardResponse } from './card-facts.ts';

/** Width of every card. CSS pixels. */
export const CARD_WIDTH = 1160;

const ROW = 21;
const RESPONSE_ROW = 19;
const TOP = 104;
const INK = 'fill="#1c2731"';
const SOFT = 'fill="#55626d"';
const MONO = `font-family="'DejaVu Sans Mono', Consolas, Menlo, monospace"`;

/** Left edges of the columns of responses. */
const COLUMNS = { operation: 28, status: 190, at: 318, entry: 458, requestId: 516, sha256: 772 } as const;

/** Height of a card: as many lines as it has responses. */
export function cardHeight(facts: CardFacts): number {
  return TOP + facts.rows.length * ROW + 44 + Math.max(1, facts.responses.length) * RESPONSE_ROW + 24;
}

/**
 * Draws one card as a group of SVG elements, `top` pixels down. It says that it is made from API responses and is no
 * screenshot of a console. The same facts give the same bytes.
 */
export function drawCard(facts: CardFacts, top: number): string {
  const height = cardHeight(facts);
  const heads = TOP + facts.rows.length * ROW + 20;
  return [
    `<g transform="translate(0 ${top})">`,
    `<rect x="8" y="8" width="${CARD_WIDTH - 16}" height="${height - 16}" rx="6" fill="#fff" stroke="#14506b"/>`,
    `<rect x="8" y="8" width="${CARD_WIDTH - 16}" height="5" fill="#14506b"/>`,
    text(28, 44, shortened(facts.title, 70), `font-size="21" font-weight="600" fill="#14506b"`),
    text(28, 66, facts.key, `font-size="11.5" ${MONO} ${SOFT}`),
    ...rightColumn(facts),
    ...facts.rows.flatMap(([label, value], i) => {
      const weight = label === 'Rotation status' || label === 'Key id' ? ' font-weight="600"' : '';
      return [
        text(28, TOP + i * ROW, label, SOFT),
        text(190, TOP + i * ROW, shortened(value, 125), `${INK}${weight}`),
      ];
    }),
    `<line x1="28" x2="${CARD_WIDTH - 28}" y1="${heads - 16}" y2="${heads - 16}" stroke="#cbd3d9"/>`,
    ...responseHeads(heads),
    ...facts.responses.flatMap((response, i) => responseLine(response, heads + (i + 1) * RESPONSE_ROW)),
    ...(facts.responses.length === 0
      ? [text(28, heads + RESPONSE_ROW, 'No response concerns this key alone.', SOFT)]
      : []),
    '</g>',
  ].join('\n');
}

function rightColumn(facts: CardFacts): string[] {
  const right = (y: number, value: string, attributes: string) =>
    text(CARD_WIDTH - 28, y, value, `text-anchor="end" ${attributes}`);
  return [
    right(44, facts.at === null ? 'no response' : `as of ${utc(facts.at)}`, `font-size="15" ${INK}`),
    right(
      66,
      'Rendered from API responses, not a console screenshot',
      'font-size="12" font-weight="600" fill="#8a5a00"',
    ),
    right(
      84,
      shortened(`${facts.client}, ${facts.period}, collected by ${facts.operator}`, 90),
      `font-size="12" ${SOFT}`,
    ),
    ...(facts.sample ? [right(102, 'SAMPLE — NOT EVIDENCE', 'font-weight="700" fill="#b3261e"')] : []),
  ];
}

function responseHeads(y: number): string[] {
  const titles: Record<keyof typeof COLUMNS, string> = {
    operation: 'Response',
    status: 'Status',
    at: 'Time (UTC)',
    entry: 'Entry',
    requestId: 'Request id',
    sha256: 'SHA-256 of the body',
  };
  return (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).map((column) =>
    text(COLUMNS[column], y, titles[column], `font-size="11.5" font-weight="600" ${SOFT}`),
  );
}

function responseLine(response: CardResponse, y: number): string[] {
  const plain = (x: number, value: string) => text(x, y, value, `font-size="11.5" ${INK}`);
  const code = (x: number, value: string | null, size = 9.8) =>
    text(x, y, value ?? 'none', `font-size="${size}" ${value === null ? SOFT : `${MONO} ${INK}`}`);
  return [
    plain(COLUMNS.operation, shortened(response.operation, 26)),
    plain(COLUMNS.status, shortened(response.status, 21)),
    plain(COLUMNS.at, response.at === null ? 'not asked' : utc(response.at).replace(' UTC', '')),
    plain(COLUMNS.entry, response.entry === null ? '' : String(response.entry)),
    code(COLUMNS.requestId, response.requestId && shortened(response.requestId, 42)),
    code(COLUMNS.sha256, response.sha256, 9.2),
  ];
}

/** `2026-07-02 09:14:05 UTC`. */
function utc(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

function text(x: number, y: number, value: string, attributes: string): string {
  const escaped = value
    .toWellFormed()
    .replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
  // eslint-disable-next-line no-control-regex -- control characters and these two are not allowed in XML 1.0
  return `<text x="${x}" y="${y}" ${attributes}>${escaped.replace(/[\u0000-\u001f\ufffe\uffff]/g, ' ')}</text>`;
}

function shortened(value: string, most: number): string {
  const characters = [...value];
  if (characters.length <= most) return value;
  const half = Math.floor((most - 1) / 2);
  return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}
