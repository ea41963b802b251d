import { z } from 'zod';
import { operator, source } from '../engagement/engagement.ts';
import { nothing, secretsOf, startedJob } from './shared.ts';
import { engine } from './method.ts';

/** Whether one permission is there, as a real call showed. */
export const testedPermission = z.strictObject({
  op: z.string(),
  permissions: z.array(z.string()),
  status: z.enum(['ok', 'denied', 'unknown']),
  code: z.string().nullable(),
  message: z.string().nullable(),
});

/** What a connection test found: the result of the job that `sources.test` starts. */
export const connectionTest = z.object({
  account: z.string(),
  /** Who asks, as the provider names it. */
  arn: z.string(),
  region: z.string(),
  permissions: z.array(testedPermission),
});
export type ConnectionTest = z.infer<typeof connectionTest>;

export const sources = {
  'sources.list': engine(nothing, z.strictObject({ sources: z.array(source) })),
  /** Adds a source, or replaces the one of the same id. */
  'sources.add': engine(z.strictObject({ source, operator }), z.strictObject({ sources: z.array(source) })),
  /** Stops collecting from a source; what was collected stays. */
  'sources.remove': engine(
    z.strictObject({ id: z.string(), reason: z.string().min(1), operator }),
    z.strictObject({ sources: z.array(source) }),
  ),
  /** Tries a source with the cheapest real calls. The job's result is a ConnectionTest. */
  'sources.test': engine(z.strictObject({ id: z.string(), operator, ...secretsOf }), startedJob),
  /** The least privilege that a collection from this source needs, as documents to copy. */
  'sources.policy': engine(
    z.strictObject({
      provider: z.enum(['aws', 'azure', 'vault']),
      /** Fills in names where the source gives them. */
      source: z.string().optional(),
    }),
    z.strictObject({
      documents: z.array(
        z.strictObject({ title: z.string(), language: z.enum(['json', 'hcl', 'shell']), text: z.string() }),
      ),
    }),
  ),
};
