import { z } from 'zod';
import { instant, nothing, startedJob, timestampChoice } from './shared.ts';
import { engine } from './method.ts';

/** What a timestamp authority answered to a request for the time of a random hash. */
const authorityTest = z.strictObject({
  url: z.string(),
  /** Null when it gave no usable token; `why` says so. */
  answer: z
    .strictObject({
      genTime: instant,
      /** How far its clock may be off, in ms; null when it does not say. */
      accuracyMs: z.number().nullable(),
      policy: z.string(),
      authority: z.string(),
      issuer: z.string(),
      /** When its certificate ends: packs must be renewed before. */
      notAfter: instant,
      fingerprint: z.string(),
      /** Its clock minus this machine's, in ms. */
      offsetMs: z.number(),
      /** How long it took, in ms. */
      tookMs: z.number(),
    })
    .nullable(),
  why: z.string().nullable(),
});
export type AuthorityTest = z.infer<typeof authorityTest>;

const queuedPack = z.strictObject({
  zip: z.string(),
  since: instant,
  why: z.string().nullable(),
  /** False when the file is not there any more. */
  exists: z.boolean(),
});

/** The result of the job that `stamping.stampQueue` starts. */
export const stampedQueue = z.strictObject({
  packs: z.array(
    z.strictObject({
      zip: z.string(),
      provenTime: instant.nullable(),
      level: z.string().nullable(),
      why: z.string().nullable(),
      waits: z.boolean(),
    }),
  ),
});
export type StampedQueue = z.infer<typeof stampedQueue>;

export const stamping = {
  /** The timestamp authorities remembered between engagements (`app.settings` has them too). Never a secret. */
  'stamping.authorities': engine(nothing, z.strictObject({ timestamp: timestampChoice })),
  /** Replaces them. An address with a password in it is refused. */
  'stamping.saveAuthorities': engine(
    z.strictObject({ timestamp: timestampChoice }),
    z.strictObject({ timestamp: timestampChoice }),
  ),
  /** Asks one authority for the time of a random hash and checks its token. */
  'stamping.testAuthority': engine(
    z.strictObject({ url: z.url(), roots: z.array(z.string().min(1)).default([]) }),
    authorityTest,
  ),
  /** Packs that were sealed without a time and wait for one, oldest first. */
  'stamping.queue': engine(nothing, z.strictObject({ packs: z.array(queuedPack) })),
  /** Takes a pack out of the queue; the pack itself stays as it is. */
  'stamping.forget': engine(z.strictObject({ zip: z.string().min(1) }), nothing),
  /** Stamps all that wait, by the authorities given, or those remembered. The job's result is a StampedQueue. */
  'stamping.stampQueue': engine(
    z.strictObject({
      timestamp: timestampChoice.default(null),
      /** One request for all (RFC 4998): level B-T; else one by one, up to B-LTA. */
      together: z.boolean().default(false),
    }),
    startedJob,
  ),
};
