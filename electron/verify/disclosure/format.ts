import { z } from 'zod';

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** A file that opens single values which a sealed pack withheld. */
export const disclosure = z.strictObject({
  format: z.literal('urn:keywitness:disclosure:1'),
  /** Sealed values of ledger entries; of a body also its bytes (base64), `value` being their SHA-256. */
  values: z.array(
    z.strictObject({
      seq: z.int().positive(),
      field: z.string(),
      salt: hex,
      value: z.string(),
      body: z.base64().optional(),
    }),
  ),
  /** Raw log records (base64) with the proof that each is in its log file. */
  records: z.array(
    z.strictObject({
      seq: z.int().positive(),
      index: z.int().nonnegative(),
      record: z.base64(),
      nodes: z.array(hex),
    }),
  ),
  /** Values that tokens of the pack stand for. */
  tokens: z.array(z.strictObject({ token: z.string(), salt: hex, value: z.string() })),
});
export type Disclosure = z.infer<typeof disclosure>;
