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
  /** Absent in packs of a version that knew no views. */
  snapshot: z.looseObject({ id: z.string(), members: z.array(z.string()).optional() }).optional(),
  members: z.array(z.looseObject({ id: z.string(), exchanges: z.int(), imports: z.int() })).optional(),
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
  const otherMembers = memberFault(index, ledger);
  if (otherMembers) return fail(ID, TITLE, otherMembers);
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

/**
 * What is wrong with the members of the pack's snapshot, or null: they must be those that the ledger declares, each
 * closed, with as many entries as it holds.
 */
function memberFault({ snapshot, members }: z.infer<typeof packIndex>, ledger: WalkedLedger): string | null {
  if (!snapshot?.members) return null;
  const named = snapshot.members;
  if (
    !sameList(
      named,
      (members ?? []).map(({ id }) => id),
    )
  )
    return 'data/pack.json describes other members of its snapshot than it names.';
  const declared = ledger.views.get(snapshot.id);
  const expected = declared === undefined ? [snapshot.id] : declared;
  if (expected !== null && !sameList(named, expected)) {
    return `data/pack.json names ${named.join(', ') || 'no members'} as members of snapshot ${snapshot.id}; the ledger declares ${expected.join(', ')}.`;
  }
  for (const { id, exchanges, imports } of members ?? []) {
    const run = ledger.runs[id];
    if (!run) return `data/pack.json names snapshot ${id}, which the ledger does not open.`;
    if (!run.closed) return `data/pack.json names snapshot ${id}, which the ledger does not close.`;
    if (run.exchanges !== exchanges || run.imports !== imports)
      return `data/pack.json counts other entries of snapshot ${id} than the ledger holds.`;
  }
  return null;
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);

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
