import { z } from 'zod';
import { blob, instant, nothing, ofSnapshot, signerChoice, startedJob, timestampChoice } from './shared.ts';
import { engine, read } from './method.ts';

/** The result of the job that `pack.build` starts. */
export const builtPack = z.strictObject({
  name: z.string(),
  pdf: z.string(),
  zip: z.string(),
  zipSha256: z.string(),
  zipBytes: z.int(),
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

/** The result of the job that `pack.preview` starts: the report as it would be signed, without its signature. */
export const packPreview = z.strictObject({
  pdf: blob,
  sha256: z.string(),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int().nullable() })),
});
export type PackPreview = z.infer<typeof packPreview>;

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
  /** Builds, signs and timestamps. The job's result is a BuiltPackResult. */
  'pack.build': engine(
    z.strictObject({
      ...ofSnapshot,
      folder: z.string().min(1),
      signer: signerChoice,
      timestamp: timestampChoice.default(null),
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
