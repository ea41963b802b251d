import type { ReadableDb } from '../../db/handle.ts';
import { sha256Hex } from '../../db/ledger/hash.ts';
import {
  declare,
  declared,
  latestDeclared,
  type Declaration,
  type Declared,
} from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import { reviewer as reviewerSchema, type Decision, type Reviewer } from '../engagement/review-kinds.ts';
import type { Work } from '../engine/with-engagement.ts';
import { csvFile, type Cell } from '../pack/files/csv.ts';
import { attach, attachedBytes, madeFile, type GivenFile } from './attachments.ts';
import { ReviewError } from './error.ts';
import { onlyManagement } from './mode.ts';
import {
  administeredBy,
  populationFile,
  readPopulation,
  type LastYear,
  type ReviewItem,
} from './population.ts';
import { cellOf, readTable } from './table-file.ts';

/** What was decided about one item. */
export interface ItemDecision {
  decision: Decision | 'acknowledged';
  comment: string | null;
  bulkReason: string | null;
  remediation: string | null;
  owner: string | null;
  due: string | null;
  by: string;
  at: string;
  seq: number;
}

/** A review as the ledger tells it. */
export interface Review {
  id: string;
  opened: Declaration<'review.opened'>;
  items: (ReviewItem & { decided: ItemDecision | null })[];
  undecided: number;
  signed: Declaration<'review.signed'> | null;
  remedied: Declaration<'review.remedied'>[];
  addenda: Declaration<'review.addendum'>[];
}

/** Ids of reviews, oldest first. */
export const reviewIds = (db: ReadableDb): string[] => [...latestDeclared(db, 'review.opened').keys()];

/**
 * Opens a review of a snapshot: freezes its population.
 *
 * @param lastYear decisions.csv of last year's review, and when that was signed (YYYY-MM-DD).
 * @throws ReviewError INDEPENDENCE, BAD_FILE, FROZEN (another review of this snapshot is open)
 */
export async function openReview(
  { db, writer }: Work,
  by: Operator,
  snapshot: string,
  request: { reviewer: Reviewer; lastYear?: { file: GivenFile | null; signedAt: string } },
): Promise<string> {
  onlyManagement(db, 'open the review', 'Import the review that the client signed');
  const reviewer = reviewerSchema.parse(request.reviewer);
  const waiting = reviewIds(db).find(
    (id) =>
      !latestDeclared(db, 'review.signed').has(id) &&
      latestDeclared(db, 'review.opened').get(id)?.value.snapshot === snapshot,
  );
  if (waiting)
    throw new ReviewError(
      'FROZEN',
      `cannot open another review: ${waiting} is not signed yet. Go on with it.`,
    );
  const file = request.lastYear?.file ?? null;
  const before = file ? await attach(writer, 'review', file) : null;
  const population = populationFile(db, snapshot, file ? await lastYearOf(file) : new Map());
  const id = `r${reviewIds(db).length + 1}`;
  const frozen = await attach(writer, 'review', madeFile(`${id}-population.jsonl`, population.bytes));
  await declare(writer, by, 'review.opened', id, {
    ...{ snapshot, reviewer, population: frozen.sha256, items: population.items },
    notIndependent: administeredBy(db, snapshot, reviewer),
    previous: request.lastYear
      ? { attachment: before?.sha256 ?? null, signedAt: request.lastYear.signedAt }
      : null,
  });
  return id;
}

async function lastYearOf(file: GivenFile): Promise<LastYear> {
  const { rows, headings } = await readTable(file);
  if (!headings.includes('item') || !headings.includes('decision')) {
    throw new ReviewError(
      'BAD_FILE',
      `cannot read ${file.name}: it is no decisions.csv of a pack: it has no columns "item" and "decision".`,
    );
  }
  return new Map(
    rows.map(({ cells }) => [
      cells.item!,
      [cells.decision, cellOf(cells, 'comment')].filter(Boolean).join(': '),
    ]),
  );
}

/** Reads a review. @throws ReviewError NOT_FOUND */
export function readReview(db: ReadableDb, id: string): Review {
  const opened = latestDeclared(db, 'review.opened').get(id);
  if (!opened)
    throw new ReviewError(
      'NOT_FOUND',
      `cannot find the review ${id}: there is ${reviewIds(db).join(', ') || 'none'}.`,
    );
  const decisions = decisionsOf(db, id);
  const items = readPopulation(attachedBytes(db, opened.value.population)).map((item) => ({
    ...item,
    decided: decisions.get(item.id) ?? null,
  }));
  return {
    ...{ id, opened, items, undecided: items.filter(({ decided }) => decided === null).length },
    signed: latestDeclared(db, 'review.signed').get(id) ?? null,
    remedied: declared(db, 'review.remedied').filter((d) => d.subject === id),
    addenda: declared(db, 'review.addendum').filter((d) => d.subject === id),
  };
}

function decisionsOf(db: ReadableDb, id: string): Map<string, ItemDecision> {
  const none = { remediation: null, owner: null, due: null };
  const made = [
    ...declared(db, 'review.decided').map((d) => ({ ...d, value: { ...none, ...d.value } })),
    ...declared(db, 'review.acknowledged').map((d) => ({
      ...d,
      value: { decision: 'acknowledged' as const, ...d.value },
    })),
  ];
  const found = new Map<string, ItemDecision>();
  for (const { subject, seq, at, by, value } of made.sort((a, b) => a.seq - b.seq)) {
    if (subject !== id) continue;
    const { items, ...decision } = value;
    for (const item of items) found.set(item, { ...decision, by: by.name, at, seq });
  }
  return found;
}

/** Which items a decision is about. All that are given must hold. */
export interface ItemFilter {
  items?: readonly string[];
  kind?: ReviewItem['kind'];
  subject?: string;
  of?: string;
  /** Words in key, principal or what is shown; case does not count. */
  search?: string;
  /** Only what is not decided yet. */
  undecided?: boolean;
}

/** Items of a declaration at a time: its value has a longest length. */
const AT_ONCE = 20_000;

/** @throws ReviewError INDEPENDENCE, FROZEN, NOT_KNOWN (no such item, or none at all, or no reason for several) */
export async function decide(
  work: Work,
  by: Operator,
  id: string,
  filter: ItemFilter,
  decision: { decision: Decision; comment: string | null; reason: string | null },
): Promise<number> {
  const chosen = choose(work, id, filter, decision.reason, (kind) => kind !== 'exception');
  const { reason, ...rest } = decision;
  for (const items of chunks(chosen)) {
    await declare(work.writer, by, 'review.decided', id, {
      items,
      ...rest,
      bulkReason: chosen.length > 1 ? reason : null,
    });
  }
  return chosen.length;
}

/** Acknowledges configuration exceptions with what is to be done. @throws ReviewError as {@link decide} */
export async function acknowledge(
  work: Work,
  by: Operator,
  id: string,
  filter: ItemFilter,
  plan: { remediation: string; owner: string; due: string; comment: string | null; reason: string | null },
): Promise<number> {
  const chosen = choose(work, id, filter, plan.reason, (kind) => kind === 'exception');
  const { reason, ...rest } = plan;
  for (const items of chunks(chosen)) {
    await declare(work.writer, by, 'review.acknowledged', id, {
      items,
      ...rest,
      bulkReason: chosen.length > 1 ? reason : null,
    });
  }
  return chosen.length;
}

function* chunks(items: readonly string[]): Generator<string[]> {
  for (let at = 0; at < items.length; at += AT_ONCE) yield items.slice(at, at + AT_ONCE);
}

function choose(
  { db }: Work,
  id: string,
  filter: ItemFilter,
  reason: string | null,
  fits: (kind: ReviewItem['kind']) => boolean,
): string[] {
  onlyManagement(db, 'decide', 'Import the review that the client signed');
  const review = readReview(db, id);
  if (review.signed) {
    throw new ReviewError(
      'FROZEN',
      `cannot decide in ${id}: it was signed on ${day(review.signed)}. What is done later goes into an addendum.`,
    );
  }
  const known = new Map(review.items.map((item) => [item.id, item]));
  const unknown = filter.items?.find((item) => !known.has(item));
  if (unknown !== undefined)
    throw new ReviewError(
      'NOT_KNOWN',
      `cannot decide about ${unknown}: the population of ${id} has no such item.`,
    );
  const wanted = filter.items ? new Set(filter.items) : null;
  const found = mentions(filter.search ?? '');
  const chosen = review.items.filter(
    (item) =>
      fits(item.kind) &&
      (wanted === null || wanted.has(item.id)) &&
      (filter.kind === undefined || item.kind === filter.kind) &&
      (filter.subject === undefined || item.subject === filter.subject) &&
      (filter.of === undefined || item.of === filter.of) &&
      found(item) &&
      (filter.undecided !== true || item.decided === null),
  );
  if (chosen.length === 0) {
    throw new ReviewError(
      'NOT_KNOWN',
      'cannot decide: no item of the population is meant. Exceptions are acknowledged, everything else is decided.',
    );
  }
  if (chosen.length > 1 && !reason) {
    throw new ReviewError(
      'NOT_KNOWN',
      `cannot decide about ${chosen.length} items at once: a reason is missing. Give --reason.`,
    );
  }
  return chosen.map((item) => item.id);
}

/** Tells whether an item mentions the words that were looked for; every item does when there are none. */
export function mentions(search: string): (item: Pick<ReviewItem, 'subject' | 'of' | 'shows'>) => boolean {
  const wanted = search.trim().toLowerCase();
  return ({ subject, of, shows }) =>
    wanted === '' || `${subject} ${of} ${shows}`.toLowerCase().includes(wanted);
}

/** When a review was signed: proven where there is a timestamp, else by the signer's clock. */
export const signingMoment = (value: Declared<'review.signed'>): string | null =>
  value.provenAt ?? value.signedAt;

const day = (signed: Declaration<'review.signed'>): string =>
  (signingMoment(signed.value) ?? signed.at).slice(0, 10);

export const DECISION_COLUMNS = [
  ...['item', 'kind', 'subject', 'of', 'shows', 'last_year', 'decision', 'comment', 'reason', 'remediation'],
  ...['owner', 'due', 'decided_by', 'decided_at', 'ledger_entry'],
];

/** Every item with its decision, as a file: what is signed is its hash. */
export function decisionsCsv(review: Review): Buffer {
  return Buffer.concat([
    ...csvFile(
      DECISION_COLUMNS,
      review.items.map(({ id, kind, subject, of, shows, lastYear, decided: d }): Cell[] => [
        ...[id, kind, subject, of, shows, lastYear, d?.decision, d?.comment, d?.bulkReason, d?.remediation],
        ...[d?.owner, d?.due, d?.by, d?.at, d?.seq],
      ]),
    ),
  ]);
}

/** SHA-256 of the decisions as they stand, hex. */
export const decisionsHash = (review: Review): string => sha256Hex(decisionsCsv(review));
