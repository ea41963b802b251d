import { z } from 'zod';

/* The annual access and configuration review, as declared. The subject of each is the id of the review. */

const text = z.string().trim().min(1);
const day = z.iso.date();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const reviewer = z.strictObject({
  name: text,
  role: text,
  email: text.nullable(),
});
export type Reviewer = z.infer<typeof reviewer>;

/** A review begins: bound to one snapshot, and to a population that is frozen and hashed. */
export const reviewOpened = z.strictObject({
  snapshot: text,
  reviewer,
  /** The frozen population, one item a line, as attached; its SHA-256 is the population hash. */
  population: sha256,
  items: z.int().nonnegative(),
  /** Keys that the reviewer administers, and as whom. */
  notIndependent: z.array(z.strictObject({ key: text, as: text })),
  /** Last year's decisions, as attached, and when that review was signed. */
  previous: z.strictObject({ attachment: sha256.nullable(), signedAt: day }).nullable(),
});

export const decision = z.enum(['keep', 'change', 'remove', 'not applicable']);
export type Decision = z.infer<typeof decision>;

/** One decision about one or many items. Several at once need a reason. */
export const reviewDecided = z.strictObject({
  items: z.array(text).min(1),
  decision,
  comment: text.nullable(),
  bulkReason: text.nullable(),
});

/** Configuration exceptions that the reviewer takes note of, with what is to be done. */
export const reviewAcknowledged = z.strictObject({
  items: z.array(text).min(1),
  remediation: text,
  owner: text,
  due: day,
  comment: text.nullable(),
  bulkReason: text.nullable(),
});

/** A record that was signed, by this program or elsewhere. */
export const reviewSigned = z.strictObject({
  method: z.enum(['here', 'elsewhere']),
  /** The signed PDF, as attached. */
  attachment: sha256,
  population: sha256,
  /** SHA-256 of decisions.csv as signed. */
  decisions: sha256,
  signer: z.strictObject({ name: text, fingerprint: text }),
  /** By the signer's clock. */
  signedAt: z.iso.datetime().nullable(),
  /** By a timestamp authority; null while pending, with the reason. */
  provenAt: z.iso.datetime().nullable(),
  timePending: text.nullable(),
});

/** Something decided for change or acknowledged was done, after the review was signed. */
export const reviewRemedied = z.strictObject({
  item: text,
  on: day,
  note: text,
  /** The file that evidences it, as attached. */
  evidence: sha256.nullable(),
  /** The later exchange that shows it. */
  exchange: z.int().positive().nullable(),
});

/** A signed addendum over what was remedied. */
export const reviewAddendum = z.strictObject({
  attachment: sha256,
  /** SHA-256 of the signed review it adds to. */
  review: sha256,
  remedied: z.array(text),
  signer: z.strictObject({ name: text, fingerprint: text }),
  signedAt: z.iso.datetime(),
  provenAt: z.iso.datetime().nullable(),
});

/** The client's own review, made and signed without this program. */
export const reviewOfClient = z.strictObject({
  title: text,
  reviewer,
  reviewedAt: day,
  previousAt: day.nullable(),
  attachment: sha256,
  /** Signatures inside a PDF that hold; none for a file that carries none. */
  signatures: z.array(
    z.strictObject({
      name: text,
      fingerprint: text,
      signedAt: z.iso.datetime().nullable(),
      provenAt: z.iso.datetime().nullable(),
    }),
  ),
  problems: z.array(text),
});

/** A reproducible random sample. */
export const sampleDrawn = z.strictObject({
  of: z.enum(['keys', 'events', 'access']),
  snapshot: text,
  seed: text,
  method: text,
  population: z.strictObject({ items: z.int().nonnegative(), sha256 }),
  items: z.array(text),
});

/** A pack was re-performed (subject: pack id). */
export const reperformed = z.strictObject({
  pack: z.strictObject({ id: text, sha256, verdict: text }),
  snapshot: text,
  sample: z.strictObject({ n: z.int().positive(), seed: text, method: text }).nullable(),
  population: z.strictObject({ items: z.int().nonnegative(), sha256 }),
  same: z.int().nonnegative(),
  changed: z.int().nonnegative(),
  notAnswerable: z.int().nonnegative(),
  /** Every exchange with its result, as attached. */
  attachment: sha256,
});

/** The kinds of a review, for declarations.ts. */
export const reviewKinds = {
  'review.opened': reviewOpened,
  'review.decided': reviewDecided,
  'review.acknowledged': reviewAcknowledged,
  'review.signed': reviewSigned,
  'review.remedied': reviewRemedied,
  'review.addendum': reviewAddendum,
  'review.client': reviewOfClient,
  'sample.drawn': sampleDrawn,
  reperformed,
} as const;
