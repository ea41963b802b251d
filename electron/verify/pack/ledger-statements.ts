import { z } from 'zod';
import type { Check } from '../verification.ts';
import { fail, pass } from '../verification.ts';
import type { OpenFile } from './evidence.ts';
import { lines } from './lines.ts';
import type { WalkedLedger } from './ledger-check.ts';

const HEAD = 'data/ledger/head.json';
const ACTIVITY = 'data/ledger/activity.jsonl';

const headFile = z.strictObject({
  entries: z.int(),
  head: z.string(),
  merkleRoot: z.string(),
  checkpoints: z.array(
    z.strictObject({
      seq: z.int(),
      purpose: z.string(),
      upTo: z.int(),
      head: z.string(),
      merkleRoot: z.string(),
    }),
  ),
});

/** data/ledger/head.json against the ledger itself: head, root and every checkpoint. */
export function checkHead(text: string | null, ledger: WalkedLedger): Check {
  const id = 'ledger-head';
  const title = 'Head of the ledger (head.json)';
  const parsed = headFile.safeParse(parseJson(text));
  if (!parsed.success) return fail(id, title, `${HEAD} is missing or is none of a known version.`);
  const { checkpoints, ...head } = parsed.data;
  if (head.entries !== ledger.entries || head.head !== ledger.head || head.merkleRoot !== ledger.merkleRoot)
    return fail(id, title, `${HEAD} names another ledger than the one in the pack.`);
  const expected = ledger.checkpoints.map(({ seq, facts }) => ({
    seq,
    purpose: facts.purpose,
    upTo: facts.upTo,
    head: facts.head,
    merkleRoot: facts.merkleRoot,
  }));
  const wrong = expected.findIndex((one, n) => JSON.stringify(one) !== JSON.stringify(checkpoints[n]));
  if (wrong >= 0 || checkpoints.length !== expected.length)
    return fail(id, title, `${HEAD} lists other checkpoints than the ledger holds.`);
  return pass(id, title, `Head, Merkle root and ${expected.length} checkpoints are those of the ledger.`);
}

/**
 * data/ledger/activity.jsonl against the ledger: every declaration, its line rebuilt from its entry. Of a declaration
 * whose value is withheld, only who made it cannot be compared.
 */
export async function checkActivity(open: OpenFile, ledger: WalkedLedger): Promise<Check> {
  const id = 'activity';
  const title = 'What operators did (activity.jsonl)';
  const pieces = open(ACTIVITY);
  if (!pieces) return fail(id, title, `${ACTIVITY} is not in the pack.`);
  try {
    return await compareActivity(pieces, ledger);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail(id, title, `${ACTIVITY}: ${error.message}.`);
  }
}

async function compareActivity(pieces: AsyncIterable<Buffer>, ledger: WalkedLedger): Promise<Check> {
  const id = 'activity';
  const title = 'What operators did (activity.jsonl)';
  let n = 0;
  for await (const line of lines(pieces)) {
    const expected = ledger.declarations[n];
    n += 1;
    if (!expected) return fail(id, title, `${ACTIVITY}: line ${n} is of no declaration of the ledger.`);
    const told = parseJson(line.toString('utf8')) as Record<string, unknown> | undefined;
    const by = expected.by ?? told?.['by'];
    const { seq, at, what, subject } = expected;
    if (line.toString('utf8') !== JSON.stringify({ seq, at, by, what, subject }))
      return fail(id, title, `${ACTIVITY}: line ${n} is not what entry ${seq} of the ledger says.`);
  }
  if (n !== ledger.declarations.length)
    return fail(id, title, `${ACTIVITY} has ${n} lines for ${ledger.declarations.length} declarations.`);
  return pass(id, title, `${n} declarations, each as the ledger has it.`);
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
