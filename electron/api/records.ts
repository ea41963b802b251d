import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import { keyRecord, keySetMembers, rotationSchedule } from '../engagement/records.ts';
import { reviewer } from '../engagement/review-kinds.ts';
import { engine, read } from './method.ts';
import {
  nothing,
  ofSnapshot,
  page,
  pageOf,
  sha256,
  signerChoice,
  startedJob,
  timestampChoice,
} from './shared.ts';

const text = z.string().min(1);
const day = z.iso.date();
const path = text;

/** A table that the client gave, of a day. */
const listFile = z.strictObject({ path, asOf: day, operator });

const set = z.strictObject({
  id: text,
  title: text,
  parent: z.string().nullable(),
  members: keySetMembers,
  record: keyRecord,
});

/** One right of one principal on one key: approved or not, used or not. */
export const reviewedRight = z.strictObject({
  key: z.string(),
  principal: z.string(),
  kind: z.string(),
  kindReason: z.string(),
  right: z.enum(['administer', 'use', 'grant']),
  uses: z.array(z.string()),
  certainty: z.enum(['allowed', 'conditional', 'unknown']),
  via: z.array(z.string()),
  approval: z.enum(['approved', 'unapproved', 'no list', 'root user', 'runs a role']),
  /** Null where logs cannot tell, with the reason in `usedWhy`. */
  used: z.int().nullable(),
  usedWhy: z.string().nullable(),
  lastUsed: z.string().nullable(),
  members: z.array(z.string()).nullable(),
  membersUnknown: z.boolean(),
});

const change = z.strictObject({
  key: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  fields: z.array(
    z.strictObject({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  policy: z.array(
    z.strictObject({
      change: z.enum(['added', 'removed', 'changed']),
      statement: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
  access: z.array(
    z.strictObject({
      principal: z.string(),
      right: z.string(),
      change: z.enum(['gained', 'lost', 'changed']),
      how: z.string(),
    }),
  ),
  explainedBy: z.array(
    z.strictObject({
      at: z.string(),
      event: z.string(),
      actor: z.string().nullable(),
      event_id: z.string().nullable(),
      seq: z.int(),
      setting: z.string(),
      value: z.string().nullable(),
    }),
  ),
});

const sides = z.strictObject({ snapshot: z.string(), at: z.string() });

/** Records besides inventory, procedure and review: lists, key sets, approved access, rotation by hand, samples, comparison. */
export const records = {
  'people.import': engine(listFile, z.strictObject({ people: z.int(), left: z.int() })),
  'systems.import': engine(listFile, z.strictObject({ systems: z.int() })),
  /** The list of systems against the keys, both ways; null without a list. */
  'systems.reconcile': read(
    z.strictObject(ofSnapshot),
    z.strictObject({
      reconciliation: z
        .strictObject({
          seq: z.int(),
          asOf: z.string(),
          systems: z.array(
            z.strictObject({
              name: z.string(),
              owner: z.string().nullable(),
              dataClass: z.string().nullable(),
              keys: z.array(z.string()),
            }),
          ),
          keysWithoutSystem: z.array(z.string()),
          unlisted: z.array(z.strictObject({ name: z.string(), keys: z.array(z.string()) })),
        })
        .nullable(),
    }),
  ),
  'keySets.list': read(nothing, z.strictObject({ sets: z.array(set) })),
  'keySets.define': engine(set.extend({ operator }), nothing),
  'keySets.remove': engine(z.strictObject({ id: text, reason: text, operator }), nothing),
  /** Attaches the policy, and sets the parameters that its clauses give. */
  'policyDocument.attach': engine(
    z.strictObject({
      path,
      title: text,
      version: text,
      approver: text.nullable(),
      approvedAt: day.nullable(),
      nextReview: day.nullable(),
      clauses: z.array(z.strictObject({ parameter: text, value: z.unknown(), clause: text, text })),
      operator,
    }),
    z.strictObject({ sha256 }),
  ),
  'approved.import': engine(
    z.strictObject({ ...ofSnapshot, path, operator }),
    z.strictObject({ lists: z.array(z.strictObject({ subject: z.string(), principals: z.int() })) }),
  ),
  'members.import': engine(
    z.strictObject({ path, provider: text, asOf: day, operator }),
    z.strictObject({ groups: z.int(), members: z.int() }),
  ),
  /** Rights on one key, against the approved list and against their use. */
  'access.reviewed': read(
    z.strictObject({ ...ofSnapshot, key: text, ...pageOf }),
    page(reviewedRight).extend({ coverage: z.string() }),
  ),
  'rotation.schedule': engine(
    z.strictObject({ ...ofSnapshot, subject: text, schedule: rotationSchedule, operator }),
    nothing,
  ),
  'rotation.record': engine(
    z.strictObject({
      ...ofSnapshot,
      key: text,
      on: day,
      performer: text,
      reason: text,
      evidence: path.nullable(),
      operator,
    }),
    nothing,
  ),
  /** The client's own signed review. */
  'review.client': engine(
    z.strictObject({
      path,
      title: text,
      reviewer,
      reviewedAt: day,
      previousAt: day.nullable(),
      operator,
    }),
    z.strictObject({ signatures: z.int(), problems: z.array(z.string()) }),
  ),
  'review.close': engine(
    z.strictObject({
      review: text,
      item: text,
      on: day,
      note: text,
      evidence: path.nullable(),
      exchange: z.int().positive().nullable(),
      operator,
    }),
    nothing,
  ),
  'review.addendum': engine(
    z.strictObject({ review: text, signer: signerChoice, timestamp: timestampChoice, operator }),
    startedJob,
  ),
  'sample.draw': engine(
    z.strictObject({
      ...ofSnapshot,
      of: z.enum(['keys', 'events', 'access']),
      n: z.int().positive(),
      seed: text,
      operator,
    }),
    z.strictObject({
      items: z.array(z.string()),
      population: z.strictObject({ items: z.int(), sha256 }),
    }),
  ),
  /** What changed between two snapshots; at most 500 keys a page. */
  'compare.snapshots': read(
    z.strictObject({ from: text, to: text, ...pageOf }),
    page(change).extend({
      from: sides,
      to: sides,
      unchanged: z.int(),
      added: z.int(),
      removed: z.int(),
      changed: z.int(),
      /** Questions answered on one side only: what differs there is not known. */
      notComparable: z.array(z.strictObject({ key: z.string(), what: z.string() })),
    }),
  ),
};
