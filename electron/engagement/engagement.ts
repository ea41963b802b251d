import { z } from 'zod';
import { sourceId } from './source-id.ts';
import { azureSource } from './azure-source.ts';
import { policyParameters } from './parameters.ts';
import { vaultSource } from './vault-source.ts';

/** UTC instant, ISO 8601. */
const instant = z.iso.datetime();

/** The date range under audit, UTC, `[from, to)`. */
export const period = z
  .strictObject({ from: instant, to: instant })
  .refine((p) => p.from < p.to, 'the period must end after it starts');
export type Period = z.infer<typeof period>;

/** Who is at the keyboard: recorded with every decision. */
export const operator = z.strictObject({ name: z.string().min(1), email: z.string().nullable() });
export type Operator = z.infer<typeof operator>;

/** One audit. The latest `engagement` declaration in the ledger is the current one. */
export const engagement = z.strictObject({
  client: z.string().min(1),
  /** Criteria tested, for example `CC6.1`. */
  criteria: z.array(z.string().min(1)).min(1),
  /**
   * management: the organisation's analyst prepares evidence. auditor: a service auditor inspects; what would impair
   * independence (assigning owners, signing the client's review) is off.
   */
  mode: z.enum(['management', 'auditor']),
  /** 1: as of a date. 2: over a period. */
  type: z.union([z.literal(1), z.literal(2)]),
  period,
  parameters: policyParameters,
  /** True for an engagement over the sample environment: every page of its pack says SAMPLE — NOT EVIDENCE. */
  sample: z.boolean(),
});
export type Engagement = z.infer<typeof engagement>;

export const awsSource = z.strictObject({
  provider: z.literal('aws'),
  id: sourceId,
  title: z.string().min(1),
  /** Where credentials come from; never the credentials themselves. */
  credentials: z.discriminatedUnion('from', [
    z.strictObject({ from: z.literal('default-chain') }),
    z.strictObject({ from: z.literal('environment') }),
    z.strictObject({ from: z.literal('profile'), profile: z.string().min(1) }),
    z.strictObject({ from: z.literal('sso'), profile: z.string().min(1) }),
  ]),
  /** Role to assume with those credentials, with the external id the client agreed on. */
  assumeRole: z
    .strictObject({ roleArn: z.string().startsWith('arn:'), externalId: z.string().min(1).nullable() })
    .nullable(),
  /** Regions to collect; null for every enabled region. */
  regions: z.array(z.string().min(1)).min(1).nullable(),
  /**
   * Endpoint of the sample environment. A source with an endpoint is refused in an engagement that is not marked as a
   * sample: evidence must not silently come from somewhere else.
   */
  sampleEndpoint: z.url().nullable(),
  /** Read log files of trails from their buckets (needs read access to the bucket). */
  readLogFiles: z.boolean(),
});
export type AwsSource = z.infer<typeof awsSource>;

const filesSource = z.strictObject({
  provider: z.literal('files'),
  id: sourceId,
  title: z.string().min(1),
});
export type FilesSource = z.infer<typeof filesSource>;

export type { AzureSource } from './azure-source.ts';

/** One place evidence comes from. */
export const source = z.discriminatedUnion('provider', [awsSource, azureSource, vaultSource, filesSource]);
export type Source = z.infer<typeof source>;

/** Opens a snapshot. Every time that steers the collection is fixed here, so that a resumed run asks the same. */
export const snapshotOpen = z.strictObject({
  sources: z.array(z.string()),
  startedAt: instant,
  tool: z.strictObject({ name: z.string(), version: z.string(), node: z.string(), platform: z.string() }),
});
export type SnapshotOpen = z.infer<typeof snapshotOpen>;

/**
 * Several closed snapshots read as one body of evidence (subject: id of the view). Members stand in the order in which
 * they were opened. What a view shows is derived from the entries of its members alone.
 */
export const snapshotView = z.strictObject({
  members: z
    .array(z.string().min(1))
    .min(2)
    .refine((members) => new Set(members).size === members.length, 'each member once'),
});
export type SnapshotView = z.infer<typeof snapshotView>;

export const snapshotState = z.enum(['complete', 'complete-with-gaps', 'cancelled', 'failed']);
export type SnapshotState = z.infer<typeof snapshotState>;

/** Closes a snapshot; a snapshot without it can be resumed. */
export const snapshotClose = z.strictObject({
  state: snapshotState,
  endedAt: instant,
  why: z.string().nullable(),
});
export type SnapshotClose = z.infer<typeof snapshotClose>;
