import { z } from 'zod';
import { fail, pass, type Check } from '../verification.ts';
import type { WalkedLedger } from './ledger-check.ts';

/** What verification relies on in data/pack.json; the rest of it is for readers. */
const packIndex = z.looseObject({
  format: z.literal('urn:keywitness:pack:1'),
  ledger: z.looseObject({ entries: z.int(), head: z.string(), merkleRoot: z.string() }),
  counts: z.looseObject({
    entries: z.record(z.string(), z.int()),
    calls: z.record(z.string(), z.record(z.string(), z.int())),
  }),
  exhibits: z.array(
    z.looseObject({
      id: z.string(),
      files: z.array(z.string()),
      cites: z.array(z.int()),
      notProvided: z.string().nullable(),
    }),
  ),
});

const ID = 'pack-index';
const TITLE = 'Index and counts (pack.json)';

/** Checks pack.json against the ledger itself: head, root, counts recomputed, exhibits that exist and cite what exists. */
export function checkIndex(
  text: string | undefined,
  ledger: WalkedLedger,
  files: ReadonlySet<string>,
): Check {
  const parsed = packIndex.safeParse(parseJson(text));
  if (!parsed.success)
    return fail(ID, TITLE, 'data/pack.json is missing or is not an index of a known version.');
  const index = parsed.data;
  const { entries, head, merkleRoot } = index.ledger;
  if (entries !== ledger.entries || head !== ledger.head || merkleRoot !== ledger.merkleRoot) {
    return fail(ID, TITLE, 'data/pack.json names another ledger than the one in the pack.');
  }
  if (!sameCounts(index.counts.entries, ledger.kinds)) {
    return fail(ID, TITLE, 'data/pack.json counts other entries than the ledger holds.');
  }
  for (const op of new Set([...Object.keys(index.counts.calls), ...Object.keys(ledger.calls)])) {
    if (!sameCounts(index.counts.calls[op] ?? {}, ledger.calls[op] ?? {})) {
      return fail(ID, TITLE, `data/pack.json counts other calls of ${op} than the ledger holds.`);
    }
  }
  for (const exhibit of index.exhibits) {
    const missing = exhibit.files.find((path) => !files.has(path));
    if (missing) return fail(ID, TITLE, `Exhibit ${exhibit.id} names ${missing}, which is not in the pack.`);
    const stray = exhibit.cites.find((seq) => seq < 1 || seq > ledger.entries);
    if (stray !== undefined)
      return fail(ID, TITLE, `Exhibit ${exhibit.id} cites entry ${stray}, which does not exist.`);
    if (exhibit.files.length === 0 && exhibit.notProvided === null) {
      return fail(ID, TITLE, `Exhibit ${exhibit.id} has no file and does not say why.`);
    }
  }
  const provided = index.exhibits.filter((e) => e.files.length > 0).length;
  return pass(
    ID,
    TITLE,
    `Counts recomputed from the ledger agree; ${provided} of ${index.exhibits.length} exhibits provided.`,
  );
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function sameCounts(a: Record<string, number>, b: Record<string, number>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => (a[key] ?? 0) === (b[key] ?? 0));
}
