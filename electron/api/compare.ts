import { z } from 'zod';
import { pageOf, page } from './shared.ts';
import { read } from './method.ts';

const side = z.strictObject({ snapshot: z.string(), at: z.string() });

/** What differs about one key between two snapshots, and the logged changes that may explain it. */
export const keyComparison = z.object({
  key: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  fields: z.array(
    z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  policy: z.array(
    z.object({
      change: z.enum(['added', 'removed', 'changed']),
      statement: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
  access: z.array(
    z.object({
      principal: z.string(),
      right: z.string(),
      change: z.enum(['gained', 'lost', 'changed']),
      how: z.string(),
    }),
  ),
  explainedBy: z.array(
    z.object({
      at: z.string(),
      event: z.string(),
      actor: z.string().nullable(),
      event_id: z.string().nullable(),
      seq: z.int(),
      setting: z.string(),
      value: z.string().nullable(),
    }),
  ),
});
export type KeyComparison = z.infer<typeof keyComparison>;

const two = { from: z.string().min(1), to: z.string().min(1) };

export const compare = {
  'compare.summary': read(
    z.strictObject(two),
    z.strictObject({
      from: side,
      to: side,
      added: z.int(),
      removed: z.int(),
      changed: z.int(),
      unchanged: z.int(),
      /** Questions answered on one side only: what differs there is not known. First 500. */
      notComparable: z.array(z.strictObject({ key: z.string(), what: z.string() })).max(500),
    }),
  ),
  'compare.keys': read(z.strictObject({ ...two, ...pageOf }), page(keyComparison)),
};
