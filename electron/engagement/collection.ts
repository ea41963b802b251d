import { z } from 'zod';

/** UTC instant, ISO 8601. */
const instant = z.iso.datetime();

/**
 * Which quotas a run keeps to. `provider`: half of what the provider publishes. Otherwise a factor on that, for an
 * environment that declares its own.
 */
export const quotaChoice = z.union([
  z.literal('provider'),
  z.strictObject({ multiplier: z.number().positive(), reason: z.string().min(1) }),
]);
export type QuotaChoice = z.infer<typeof quotaChoice>;

/** How a run of a snapshot was set up (subject: snapshot id). Each run declares it; a resumed run asks the same. */
export const collectSettings = z.strictObject({
  quotas: quotaChoice,
  /** Most events of key use looked up in each region where log files do not give them; 0 for none. */
  usageEventBudget: z.int().nonnegative(),
  network: z.strictObject({
    /** Host of the proxy in use. */
    proxy: z.string().nullable(),
    /** Whether a certificate authority besides the ordinary ones was trusted. */
    extraCa: z.boolean(),
    systemCa: z.boolean(),
  }),
  /** Names of environment variables that would have changed where evidence comes from, and were ignored. */
  ignoredEnvironment: z.array(z.string()),
});
export type CollectSettings = z.infer<typeof collectSettings>;

/** Something that was not asked at all, so that no exchange tells of it (subject: snapshot id). */
export const collectNote = z.strictObject({
  source: z.string(),
  scope: z.string(),
  /** The operation that was not asked, or not to its end; null when the note is about the whole scope. */
  op: z.string().nullable(),
  what: z.enum([
    'region-not-collected',
    'region-not-enabled',
    'regions-assumed',
    'before-retention-edge',
    'provisional-tail',
    'event-budget-reached',
    'log-files-not-read',
    'lookup-restarted',
    'lookup-incomplete',
    'other-account',
    'unreadable-answer',
    'place-not-collected',
    'data-plane-not-asked',
    'log-query-partial',
    'namespace-not-collected',
    'mount-not-collected',
    'auth-method-not-read',
    'directory-not-read',
    'value-not-given',
  ]),
  /** The part of the period it is about; null when it is about all of it. */
  from: instant.nullable(),
  to: instant.nullable(),
  /** In words, as the pack prints it. */
  reason: z.string().min(1),
});
export type CollectNote = z.infer<typeof collectNote>;
