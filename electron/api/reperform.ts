import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import { ownSignIn } from '../engagement/own-sign-in.ts';
import { engine } from './method.ts';
import { secretsOf, signerChoice, startedJob, timestampChoice } from './shared.ts';

const text = z.string().min(1);

/** What became of one exchange of a pack when it was asked again. */
export const reperformedExchange = z.strictObject({
  /** Ledger entry in the pack. */
  seq: z.int(),
  op: z.string(),
  scope: z.string(),
  source: z.string(),
  about: z.string(),
  result: z.enum(['same', 'changed', 'not answerable']),
  what: z.string(),
  explainedBy: z.array(
    z.strictObject({
      at: z.string(),
      event: z.string(),
      actor: z.string().nullable(),
      /** Ledger entry of the re-performance that brought it. */
      seq: z.int(),
    }),
  ),
  /** Ledger entry of the re-performance. */
  again: z.int().nullable(),
});
export type ReperformedExchange = z.infer<typeof reperformedExchange>;

/** The result of a re-performance; every exchange of it is in the table beside the report. */
export const reperformResult = z.strictObject({
  packId: z.string(),
  /** What verification said of the pack first. */
  verdict: z.string(),
  population: z.strictObject({ items: z.int(), sha256: z.string() }),
  /** How the sample was drawn; null when everything was asked. */
  method: z.string().nullable(),
  asked: z.int(),
  same: z.int(),
  changed: z.int(),
  notAnswerable: z.int(),
  /** Those that are not the same; first 500. */
  notable: z.array(reperformedExchange).max(500),
  stopped: z.array(z.strictObject({ source: z.string(), message: z.string() })),
  files: z.strictObject({ engagement: z.string(), table: z.string(), report: z.string() }),
});
export type ReperformResultOfJob = z.infer<typeof reperformResult>;

export const reperformMethods = {
  /**
   * Asks again, with one's own credentials, what a pack recorded. Needs no open engagement: it makes a ledger of its own
   * at `out`, with the report (.pdf, sealed when a signer is chosen) and the table (.csv) beside it. The job's result is
   * a {@link reperformResult}.
   */
  'reperform.start': engine(
    z.strictObject({
      pack: text,
      out: text,
      operator,
      /** Null asks everything. */
      sample: z.strictObject({ n: z.int().positive(), seed: text }).nullable().default(null),
      /**
       * By source id, how the auditor signs in; without one the standard credential chain (AWS), the Azure CLI, a token
       * (Vault). The sample's sources sign in by themselves while the sample engagement is open.
       */
      signIn: z.record(z.string(), ownSignIn).default({}),
      trust: z.array(text).default([]),
      signer: signerChoice.default({ kind: 'none' }),
      timestamp: timestampChoice.default(null),
      ...secretsOf,
    }),
    startedJob,
  ),
};
