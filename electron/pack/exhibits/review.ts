import type { ReadableDb } from '../../../db/handle.ts';
import { declared } from '../../engagement/declarations.ts';
import { attachedBytes, attachmentPath, attachments } from '../../review/attachments.ts';
import {
  DECISION_COLUMNS,
  decisionsCsv,
  readReview,
  reviewIds,
  signingMoment,
  type Review,
} from '../../review/review.ts';
import { csvFile, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';
import type { ReviewPart } from '../pdf/report-model.ts';
import { attachedFiles, json } from './records.ts';

const FOLDER = 'data/4-review';

/** The latest signed review, else the latest; null without any. */
function latest(db: ReadableDb): Review | null {
  const all = reviewIds(db).map((id) => readReview(db, id));
  return all.findLast((review) => review.signed !== null) ?? all.at(-1) ?? null;
}

/** data/4-review/: the signed review, every decision, what it was bound to, addenda, the client's own reviews, and samples. */
export function reviewFiles(db: ReadableDb): PackFile[] {
  const review = latest(db);
  const samples = declared(db, 'sample.drawn');
  const clients = declared(db, 'review.client');
  const signed = review?.signed ?? null;
  return [
    ...(signed
      ? [{ path: `${FOLDER}/review.pdf`, content: () => attachedBytes(db, signed.value.attachment) }]
      : []),
    ...(review
      ? [
          { path: `${FOLDER}/decisions.csv`, content: () => decisionsCsv(review) },
          {
            path: `${FOLDER}/population.jsonl`,
            content: () => attachedBytes(db, review.opened.value.population),
          },
          { path: `${FOLDER}/review.json`, content: () => json(reviewDocument(review)) },
          ...review.addenda.map(({ value }, i) => ({
            path: `${FOLDER}/addendum-${i + 1}.pdf`,
            content: () => attachedBytes(db, value.attachment),
          })),
        ]
      : []),
    ...clients.flatMap(({ value }) => {
      const file = attachments(db).find((a) => a.sha256 === value.attachment);
      return file
        ? [{ path: attachmentPath(FOLDER, file), content: () => attachedBytes(db, file.sha256) }]
        : [];
    }),
    ...(clients.length > 0
      ? [
          {
            path: `${FOLDER}/client-reviews.json`,
            content: () => json(clients.map(({ seq, value }) => ({ ledgerEntry: seq, ...value }))),
          },
        ]
      : []),
    ...(samples.length > 0
      ? [{ path: `${FOLDER}/samples.csv`, content: () => csvFile(SAMPLES, sampleRows(db)) }]
      : []),
    ...attachedFiles(db, 'data/attachments', ['reperformance']),
  ];
}

function reviewDocument({ id, opened, signed, remedied, addenda }: Review) {
  return {
    ...{ id, ledgerEntry: opened.seq, openedAt: opened.at, ...opened.value },
    signed: signed ? { ledgerEntry: signed.seq, ...signed.value } : null,
    remedied: remedied.map(({ seq, value }) => ({ ledgerEntry: seq, ...value })),
    addenda: addenda.map(({ seq, value }) => ({ ledgerEntry: seq, ...value })),
    decisionColumns: DECISION_COLUMNS,
  };
}

const SAMPLES = [
  'of',
  'snapshot',
  'item',
  'n',
  'seed',
  'population_items',
  'population_sha256',
  'method',
  'drawn_by',
  'drawn_at',
  'ledger_entry',
];

function* sampleRows(db: ReadableDb): Generator<Cell[]> {
  for (const { seq, at, by, value } of declared(db, 'sample.drawn')) {
    for (const [i, item] of value.items.entries()) {
      yield [
        ...[
          value.of,
          value.snapshot,
          item,
          i + 1,
          value.seed,
          value.population.items,
          value.population.sha256,
        ],
        ...[value.method, by.name, at, seq],
      ];
    }
  }
}

/** Whether a signed review is in the pack, with the entries it rests on; else why exhibit (d) is not provided. */
export function reviewExhibit(db: ReadableDb): { provided: boolean; cites: number[]; why: string } {
  const review = latest(db);
  const client = declared(db, 'review.client').filter(({ value }) => value.signatures.length > 0);
  if (review?.signed) return { provided: true, cites: [review.opened.seq, review.signed.seq], why: '' };
  if (client.length > 0) return { provided: true, cites: client.map((d) => d.seq), why: '' };
  return {
    provided: false,
    cites: review ? [review.opened.seq] : [],
    why: review
      ? `the review ${review.id} is not signed: ${review.undecided} of ${review.items.length} items are undecided`
      : 'no review was recorded in this engagement',
  };
}

/** Findings of the review that the report prints; the file has all. */
const MOST_FINDINGS = 200;

/** The review in the report. */
export function reviewPart(db: ReadableDb): ReviewPart | null {
  const review = latest(db);
  if (!review) return null;
  const { opened, signed, items } = review;
  const done = new Map(review.remedied.map(({ value }) => [value.item, value]));
  const counts = Map.groupBy(items, ({ decided }) => decided?.decision ?? 'undecided');
  const found = items.filter(
    ({ decided }) => decided && decided.decision !== 'keep' && decided.decision !== 'not applicable',
  );
  return {
    ...{ reviewer: opened.value.reviewer.name, role: opened.value.reviewer.role },
    signedAt: signed ? signingMoment(signed.value) : null,
    periodReviewed: `snapshot ${opened.value.snapshot}, as it was collected`,
    populationSha256: opened.value.population,
    items: items.length,
    decisions: [...counts].map(([decision, members]) => ({ decision, count: members.length })),
    findings: found.slice(0, MOST_FINDINGS).map(({ id, subject, of, decided }) => ({
      subject: of === '' ? subject : `${subject}, ${of}`,
      decision: decided!.decision,
      note: [decided!.comment, decided!.bulkReason].filter(Boolean).join('; '),
      remediation: done.has(id)
        ? `done on ${done.get(id)!.on}: ${done.get(id)!.note}`
        : decided!.remediation === null
          ? 'to be done'
          : `${decided!.remediation} (${decided!.owner})`,
      due: decided!.due,
    })),
    file: signed ? `${FOLDER}/review.pdf` : `${FOLDER}/decisions.csv`,
  };
}
