import { z } from 'zod';
import { PAGE_ROWS } from '../../db/derived/page.ts';

/** UTC instant, ISO 8601. */
export const instant = z.iso.datetime();
/** SHA-256, lower-case hex. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Ledger entries that something rests on; each can be opened with `keys.exchange`. */
export const cites = z.array(z.int().positive());
export const nothing = z.strictObject({});

/** The snapshot asked about; the latest without it. */
export const ofSnapshot = { snapshot: z.string().min(1).optional() };

/** A page asked for by the key of the last row had; `after` is what the page before gave as `next`. */
export const pageOf = {
  after: z.string().nullable().default(null),
  limit: z.int().min(1).max(PAGE_ROWS).default(PAGE_ROWS),
};

/** Rows of one page and what to ask the next one with; null when there is none. */
export const page = <T extends z.ZodType>(row: T) =>
  z.strictObject({ rows: z.array(row).max(PAGE_ROWS), next: z.string().nullable() });

/** A job that was started; what becomes of it is told by `job` events, `jobs.get` and `jobs.wait`. */
export const startedJob = z.strictObject({ job: z.string() });

/**
 * Something binary or large, by an address that the window can use as `src` or `href`; it is served by the host to this
 * window only and lives until the engagement is closed.
 */
export const blob = z.strictObject({
  url: z.string().startsWith('/blob/'),
  mediaType: z.string(),
  name: z.string(),
  bytes: z.int().nonnegative(),
});
export type Blob = z.infer<typeof blob>;

/** Who signs. The passphrase is used once and stored nowhere. */
export const signerChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('pkcs12'),
    path: z.string().min(1),
    passphrase: z.string(),
    /** Certificates of the authority that issued the signer, to put into the pack. */
    roots: z.array(z.string().min(1)).default([]),
  }),
  /** A key where it is: a token, a cloud service, Vault. Named as on the command line. */
  z.strictObject({
    kind: z.literal('place'),
    place: z.string().min(1),
    /** PIN of a token, or a Vault token where VAULT_TOKEN is not set. */
    secret: z.string().default(''),
    /** The signer's certificate and those above it, for keys that come without. */
    certificates: z.array(z.string().min(1)).default([]),
    roots: z.array(z.string().min(1)).default([]),
  }),
  /** The sample environment's own signer; only in a sample engagement. */
  z.strictObject({ kind: z.literal('sample') }),
]);
export type SignerChoice = z.input<typeof signerChoice>;

/**
 * Who says when (RFC 3161): authorities tried in this order, and certificates that they must lead to. With `second`, those
 * are asked besides, in their order, for a time that does not hang on one authority.
 */
export const timestampChoice = z
  .strictObject({
    urls: z.array(z.url()).min(1),
    roots: z.array(z.string().min(1)).default([]),
    second: z.array(z.url()).optional(),
  })
  .nullable();
export type TimestampChoice = z.infer<typeof timestampChoice>;

/**
 * What a sign-in asks for, by source id: a token, a password, a client secret. Used for this one call and stored nowhere.
 * Sources that sign in by themselves (profiles, environment, a browser) need none.
 */
export const secretsOf = { secrets: z.record(z.string(), z.string()).default({}) };
