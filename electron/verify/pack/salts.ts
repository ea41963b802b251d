import { z } from 'zod';
import type { Disclosure } from '../../../db/ledger/verify-chain.ts';
import { lines } from './lines.ts';

export const SALTS = 'data/ledger/salts.jsonl';

/** One line of salts.jsonl: a sealed value that this pack discloses, and the salt that opens its commitment. */
const saltLine = z.strictObject({
  seq: z.int().positive(),
  field: z.string(),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  value: z.string().refine((value) => value.isWellFormed()),
});

/**
 * Reads salts.jsonl in step with the ledger: both are in order of the sequence number.
 *
 * Like a ledger line, a line here has one form only: otherwise a reader that takes the first of two equal keys would be
 * shown a value that was never sealed.
 */
export function saltReader(pieces: AsyncIterable<Buffer>) {
  const iterator = lines(pieces);
  let ahead: { seq: number; disclosure: Disclosure } | null = null;
  let count = 0;
  let ended = false;
  let failed = false;
  async function peek() {
    if (ahead !== null || ended) return ahead;
    try {
      const next = await iterator.next();
      if (next.done) ended = true;
      else ahead = parseSalt(next.value, (count += 1));
    } catch (error) {
      failed = true;
      throw error;
    }
    return ahead;
  }
  return {
    /** True when the file itself could not be read. */
    get failed() {
      return failed;
    },
    async of(seq: number): Promise<Disclosure[]> {
      const found: Disclosure[] = [];
      for (let next = await peek(); next?.seq === seq; next = await peek()) {
        found.push(next.disclosure);
        ahead = null;
      }
      return found;
    },
    /** Sequence number of a salt that no entry took, or null. */
    async rest(): Promise<number | null> {
      return (await peek())?.seq ?? null;
    },
  };
}

/** @throws SyntaxError, without a word of the line: what it holds is what a pack may withhold. */
function parseSalt(line: Buffer, number: number): { seq: number; disclosure: Disclosure } {
  const parsed = saltLine.safeParse(parseJson(line.toString('utf8')));
  // The bytes, not the text: a byte that is no UTF-8 must not pass for the replacement character it reads as.
  if (!parsed.success || !Buffer.from(JSON.stringify(parsed.data), 'utf8').equals(line)) {
    throw new SyntaxError(`line ${number} does not open a value in the one form it is written in`);
  }
  const { seq, field, salt, value } = parsed.data;
  return { seq, disclosure: { field, salt: Buffer.from(salt, 'hex'), value: Buffer.from(value, 'utf8') } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
