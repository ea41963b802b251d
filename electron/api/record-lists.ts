import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import { approvedPrincipals, memberRoster, peopleRoster, systemsList } from '../engagement/records.ts';
import { reviewer, reviewOfClient, sampleDrawn } from '../engagement/review-kinds.ts';
import { engine, read } from './method.ts';
import { blob, nothing, ofSnapshot, page, pageOf } from './shared.ts';

const text = z.string().min(1);
const tags = z.array(text);

/** Who recorded something, when, and where in the ledger. */
const recorded = { seq: z.int().positive(), at: z.iso.datetime(), by: z.string() };
/** The file behind a record; null where it was typed in. */
const file = blob.nullable();

/** A list that the client gave, a page of its rows in the order of the file. */
const listPage = <T extends z.ZodType>(row: T) =>
  page(row).extend({
    list: z.strictObject({ ...recorded, asOf: z.iso.date(), rows: z.int(), file }).nullable(),
  });

/** Which tags hold which field, first match wins. */
const mapping = z.strictObject({
  owner: tags,
  deputy: tags,
  systems: tags,
  purposes: tags,
  dataClass: tags,
  approvedBy: tags,
  approvedAt: tags,
});

const approvedList = approvedPrincipals
  .omit({ attachment: true })
  .extend({ subject: z.string(), ...recorded, file });

const schedule = z.strictObject({
  /** Key id, or id of a key set. */
  subject: z.string(),
  ...recorded,
  everyDays: z.int(),
  reason: z.string(),
  performer: z.string(),
  next: z.string(),
});

const rotation = z.strictObject({
  key: z.string(),
  ...recorded,
  rotatedAt: z.iso.datetime(),
  performer: z.string(),
  reason: z.string(),
  evidence: file,
});

const document = z.strictObject({
  ...recorded,
  title: z.string(),
  version: z.string(),
  approver: z.string().nullable(),
  approvedAt: z.string().nullable(),
  nextReview: z.string().nullable(),
  file,
  clauses: z.array(z.strictObject({ clause: z.string(), text: z.string(), parameter: z.string() })),
});

/** What is on record, read back; and the records that are made by hand. */
export const recordLists = {
  'people.list': read(z.strictObject(pageOf), listPage(peopleRoster.shape.people.element)),
  'systems.list': read(z.strictObject(pageOf), listPage(systemsList.shape.systems.element)),
  'inventory.mapping': read(nothing, mapping),
  /** Sets which tags hold which field; fields left out stay as they are. */
  'inventory.map': engine(mapping.partial().extend({ operator }), mapping),
  /** The client's policy as last attached, with the clause behind each parameter. */
  'policyDocument.current': read(nothing, z.strictObject({ document: document.nullable() })),
  /** Lists of approved principals, each of a key set, of a key, or of every key (`*`). */
  'approved.list': read(z.strictObject(pageOf), page(approvedList)),
  /** Records a list by hand, or replaces it as a whole. `subject`: a key set, a key by ARN, id or alias, or `*`. */
  'approved.record': engine(
    z.strictObject({
      ...ofSnapshot,
      subject: text,
      ...approvedPrincipals.omit({ attachment: true }).shape,
      operator,
    }),
    z.strictObject({ subject: z.string() }),
  ),
  'approved.remove': engine(z.strictObject({ subject: text, reason: text, operator }), nothing),
  /** Members of groups and federated roles, as identity providers list them. */
  'members.list': read(
    nothing,
    z.strictObject({
      rosters: z.array(memberRoster.omit({ attachment: true }).extend({ ...recorded, file })),
    }),
  ),
  /** Schedules of rotation by hand, and the rotations done, newest first. */
  'rotation.list': read(
    nothing,
    z.strictObject({ schedules: z.array(schedule), rotations: z.array(rotation) }),
  ),
  'samples.list': read(nothing, z.strictObject({ samples: z.array(sampleDrawn.extend(recorded)) })),
  /** The signed record of a review, what was remedied since, and the addenda over it. */
  'review.later': read(
    z.strictObject({ review: text }),
    z.strictObject({
      record: file,
      remedied: z.array(
        z.strictObject({
          ...recorded,
          item: z.string(),
          on: z.string(),
          note: z.string(),
          evidence: file,
          exchange: z.int().nullable(),
          /** In a signed addendum; the next one takes in what is not. */
          inAddendum: z.boolean(),
        }),
      ),
      addenda: z.array(
        z.strictObject({
          ...recorded,
          signer: z.string(),
          signedAt: z.string(),
          provenAt: z.string().nullable(),
          remedied: z.array(z.string()),
          file,
        }),
      ),
    }),
  ),
  /** Reviews that the client made and signed without this program. */
  'review.clients': read(
    nothing,
    z.strictObject({
      reviews: z.array(
        reviewOfClient.omit({ attachment: true }).extend({ id: z.string(), ...recorded, reviewer, file }),
      ),
    }),
  ),
};
