import { currentEngagement } from '../engagement/current.ts';
import type { ReadableDb } from '../../db/handle.ts';
import { PdfDocument } from '../pack/pdf/document.ts';
import { Flow } from '../pack/pdf/flow.ts';
import { keyValues, table } from '../pack/pdf/table.ts';
import type { Text } from '../pack/pdf/inline.ts';
import { count, mono, soft } from '../pack/pdf/report/words.ts';
import { SAMPLE_MARK } from '../pack/pdf/render-report.ts';
import { VERSION } from '../engine/version.ts';
import { decisionsHash, type Review } from './review.ts';

/** What an addendum closes. */
export interface AddendumLine {
  item: string;
  on: string;
  note: string;
  evidence: string | null;
  exchange: number | null;
}

const NAMES = {
  access: 'Access',
  rotation: 'Rotation',
  logging: 'Logging',
  exception: 'Configuration exceptions',
} as const;
type Kind = keyof typeof NAMES;

/**
 * The record of a review as a PDF without a signature: who, when, over which population, and every decision. Equal reviews
 * at one time give equal bytes.
 *
 * @param now the record's own time.
 */
export function reviewPdf(db: ReadableDb, review: Review, now: Date): Uint8Array {
  const { opened, items, id } = review;
  const { value } = opened;
  const flow = start(
    db,
    `Annual access and configuration review ${id}`,
    value.reviewer.name,
    `${value.population} ${id}`,
    now,
  );
  flow.heading(1, 'Annual access and configuration review', { anchor: 'review' });
  keyValues(flow, [
    ['Client', currentEngagement(db).client],
    ['Reviewer', `${value.reviewer.name}, ${value.reviewer.role}`],
    ['Date of this record', `${now.toISOString().slice(0, 10)} (UTC)`],
    ['Review', `${id} of snapshot ${value.snapshot}, opened ${opened.at.slice(0, 10)}`],
    ['Previous review', value.previous ? `signed ${value.previous.signedAt}` : soft('none on record')],
    ['Population', [`${count(value.items)} items, SHA-256 `, mono(value.population)]],
    ['Decisions', [`decisions.csv, SHA-256 `, mono(decisionsHash(review))]],
  ]);
  table(flow, {
    caption: 'Decisions by kind',
    columns: [
      { title: 'Kind', names: true },
      { title: 'Decision' },
      { title: 'Items', align: 'right', width: 60 },
    ],
    rows: tally(review),
  });
  const numbers = numbered(items.map(({ subject }) => subject));
  if (value.notIndependent.length > 0) {
    const as = [...Map.groupBy(value.notIndependent, (found) => found.as)].map(
      ([who, keys]) => `as ${who}: ${ranges(keys.map(({ key }) => numbers.get(key) ?? 0))}`,
    );
    flow.callout(
      'warning',
      'The reviewer administers keys under review',
      `${value.reviewer.name} administers ${count(value.notIndependent.length)} of the reviewed keys, by their numbers below: ${as.join('; ')}.`,
    );
  }
  flow.paragraph(
    'Items that show the same and were decided alike in one act stand together. An act is named by its ledger entry. Keys stand by their numbers, which the last section tells; each item stands by its own id in decisions.csv.',
  );
  const acts = bulkActs(review);
  if (acts.size > 0) {
    table(flow, {
      caption: 'Acts that decided about several items',
      columns: [
        { title: 'Act', align: 'right', width: 48 },
        { title: 'Decision and reason', names: true },
        { title: 'Items', align: 'right', width: 60 },
      ],
      rows: [...acts].map(([seq, act]): Text[] => [String(seq), act.text, count(act.items)]),
    });
  }
  for (const kind of Object.keys(NAMES) as Kind[]) {
    const rows = items.filter((item) => item.kind === kind);
    if (rows.length === 0) continue;
    flow.heading(2, NAMES[kind], { anchor: `kind-${kind}` });
    table(flow, {
      columns: [
        ...(OF[kind] === '' ? [] : [{ title: OF[kind], names: true, max: 165 }]),
        { title: 'What was looked at' },
        { title: 'Decision', max: 120 },
        { title: kind === 'logging' ? 'Places' : 'Keys', max: 110 },
      ],
      rows: groupsOf(rows, acts).map(({ of, shows, decision, lastYear, subjects }): Text[] => [
        ...(OF[kind] === '' ? [] : [of]),
        excerpt(shows),
        [decision, ...(lastYear === null ? [] : [soft(` Last year: ${lastYear}`)])],
        `${ranges(subjects.map((subject) => numbers.get(subject)!))} (${count(subjects.length)})`,
      ]),
    });
  }
  flow.heading(2, 'Signature', { anchor: 'signature' });
  flow.paragraph(
    `By signing this file, ${value.reviewer.name} (${value.reviewer.role}) confirms to have reviewed the population named above and to have made these decisions. The signature is in the file; any reader that checks PDF signatures shows it.`,
  );
  flow.heading(2, 'Keys and places by their numbers', { anchor: 'subjects' });
  table(flow, {
    columns: [
      { title: 'Number', align: 'right', width: 48 },
      { title: 'Key or place', names: true },
    ],
    rows: [...numbers].map(([subject, number]): Text[] => [String(number), mono(subject)]),
  });
  return flow.doc.finish();
}

/** What an item is of, besides its key; empty where it is of nothing else. */
const OF: Record<Kind, string> = { access: 'Principal', rotation: '', logging: '', exception: 'Test' };

/** Longest text of what was looked at; the whole of it is in decisions.csv. */
const MOST_SHOWN = 420;
const excerpt = (text: string): string =>
  text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)} … (whole in decisions.csv)`;

/** Numbers from 1, in the order of first mention. */
function numbered(subjects: Iterable<string>): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const subject of subjects) if (!numbers.has(subject)) numbers.set(subject, numbers.size + 1);
  return numbers;
}

/** `1–14, 18`: numbers as ranges. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length;) {
    let end = i;
    while (sorted[end + 1] === sorted[end]! + 1) end += 1;
    parts.push(end === i ? String(sorted[i]) : `${sorted[i]}–${sorted[end]}`);
    i = end + 1;
  }
  return parts.join(', ');
}

interface DecisionGroup {
  of: string;
  shows: string;
  decision: string;
  lastYear: string | null;
  subjects: string[];
}

/** Items that say the same and were decided alike, in the order of the population. */
function groupsOf(
  items: readonly Review['items'][number][],
  acts: ReadonlyMap<number, unknown>,
): DecisionGroup[] {
  const groups = new Map<string, DecisionGroup>();
  for (const item of items) {
    const { decided } = item;
    const decision =
      decided && acts.has(decided.seq) ? `${decided.decision}, act ${decided.seq}` : decisionText(item);
    const { of, shows, lastYear, subject } = item;
    const id = JSON.stringify([of, shows, decision, lastYear, item.decided?.seq ?? null]);
    const group = groups.get(id);
    if (group) group.subjects.push(subject);
    else groups.set(id, { of, shows, decision, lastYear, subjects: [subject] });
  }
  return [...groups.values()];
}

/** What was decided, with its reasons. */
function decisionText({ decided }: Pick<Review['items'][number], 'decided'>): string {
  if (!decided) return 'undecided';
  const { remediation, owner, due, comment, bulkReason } = decided;
  return [
    decided.decision,
    ...(remediation === null ? [] : [`${remediation} (${owner}, due ${due})`]),
    ...(comment === null ? [] : [comment]),
    ...(bulkReason === null ? [] : [`in bulk: ${bulkReason}`]),
  ].join('. ');
}

/** Acts that decided about several items at once, by ledger entry. */
function bulkActs({ items }: Review): Map<number, { text: string; items: number }> {
  const acts = new Map<number, { text: string; items: number }>();
  for (const item of items) {
    if (!item.decided) continue;
    const act = acts.get(item.decided.seq) ?? { text: decisionText(item), items: 0 };
    acts.set(item.decided.seq, act);
    act.items += 1;
  }
  return new Map([...acts].filter(([, act]) => act.items > 1));
}

function tally({ items }: Review): Text[][] {
  const groups = Map.groupBy(items, ({ kind, decided }) => `${kind}\n${decided?.decision ?? 'undecided'}`);
  return [...groups].map(([id, members]) => {
    const [kind, decision] = id.split('\n') as [Kind, string];
    return [NAMES[kind], decision, count(members.length)];
  });
}

/** An addendum to a signed review: what was remedied since, and what shows it. */
export function addendumPdf(
  db: ReadableDb,
  review: Review,
  lines: readonly AddendumLine[],
  now: Date,
): Uint8Array {
  const { opened, id, signed } = review;
  const flow = start(
    db,
    `Addendum to review ${id}`,
    opened.value.reviewer.name,
    `${signed!.value.attachment} ${lines.length}`,
    now,
  );
  flow.heading(1, `Addendum to the review ${id}`, { anchor: 'addendum' });
  keyValues(flow, [
    ['Client', currentEngagement(db).client],
    ['Reviewer', `${opened.value.reviewer.name}, ${opened.value.reviewer.role}`],
    ['Date of this record', `${now.toISOString().slice(0, 10)} (UTC)`],
    ['Adds to', [`the signed review, SHA-256 `, mono(signed!.value.attachment)]],
  ]);
  table(flow, {
    caption: 'Remedied since',
    columns: [
      { title: 'Item', names: true, max: 190 },
      { title: 'On', width: 62 },
      { title: 'What was done' },
      { title: 'Shown by', max: 150 },
    ],
    rows: lines.map(({ item, on, note, evidence, exchange }): Text[] => [
      ...[item, on, note],
      [exchange === null ? '' : `ledger entry ${exchange} `, evidence === null ? '' : mono(evidence)],
    ]),
  });
  return flow.doc.finish();
}

/** A document of the house style with its first page open. */
export function start(db: ReadableDb, title: string, author: string, identity: string, now: Date): Flow {
  const { client, sample } = currentEngagement(db);
  const doc = new PdfDocument({
    info: {
      ...{ title: `${title}: ${client}`, author, subject: 'Encryption key management', language: 'en' },
      ...{ producer: `Keywitness ${VERSION}`, time: now.toISOString() },
    },
    furniture: {
      ...{
        headLeft: `${client} · ${title}`,
        headRight: now.toISOString().slice(0, 10),
        footLeft: 'Keywitness',
      },
      band: sample ? SAMPLE_MARK : undefined,
    },
    identity,
  });
  const flow = new Flow(doc);
  flow.newPage('portrait');
  return flow;
}
