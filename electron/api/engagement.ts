import { z } from 'zod';
import { engagement as engagementSchema, operator, snapshotState, source } from '../engagement/engagement.ts';
import { policyParameters } from '../engagement/parameters.ts';
import { instant, nothing } from './shared.ts';
import { engine } from './method.ts';

/** One collection run as lists show it. */
export const snapshotSummary = z.strictObject({
  id: z.string(),
  startedAt: instant,
  endedAt: instant.nullable(),
  by: operator,
  sources: z.array(z.string()),
  /** open: it was stopped before its end, or is running now. */
  state: z.enum([...snapshotState.options, 'open']),
  why: z.string().nullable(),
  /** Runs whose evidence it reads: itself, or the members of a view. */
  members: z.array(z.string()),
});
export type SnapshotSummary = z.infer<typeof snapshotSummary>;

/** The open engagement. */
export const openEngagement = z.strictObject({
  file: z.string(),
  /** Null when it may be written; otherwise why it may not. */
  readOnly: z.string().nullable(),
  /** What is unwise about where the file lies (a synchronised folder, a network share); null when nothing is. */
  warning: z.string().nullable(),
  engagement: engagementSchema,
  sources: z.array(source),
  snapshots: z.array(snapshotSummary),
  /** The snapshot to show unless another one is chosen; null before the first collection. */
  shown: z.string().nullable(),
  /** Everybody whose name stands under an entry of the ledger. */
  operators: z.array(operator),
  /** Length of the ledger. */
  entries: z.int(),
});
export type OpenEngagement = z.infer<typeof openEngagement>;

const maybeOpen = z.strictObject({ open: openEngagement.nullable() });

export const engagementMethods = {
  /** Makes a new engagement file and opens it. */
  'engagement.create': engine(
    z.strictObject({ file: z.string().min(1), engagement: engagementSchema, operator }),
    openEngagement,
  ),
  /** Opens a file; one that another process writes is opened for reading only. */
  'engagement.open': engine(z.strictObject({ file: z.string().min(1) }), openEngagement),
  /** Closes the open engagement; refused with BUSY while a job runs on it. */
  'engagement.close': engine(nothing, nothing),
  /** The open engagement, or null. */
  'engagement.get': engine(nothing, maybeOpen),
  /** Declares the engagement anew with the given members changed; what was declared before stays in the ledger. */
  'engagement.update': engine(
    z.strictObject({ change: engagementSchema.omit({ sample: true }).partial(), operator }),
    openEngagement,
  ),
  /** The parameters that hold until the client's policy is recorded. */
  'engagement.defaultParameters': engine(nothing, policyParameters),
};
