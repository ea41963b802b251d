import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import { decision, reviewer } from '../engagement/review-kinds.ts';
import { nothing, ofSnapshot, page, pageOf, signerChoice, startedJob, timestampChoice } from './shared.ts';
import { engine, read } from './method.ts';

const kind = z.enum(['access', 'rotation', 'logging', 'exception']);

/** One thing to be reviewed, with what was decided. */
export const reviewItem = z.strictObject({
  id: z.string(),
  kind,
  /** Key id, or the place that logs are of. */
  subject: z.string(),
  /** Principal of an access item, control of an exception. */
  of: z.string(),
  /** What the reviewer looks at, in words. */
  shows: z.string(),
  lastYear: z.string().nullable(),
  decided: z
    .strictObject({
      decision: z.enum([...decision.options, 'acknowledged']),
      comment: z.string().nullable(),
      bulkReason: z.string().nullable(),
      remediation: z.string().nullable(),
      owner: z.string().nullable(),
      due: z.string().nullable(),
      by: z.string(),
      at: z.string(),
      seq: z.int(),
    })
    .nullable(),
});
export type ReviewItem = z.infer<typeof reviewItem>;

const summary = z.strictObject({
  id: z.string(),
  snapshot: z.string(),
  openedAt: z.iso.datetime(),
  reviewer,
  items: z.int(),
  undecided: z.int(),
  /** Items by kind, and of them undecided. */
  kinds: z.array(z.strictObject({ kind, items: z.int(), undecided: z.int() })),
  /** SHA-256 of the frozen population. */
  population: z.string(),
  /** Keys that the reviewer administers, and as whom. */
  notIndependent: z.array(z.strictObject({ key: z.string(), as: z.string() })),
  signed: z
    .strictObject({
      method: z.enum(['here', 'elsewhere']),
      signer: z.string(),
      signedAt: z.string().nullable(),
      provenAt: z.string().nullable(),
      timePending: z.string().nullable(),
      attachment: z.string(),
    })
    .nullable(),
});
export type ReviewSummary = z.infer<typeof summary>;

/** Which items a decision is about; all that are given must hold. */
const chosen = {
  review: z.string().min(1),
  filter: z.strictObject({
    items: z.array(z.string()).min(1).optional(),
    kind: kind.optional(),
    subject: z.string().optional(),
    of: z.string().optional(),
    /** As in `review.items`: what the window shows filtered is what is decided about. */
    search: z.string().optional(),
    undecided: z.boolean().optional(),
  }),
  /** Needed for several items at once. */
  reason: z.string().min(1).nullable().default(null),
  comment: z.string().min(1).nullable().default(null),
  operator,
};

const decidedCount = z.strictObject({ decided: z.int() });

export const review = {
  'review.list': read(nothing, z.strictObject({ reviews: z.array(summary) })),
  'review.items': read(
    z.strictObject({
      review: z.string().min(1),
      kind: kind.optional(),
      subject: z.string().optional(),
      undecided: z.boolean().default(false),
      search: z.string().default(''),
      ...pageOf,
    }),
    page(reviewItem),
  ),
  /** Freezes what is to be reviewed. */
  'review.open': engine(
    z.strictObject({
      ...ofSnapshot,
      reviewer,
      lastYear: z
        .strictObject({ path: z.string().min(1).nullable(), signedAt: z.iso.date() })
        .nullable()
        .default(null),
      operator,
    }),
    z.strictObject({ review: z.string() }),
  ),
  'review.decide': engine(z.strictObject({ ...chosen, decision }), decidedCount),
  /** Takes note of configuration exceptions, with what is to be done. */
  'review.acknowledge': engine(
    z.strictObject({
      ...chosen,
      remediation: z.string().min(1),
      owner: z.string().min(1),
      due: z.iso.date(),
    }),
    decidedCount,
  ),
  /** Signs the record; the reviewer signs, nobody in their stead. The job's result is `{attachment, provenAt, timePending}`. */
  'review.sign': engine(
    z.strictObject({
      review: z.string().min(1),
      signer: signerChoice,
      timestamp: timestampChoice.default(null),
      operator,
    }),
    startedJob,
  ),
  /** Writes the record without a signature, to be signed elsewhere. */
  'review.export': engine(
    z.strictObject({ review: z.string().min(1), path: z.string().min(1) }),
    z.strictObject({ path: z.string() }),
  ),
  /** Takes back a record that was signed elsewhere. */
  'review.importSigned': engine(
    z.strictObject({ review: z.string().min(1), path: z.string().min(1), operator }),
    nothing,
  ),
};
