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
  if (value.notIndependent.length > 0) {
    const shown = value.notIndependent.slice(0, 10).map(({ key, as }) => `${key} as ${as}`);
    flow.callout(
      'warning',
      'The reviewer administers keys under review',
      `${value.reviewer.name} administers ${count(value.notIndependent.length)} of the reviewed keys: ${shown.join('; ')}${value.notIndependent.length > 10 ? ' …' : ''}`,
    );
  }
  for (const kind of Object.keys(NAMES) as Kind[]) {
    const rows = items.filter((item) => item.kind === kind);
    if (rows.length === 0) continue;
    flow.heading(2, NAMES[kind], { anchor: `kind-${kind}` });
    table(flow, {
      columns: [
        { title: kind === 'logging' ? 'Place' : 'Key', names: true, max: 150 },
        { title: kind === 'exception' ? 'Test' : kind === 'access' ? 'Principal' : '', max: 120 },
        { title: 'What was looked at' },
        { title: 'Decision', max: 130 },
      ],
      rows: rows.map((item): Text[] => [item.subject, item.of, item.shows, decisionText(item)]),
    });
  }
  flow.heading(2, 'Signature', { anchor: 'signature' });
  flow.paragraph(
    `By signing this file, ${value.reviewer.name} (${value.reviewer.role}) confirms to have reviewed the population named above and to have made these decisions. The signature is in the file; any reader that checks PDF signatures shows it.`,
  );
  return flow.doc.finish();
}

function decisionText({ decided, lastYear }: Review['items'][number]): Text {
  const parts = decided
    ? [
        decided.decision,
        ...(decided.remediation === null
          ? []
          : [`${decided.remediation} (${decided.owner}, due ${decided.due})`]),
        ...(decided.comment === null ? [] : [decided.comment]),
        ...(decided.bulkReason === null ? [] : [`in bulk: ${decided.bulkReason}`]),
      ]
    : ['undecided'];
  return [parts.join('. '), ...(lastYear === null ? [] : [soft(` Last year: ${lastYear}`)])];
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
