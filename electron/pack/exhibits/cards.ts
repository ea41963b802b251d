import type { ReadableDb } from '../../../db/handle.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import type { PackFile } from '../files/pack-file.ts';

/** Folder budget: beyond this many keys, several cards share a sheet. */
const MOST_FILES = 200;
/** Cards on one sheet, one below the other. */
const MOST_CARDS_A_SHEET = 50;
const CARD = { width: 960, height: 420 };

/** What every card says about where it comes from. */
export interface CardContext {
  client: string;
  operator: string;
  sample: boolean;
}

interface KeyRow {
  id: string;
  native_id: string;
  account: string;
  region: string;
  state: string | null;
  algorithm: string | null;
  origin: string | null;
  created: string | null;
  rotation_enabled: number | null;
  rotation_support: string | null;
  rotation_support_why: string | null;
  rotation_period_days: number | null;
  last_rotation: string | null;
  next_rotation: string | null;
  aliases: string | null;
}

/**
 * One dated picture per key, made from the recorded exchanges and marked so: a picture of answers, not a screenshot of a
 * console. SVG: the same bytes for the same ledger, readable in any browser.
 */
export function cardFiles(db: ReadableDb, snapshot: string, context: CardContext): PackFile[] {
  const keys = db
    .prepare<[string], KeyRow>(
      `SELECT k.id, k.native_id, k.account, k.region, k.state, k.algorithm, k.origin, k.created, k.rotation_enabled,
              k.rotation_support, k.rotation_support_why, k.rotation_period_days, k.last_rotation, k.next_rotation,
              (SELECT group_concat(name, ', ') FROM key_alias a WHERE a.snapshot = k.snapshot AND a.key = k.id) AS aliases
         FROM key k WHERE k.snapshot = ? AND k.belongs = 'inventory' ORDER BY k.id`,
    )
    .all(snapshot);
  const perSheet = Math.min(MOST_CARDS_A_SHEET, Math.max(1, Math.ceil(keys.length / MOST_FILES)));
  const files: PackFile[] = [];
  for (let from = 0; from < keys.length && files.length < MOST_FILES; from += perSheet) {
    const members = keys.slice(from, from + perSheet);
    files.push({
      path: cardPath(members, files.length),
      content: () => sheet(db, snapshot, members, context),
    });
  }
  return files;
}

function cardPath(members: readonly KeyRow[], n: number): string {
  const [only] = members;
  const name =
    members.length === 1
      ? `${only!.account}_${only!.region}_${only!.native_id.replace(/[^A-Za-z0-9-]+/g, '-')}`
      : `sheet-${String(n + 1).padStart(4, '0')}`;
  return `data/1-key-configuration/cards/${name}.svg`;
}

function sheet(db: ReadableDb, snapshot: string, keys: readonly KeyRow[], context: CardContext): string {
  const height = CARD.height * keys.length;
  const cards = keys.map((key, i) => card(db, snapshot, key, context, i * CARD.height)).join('\n');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD.width}" height="${height}" viewBox="0 0 ${CARD.width} ${height}" font-family="'Noto Sans', 'Segoe UI', Arial, sans-serif" font-size="14">`,
    `<title>Key configuration rendered from API responses</title>`,
    cards,
    '</svg>',
    '',
  ].join('\n');
}

function card(db: ReadableDb, snapshot: string, key: KeyRow, context: CardContext, top: number): string {
  const answers = db
    .prepare<[string, string], { op: string; status: string; code: string | null; seq: number | null }>(
      'SELECT op, status, code, seq FROM key_answer WHERE snapshot = ? AND key = ? ORDER BY op',
    )
    .all(snapshot, key.id);
  const facts: [string, string][] = [
    ['Key id', key.native_id],
    ['Alias', key.aliases ?? 'none recorded'],
    ['Account, region', `${key.account}, ${key.region}`],
    ['State', key.state ?? 'not known'],
    ['Algorithm', key.algorithm ?? 'not known'],
    ['Origin', key.origin ?? 'not known'],
    ['Created', key.created ?? 'not known'],
    ['Rotation status', rotationText(key, answers)],
    ['Rotation period', key.rotation_period_days === null ? 'not given' : `${key.rotation_period_days} days`],
    ['Last rotation', key.last_rotation ?? 'none recorded'],
    ['Next rotation', key.next_rotation ?? 'not given'],
  ];
  const lines = [
    `<g transform="translate(0 ${top})">`,
    `<rect x="8" y="8" width="${CARD.width - 16}" height="${CARD.height - 16}" rx="6" fill="#fff" stroke="#33415c"/>`,
    text(
      28,
      40,
      key.aliases?.split(', ')[0] ?? key.native_id,
      'font-size="20" font-weight="600" fill="#14213d"',
    ),
    text(
      28,
      62,
      `${context.client} · rendered from API responses, not a console screenshot · operator ${context.operator}`,
      'font-size="12" fill="#5c677d"',
    ),
    ...facts.flatMap(([label, value], i) => [
      text(28, 92 + i * 22, label, 'fill="#5c677d"'),
      text(170, 92 + i * 22, shortened(value, 62), 'fill="#14213d"'),
    ]),
    text(620, 92, 'Responses', 'fill="#5c677d" font-weight="600"'),
    ...answers.slice(0, 9).flatMap((answer, i) => responseLines(db, answer, 112 + i * 30)),
    ...(context.sample
      ? [
          text(
            CARD.width - 28,
            40,
            'SAMPLE — NOT EVIDENCE',
            'text-anchor="end" font-weight="700" fill="#9d0208"',
          ),
        ]
      : []),
    '</g>',
  ];
  return lines.join('\n');
}

function responseLines(
  db: ReadableDb,
  answer: { op: string; status: string; code: string | null; seq: number | null },
  y: number,
): string[] {
  const entry = answer.seq === null ? undefined : readEntry(db, answer.seq);
  const exchange = entry?.kind === 'exchange' ? entry.facts : null;
  const detail = entry
    ? `entry ${entry.seq} · ${exchange?.end ?? entry.at} · ${exchange?.requestId ?? 'no request id'} · SHA-256 ${(entry.values.body ?? '').slice(0, 12)}…`
    : 'not asked';
  const status = answer.code ? `${answer.status} (${answer.code})` : answer.status;
  return [
    text(620, y, `${answer.op.split('.').at(-1)}: ${status}`, 'font-size="12" fill="#14213d"'),
    text(620, y + 13, shortened(detail, 66), 'font-size="9.5" fill="#5c677d"'),
  ];
}

function rotationText(
  key: KeyRow,
  answers: readonly { op: string; status: string; code: string | null }[],
): string {
  if (key.rotation_enabled === 1) return 'automatic rotation enabled';
  if (key.rotation_enabled === 0) return 'automatic rotation not enabled';
  const status = answers.find((a) => a.op === 'GetKeyRotationStatus');
  if (
    status &&
    status.status !== 'ok' &&
    status.status !== 'not-applicable' &&
    status.status !== 'not-asked'
  ) {
    return `not known: ${status.status}${status.code ? ` (${status.code})` : ''}`;
  }
  return key.rotation_support_why ?? key.rotation_support ?? 'not known';
}

function text(x: number, y: number, value: string, attributes: string): string {
  const escaped = value.replace(
    /[&<>"]/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!,
  );
  // eslint-disable-next-line no-control-regex -- control characters are not allowed in XML 1.0
  return `<text x="${x}" y="${y}" ${attributes}>${escaped.replace(/[\u0000-\u001f]/g, ' ')}</text>`;
}

function shortened(value: string, most: number): string {
  if (value.length <= most) return value;
  const half = Math.floor((most - 1) / 2);
  return `${value.slice(0, half)}…${value.slice(-half)}`;
}
