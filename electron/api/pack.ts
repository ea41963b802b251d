import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import {
  blob,
  instant,
  nothing,
  ofSnapshot,
  sha256,
  signerChoice,
  startedJob,
  timestampChoice,
} from './shared.ts';
import { engine, read } from './method.ts';

/** The result of the job that `pack.build` starts. */
export const builtPack = z.strictObject({
  name: z.string(),
  pdf: z.string(),
  zip: z.string(),
  zipSha256: z.string(),
  zipBytes: z.int(),
  /** SHA-256 of the report as previewed, which the signed PDF begins with; null when it was not previewed. */
  previewSha256: sha256.nullable(),
  /** Null while the time is pending, with the reason beside it. */
  provenTime: instant.nullable(),
  timePending: z.string().nullable(),
});
export type BuiltPackResult = z.infer<typeof builtPack>;

/** Who would sign, as the certificate says. */
export const signerInfo = z.strictObject({
  subject: z.string(),
  issuer: z.string(),
  notBefore: instant,
  notAfter: instant,
  /** Where the key lives. */
  key: z.string(),
  /** SHA-256 of the certificate. */
  fingerprint: z.string(),
  certificates: z.int(),
});
export type SignerInfo = z.infer<typeof signerInfo>;

/** What to take out of a pack; null takes nothing out. `operator` decided it. */
export const redactionChoice = z
  .strictObject({
    /** Principals by the id the report shows. */
    principals: z.array(z.string().trim().min(3)).default([]),
    /** Names of JSON fields in responses and log records: every value they hold. */
    fields: z.array(z.string().trim().min(1)).default([]),
    reason: z.string().trim().min(1),
    operator,
  })
  .refine((rules) => rules.principals.length + rules.fields.length > 0, {
    message: 'name at least one principal or field',
  })
  .nullable();
export type RedactionChoice = z.input<typeof redactionChoice>;

/** The result of the job that `pack.preview` starts: the report as it would be signed, without its signature. */
export const packPreview = z.strictObject({
  /** To hand to `pack.build`, which then signs these very bytes. */
  preview: z.string(),
  name: z.string(),
  pdf: blob,
  sha256,
  snapshot: z.string(),
  period: z.strictObject({ from: instant, to: instant }),
  gaps: z.int(),
  sources: z.array(z.string()),
  /** Head of the ledger that the report states: entries 1..entries. */
  ledger: z.strictObject({ entries: z.int(), head: z.string(), merkleRoot: z.string() }),
  /** Files of the evidence that go around the report. */
  files: z.array(z.string()),
  exhibits: z.array(
    z.strictObject({ title: z.string(), files: z.int(), notProvided: z.string().nullable() }),
  ),
  /** Values that are replaced; null without redaction. */
  redacted: z.int().nullable(),
  signer: z.strictObject({ subject: z.string(), fingerprint: z.string() }),
});
export type PackPreview = z.infer<typeof packPreview>;

const wanted = {
  ...ofSnapshot,
  signer: signerChoice,
  timestamp: timestampChoice.default(null),
  redaction: redactionChoice.default(null),
};

export const pack = {
  /** What the pack of this snapshot will hold, in numbers. */
  'pack.contents': read(
    z.strictObject(ofSnapshot),
    z.strictObject({
      snapshot: z.string(),
      /** Null when it can be packed; otherwise why not. */
      refused: z.string().nullable(),
      entries: z.int(),
      exchanges: z.int(),
      bodies: z.int(),
      bodyBytes: z.int(),
      keys: z.int(),
      events: z.int(),
      results: z.int(),
      gaps: z.int(),
      sample: z.boolean(),
    }),
  ),
  /** Opens the signer's file and says who it is; nothing is signed. */
  'pack.signer': engine(z.strictObject({ signer: signerChoice }), signerInfo),
  /** Draws the report that would be signed now. One preview is kept at a time. The job's result is a PackPreview. */
  'pack.preview': engine(z.strictObject(wanted), startedJob),
  /** Builds, signs and timestamps. The job's result is a BuiltPackResult. */
  'pack.build': engine(
    z.strictObject({
      ...wanted,
      folder: z.string().min(1),
      /** Signs what this preview showed, byte for byte, or refuses; null builds anew. */
      preview: z.string().nullable().default(null),
    }),
    startedJob,
  ),
  /** Adds the timestamp to packs that were sealed without one. */
  'pack.timestamp': engine(
    z.strictObject({ packs: z.array(z.string().min(1)).min(1), timestamp: timestampChoice.unwrap() }),
    startedJob,
  ),
  /** Packs built from the open engagement in this session. */
  'pack.list': engine(nothing, z.strictObject({ packs: z.array(builtPack) })),
};
