import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import {
  instant,
  ofSnapshot,
  page,
  pageOf,
  secretsOf,
  signerChoice,
  startedJob,
  timestampChoice,
} from './shared.ts';
import { read, engine } from './method.ts';

const plannedCall = z.strictObject({
  source: z.string(),
  op: z.string(),
  scope: z.string(),
  purpose: z.string(),
  permissions: z.array(z.string()),
  calls: z.number(),
  /** Why the number is an estimate; null when it is exact. */
  estimate: z.string().nullable(),
  quota: z.number(),
  quotaSource: z.string(),
  budget: z.number(),
  seconds: z.number(),
});

/** Something that should be there and is not. */
export const gap = z.strictObject({
  n: z.int(),
  source: z.string(),
  scope: z.string(),
  op: z.string(),
  /** Key id, trail, bucket, Region; empty for the scope as a whole. */
  subject: z.string(),
  reason: z.string(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  /** What it means for the evidence. */
  effect: z.string(),
  remedy: z.string(),
  seq: z.int().nullable(),
});
export type Gap = z.infer<typeof gap>;

const listing = z.strictObject({
  pages: z.int(),
  items: z.int(),
  complete: z.boolean(),
  status: z.string(),
  code: z.string().nullable(),
  firstSeq: z.int(),
  lastSeq: z.int(),
});

const questionCounts = z.strictObject({
  op: z.string(),
  keys: z.int(),
  ok: z.int(),
  denied: z.int(),
  notApplicable: z.int(),
  throttled: z.int(),
  error: z.int(),
  network: z.int(),
  interrupted: z.int(),
  notAsked: z.int(),
  firstSeq: z.int().nullable(),
  lastSeq: z.int().nullable(),
});

const completeness = z.strictObject({
  source: z.string(),
  account: z.string(),
  region: z.string(),
  start: listing.nullable(),
  end: listing.nullable(),
  appeared: z.int(),
  vanished: z.int(),
  keys: z.int(),
  customer: z.int(),
  providerManaged: z.int(),
  managerUnknown: z.int(),
  loggedOnly: z.int(),
  questions: z.array(questionCounts),
});

const callCount = z.strictObject({
  source: z.string(),
  op: z.string(),
  scope: z.string(),
  outcome: z.enum(['ok', 'error', 'network', 'interrupted']),
  code: z.string(),
  calls: z.int(),
  retries: z.int(),
  first: instant,
  last: instant,
  first_seq: z.int(),
  last_seq: z.int(),
});

const identity = z.strictObject({
  source: z.string(),
  arn: z.string(),
  account: z.string().nullable(),
  user_id: z.string().nullable(),
  calls: z.int(),
  seq: z.int(),
});

const hostSeen = z.strictObject({
  source: z.string(),
  host: z.string(),
  /** SHA-256 of the certificate it showed; empty without TLS. */
  tls_peer: z.string(),
  calls: z.int(),
  /** Its clock minus ours, ms, to about 100 ms. */
  offset_min: z.number().nullable(),
  offset_median: z.number().nullable(),
  offset_max: z.number().nullable(),
  first_seq: z.int(),
});

const region = z.strictObject({
  source: z.string(),
  account: z.string(),
  name: z.string(),
  status: z.string().nullable(),
  collected: z.boolean(),
  reason: z.string().nullable(),
  seq: z.int().nullable(),
});

/** Who signs and who stamps the ledger's head when a snapshot closes. */
const sealing = { signer: signerChoice.default({ kind: 'none' }), timestamp: timestampChoice.default(null) };

/** What the job of a collection gives. */
export const collectResult = z.strictObject({
  snapshot: z.string(),
  state: z.enum(['complete', 'complete-with-gaps', 'failed', 'cancelled', 'stopped']),
  gaps: z.int(),
  stopped: z.array(z.strictObject({ source: z.string(), code: z.string(), message: z.string() })),
});
export type CollectJobResult = z.infer<typeof collectResult>;

const notRead = z.strictObject({ path: z.string(), reason: z.string() });

/** What the job of an import gives. */
export const importResult = z.strictObject({
  snapshot: z.string(),
  files: z.int(),
  imported: z.int(),
  rejected: z.array(notRead),
  defective: z.array(notRead),
  events: z.int(),
  relevant: z.int(),
  kms: z.int(),
  unreadable: z.int(),
});
export type ImportJobResult = z.infer<typeof importResult>;

export const collect = {
  /** Every call before it is made. */
  'collect.plan': engine(
    z.strictObject({ usageEventBudget: z.int().nonnegative().default(2000) }),
    z.strictObject({ calls: z.number(), seconds: z.number(), plan: z.array(plannedCall) }),
  ),
  /** Collects all sources into a new snapshot, or goes on with the one that was stopped. Pausable. */
  'collect.start': engine(
    z.strictObject({
      operator,
      usageEventBudget: z.int().nonnegative().default(2000),
      /** Snapshot to go on with; null for a new one. */
      resume: z.string().nullable().default(null),
      ...secretsOf,
      ...sealing,
    }),
    startedJob,
  ),
  /** Imports files and folders that the client exported into a snapshot of their own. */
  'collect.import': engine(
    z.strictObject({
      paths: z.array(z.string().min(1)).min(1),
      operator,
      source: z.string().nullable().default(null),
      ...sealing,
    }),
    startedJob,
  ),
  /** What a snapshot holds and how complete it is. */
  'collect.result': read(
    z.strictObject(ofSnapshot),
    z.strictObject({
      snapshot: z.string(),
      keys: z.int(),
      exceptions: z.int(),
      undetermined: z.int(),
      evidenceRequired: z.int(),
      gaps: z.int(),
      gapReasons: z.array(z.strictObject({ reason: z.string(), gaps: z.int() })),
      identities: z.array(identity),
      hosts: z.array(hostSeen),
    }),
  ),
  'collect.completeness': read(
    z.strictObject(ofSnapshot),
    z.strictObject({ places: z.array(completeness), regions: z.array(region) }),
  ),
  'collect.gaps': read(z.strictObject({ ...ofSnapshot, ...pageOf }), page(gap)),
  /** Every call made, counted by operation, scope and outcome. */
  'collect.calls': read(z.strictObject({ ...ofSnapshot, ...pageOf }), page(callCount)),
};
