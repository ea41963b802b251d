import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RedactionError } from './error.ts';

/** What to take out of a pack. */
export const redactionRules = z
  .strictObject({
    /** Principals by the id the report shows: an ARN, an object id, an entity. Their names and unique ids go too. */
    principals: z.array(z.string().trim().min(3)).default([]),
    /** Names of JSON fields in responses and log records, for example `sourceIPAddress`: every value they hold. */
    fields: z.array(z.string().trim().min(1)).default([]),
    /** Why, in the words that shall stand in the redaction log. */
    reason: z.string().trim().min(1),
  })
  .refine((rules) => rules.principals.length + rules.fields.length > 0, {
    message: 'name at least one principal or field',
  });
export type RedactionRules = z.infer<typeof redactionRules>;

/** Reads a file of rules. @throws RedactionError BAD_RULES */
export function readRedactionRules(path: string): RedactionRules {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new RedactionError(
      'BAD_RULES',
      `cannot read redaction rules ${path}: ${(error as Error).message}. Give a JSON file such as {"fields":["sourceIPAddress"],"principals":[],"reason":"privacy"}.`,
    );
  }
  const parsed = redactionRules.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RedactionError(
    'BAD_RULES',
    `cannot use redaction rules ${path}: ${z.prettifyError(parsed.error)}`,
  );
}
