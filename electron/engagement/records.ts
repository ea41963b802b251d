import { z } from 'zod';

/*
 * Management's records, as declared: inventory and owners, people, systems, documents, approved principals, rotation by
 * hand. A file behind a record is an attachment, named by its SHA-256.
 */

const text = z.string().trim().min(1);
/** Calendar day, YYYY-MM-DD. */
const day = z.iso.date();
const attachment = z.string().regex(/^[0-9a-f]{64}$/);

/** What a key protects. */
export const purpose = z.enum(['data at rest', 'data in transit', 'application level']);
export type Purpose = z.infer<typeof purpose>;

/** What is on record about a key or a set of keys. A field left out says nothing; null takes back what was said. */
export const keyRecord = z.strictObject({
  owner: text.nullable().optional(),
  deputy: text.nullable().optional(),
  systems: z.array(text).nullable().optional(),
  purposes: z.array(purpose).nullable().optional(),
  dataClass: text.nullable().optional(),
  approvedBy: text.nullable().optional(),
  approvedAt: day.nullable().optional(),
});
export type KeyRecord = z.infer<typeof keyRecord>;

/** Records of one or many keys, made in one act: by hand, in bulk, or from a file. */
export const keyRecords = z.strictObject({
  from: z.enum(['hand', 'bulk', 'file']),
  attachment: attachment.nullable(),
  /** Why, for a bulk change. */
  reason: text.nullable(),
  rows: z.array(z.strictObject({ key: text, record: keyRecord })).min(1),
});

/** Which keys belong to a set: named, or having one of the tags, aliases (`*` stands for any characters) or accounts. */
export const keySetMembers = z.strictObject({
  keys: z.array(text),
  tags: z.array(z.strictObject({ name: text, value: text })),
  aliases: z.array(text),
  accounts: z.array(text),
});

/** Keys owned and used together (subject: id of the set). Its keys inherit its record, and it its parent's. */
export const keySet = z.strictObject({
  title: text,
  parent: text.nullable(),
  members: keySetMembers,
  record: keyRecord,
});
export type KeySet = z.infer<typeof keySet>;

/** Tag names that hold each field, first match wins; owner, systems and class come from the policy parameters. */
export const inventoryMapping = z.strictObject({
  deputy: z.array(text),
  purposes: z.array(text),
  approvedBy: z.array(text),
  approvedAt: z.array(text),
});
export type InventoryMapping = z.infer<typeof inventoryMapping>;

/** A frozen inventory that somebody approved (subject: its version). */
export const inventoryVersion = z.strictObject({
  snapshot: text,
  keys: z.int().nonnegative(),
  /** The frozen inventory, as attached. */
  attachment,
  approver: text,
  approvedAt: day,
});

/** Who works for the client, as of a day. */
export const peopleRoster = z.strictObject({
  attachment,
  asOf: day,
  people: z.array(
    z.strictObject({
      name: text,
      email: text.nullable(),
      /** A mailbox or an account of several people is not a person. */
      kind: z.enum(['person', 'shared']),
      from: day.nullable(),
      /** Last day; null while the person is there. */
      to: day.nullable(),
    }),
  ),
});

/** Systems and data that need encryption, as of a day. */
export const systemsList = z.strictObject({
  attachment,
  asOf: day,
  systems: z.array(
    z.strictObject({
      name: text,
      owner: text.nullable(),
      dataClass: text.nullable(),
      purposes: z.array(purpose),
    }),
  ),
});

/** Who approved a document and when; null where it does not say. */
const approval = {
  title: text,
  version: text,
  approver: text.nullable(),
  approvedAt: day.nullable(),
  nextReview: day.nullable(),
};

/** The approved encryption and key management policy. */
export const policyDocument = z.strictObject({
  ...approval,
  attachment,
  clauses: z.array(z.strictObject({ clause: text, text, parameter: text })),
});

/** The organisation's key management procedure. */
export const procedureDocument = z.strictObject({
  ...approval,
  attachment,
  mediaType: text,
  /** Where the organisation keeps it. */
  location: text.nullable(),
  /** Words of the document, for the tests of what it covers; null when they could not be read, with the reason. */
  words: z.string().nullable(),
  unreadable: text.nullable(),
});

/** Principals approved for a set of keys (subject: id of the set, key id, or `*` for every key). */
export const approvedPrincipals = z.strictObject({
  approver: text,
  approvedAt: day,
  attachment: attachment.nullable(),
  principals: z.array(
    z.strictObject({
      /** As the provider names it; `*` stands for any characters. */
      principal: text,
      rights: z.array(z.enum(['administer', 'use', 'grant'])).min(1),
    }),
  ),
});

/** Members of groups and federated roles, as an identity provider lists them on a day. */
export const memberRoster = z.strictObject({
  attachment,
  provider: text,
  asOf: day,
  groups: z.array(
    z.strictObject({
      /** Role, permission set or group as the provider of keys names it; `*` stands for any characters. */
      name: text,
      members: z.array(z.strictObject({ name: text, email: text.nullable() })),
    }),
  ),
});

/** How a key that cannot rotate by itself is rotated by hand (subject: key id, or id of a set). */
export const rotationSchedule = z.strictObject({
  everyDays: z.int().min(1).max(3660),
  /** Why automation is impossible. */
  reason: text,
  performer: text,
  next: day,
});

/** What becomes of a log behind the place that its provider shows (subject: id of the log route). Null says nothing. */
export const logHandling = z.strictObject({
  /** Where it is shipped to, as the list of approved destinations names it. */
  destination: text.nullable(),
  /** How long it is kept there. */
  retentionDays: z.int().min(1).max(36600).nullable(),
  /** What alerts whom on changes of keys. */
  alerts: text.nullable(),
  statedBy: text,
  evidence: attachment.nullable(),
});

/** The kinds of records, for declarations.ts. */
export const records = {
  'key.records': keyRecords,
  'key.set': keySet,
  'key.set.removed': z.strictObject({ reason: text }),
  'inventory.mapping': inventoryMapping,
  'inventory.version': inventoryVersion,
  'people.roster': peopleRoster,
  'systems.list': systemsList,
  'policy.document': policyDocument,
  'procedure.document': procedureDocument,
  'principals.approved': approvedPrincipals,
  'principals.approved.removed': z.strictObject({ reason: text }),
  'principals.members': memberRoster,
  'rotation.schedule': rotationSchedule,
  'log.handling': logHandling,
} as const;
