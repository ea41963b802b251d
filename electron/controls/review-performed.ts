import { declared } from '../engagement/declarations.ts';
import { readReview, reviewIds, signingMoment } from '../review/review.ts';
import {
  both,
  evidenceRequired,
  exception,
  pass,
  results,
  type Answer,
  type Answers,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { addDays, count, day, daysBetween, periodText } from './dates.ts';

const ID = 'review-performed';
const A_YEAR = 366;

/** Access, rotation and logging of keys were reviewed within a year, and the reviewer signed. */
export const reviewPerformed: Control = {
  id: ID,
  title: 'Access and configuration of keys are reviewed annually, and the review is signed',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.2', 'CC6.3'],
  question:
    'Was the access and configuration of keys reviewed in the period, decided completely, signed, and within twelve months of the review before?',
  method:
    'Inspect the review: its population and decisions, the signature inside the PDF with its date, and the date of the previous review. A review made here cannot be signed while anything is undecided.',
  permissions: [],
  remediation: 'Review every key’s access, rotation and logging, decide, sign, and repeat it every year.',
  standards: [],
  appliesTo: 'the engagement',
  test: (context) => results(ID, 'review', 'review', test(context)),
};

interface Signed {
  name: string;
  on: string;
  previous: string | null;
  cites: number[];
}

function test(context: ControlContext): Answers {
  const { db } = context;
  const signed: Signed[] = [];
  const open: { sentence: string; cites: number[] }[] = [];
  for (const id of reviewIds(db)) {
    const review = readReview(db, id);
    const { seq, value } = review.opened;
    if (!review.signed) {
      open.push({
        sentence: `The review ${id}, opened on ${day(review.opened.at)}, is not signed: ${count(review.undecided, 'item is', 'items are')} undecided of ${review.items.length}.`,
        cites: [seq],
      });
    } else {
      const on = day(signingMoment(review.signed.value) ?? review.signed.at);
      signed.push({
        name: `The review ${id} of ${count(value.items, 'item')}, signed on ${on} by ${review.signed.value.signer.name}`,
        on,
        previous: value.previous?.signedAt ?? null,
        cites: [seq, review.signed.seq],
      });
    }
  }
  for (const { seq, value } of declared(db, 'review.client')) {
    const [signature] = value.signatures;
    const name = `The client's review "${value.title}" by ${value.reviewer.name}`;
    if (!signature || value.problems.length > 0) {
      open.push({
        sentence: `${name} of ${value.reviewedAt} carries no signature that holds${value.problems.length > 0 ? ` (${value.problems.join('; ')})` : ''}.`,
        cites: [seq],
      });
    } else {
      const on = day(signature.provenAt ?? signature.signedAt ?? value.reviewedAt);
      signed.push({
        name: `${name}, signed on ${on} by ${signature.name}`,
        on,
        previous: value.previousAt,
        cites: [seq],
      });
    }
  }
  return answers(
    context,
    signed.sort((a, b) => (a.on < b.on ? -1 : 1)),
    open,
  );
}

function answers(
  context: ControlContext,
  signed: readonly Signed[],
  open: readonly { sentence: string; cites: number[] }[],
): Answers {
  const last = signed.at(-1);
  if (!last) {
    const [unsigned] = open;
    return both(
      unsigned
        ? exception(unsigned.sentence, unsigned.cites)
        : evidenceRequired(
            'No annual review of access and configuration was given; the review, signed and dated by its reviewer, is required.',
          ),
    );
  }
  const before = signed.at(-2)?.on ?? last.previous;
  const late = before !== null && daysBetween(`${before}T00:00:00.000Z`, `${last.on}T00:00:00.000Z`) > A_YEAR;
  const cites = signed.flatMap((s) => s.cites);
  const gap =
    before === null ? 'no previous review is on record' : `the previous one was signed on ${before}`;
  const collected = day(context.collectedAt);
  const overdue =
    last.on <= collected && daysBetween(`${last.on}T00:00:00.000Z`, context.collectedAt) > A_YEAR;
  return {
    collection:
      late || overdue
        ? exception(
            `${last.name}; ${gap}${overdue ? `; the next was due on ${day(addDays(`${last.on}T00:00:00.000Z`, 365))}` : ': more than twelve months between them'}.`,
            cites,
          )
        : pass(`${last.name}; ${gap}.`, cites),
    period: inPeriod(context, signed, cites, late ? gap : null),
  };
}

/** An annual control is shown by its one instance: a review signed in the period, or within a year before its end. */
function inPeriod(
  context: ControlContext,
  signed: readonly Signed[],
  cites: number[],
  late: string | null,
): Answer {
  const { period } = context.engagement;
  const end = day(period.to);
  const within = signed
    .filter((s) => s.on < end && daysBetween(`${s.on}T00:00:00.000Z`, period.to) <= A_YEAR)
    .at(-1);
  if (!within) {
    const [first] = signed;
    return first!.on >= end
      ? evidenceRequired(
          `${first!.name}, after the period ${periodText(period)}; the review before it is required${first!.previous === null ? '' : ` (signed ${first!.previous})`}.`,
          cites,
        )
      : exception(`${signed.at(-1)!.name}, more than twelve months before the end of the period.`, cites);
  }
  return late === null
    ? pass(`${within.name}, within twelve months before the end of the period ${periodText(period)}.`, cites)
    : exception(`${within.name}; ${late}: more than twelve months between them.`, cites);
}
