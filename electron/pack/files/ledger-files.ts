import type { ReadableDb } from '../../../db/handle.ts';
import { entries, storedLines } from '../../../db/ledger/read.ts';
import { leafHash, MerkleBuilder } from '../../../db/ledger/merkle.ts';
import { csvFile, jsonLines, type Cell } from './csv.ts';
import type { Withheld } from '../redact/withheld.ts';
import { saltLines } from './ledger-lines.ts';
import type { PackFile } from './pack-file.ts';
import { madeFile } from './recipe.ts';

const SALTS = 'data/ledger/salts.jsonl';
/** Bundles of bodies stay at or below this, unless one body alone is larger. */
const BUNDLE_BYTES = 256 * 1000 * 1000;

/** Everything of data/ledger/ but the proofs, for entries 1..upTo. */
export function ledgerFiles(db: ReadableDb, upTo: number, withheld?: Withheld): PackFile[] {
  const bundles = planBundles(db, upTo, withheld?.bodies ?? new Set());
  return [
    madeFile(db, 'data/ledger/entries.jsonl', { make: 'entries', with: [upTo] }, true),
    withheld
      ? { path: SALTS, content: () => saltLines(db, upTo, withheld.values), large: true }
      : madeFile(db, SALTS, { make: 'salts', with: [upTo] }, true),
    ...bundles.map(({ bodies, bytes }, n) =>
      madeFile(
        db,
        bundlePath(n),
        { make: 'bodies', with: [bodies.map((body) => body.sha256)] },
        bytes > BUNDLE_BYTES,
      ),
    ),
    {
      path: 'data/ledger/bodies.csv',
      content: () => csvFile(['sha256', 'file', 'offset', 'length'], bodyRows(bundles)),
    },
    { path: 'data/ledger/head.json', content: () => `${JSON.stringify(headFacts(db, upTo), null, 2)}\n` },
    { path: 'data/ledger/activity.jsonl', content: () => jsonLines(activityLines(db, upTo)) },
  ];
}

interface Bundle {
  bodies: { sha256: string; length: number }[];
  bytes: number;
}

/** Bodies that entries up to there name; a body that came later is not this pack's. */
function planBundles(db: ReadableDb, upTo: number, withheld: ReadonlySet<string>): Bundle[] {
  const bundles: Bundle[] = [];
  const rows = db
    .prepare<[number], { sha256: Buffer; bytes: number }>(
      `SELECT sha256, bytes FROM body
        WHERE sha256 IN (SELECT unhex(value) FROM disclosure WHERE field = 'body' AND seq <= ?) ORDER BY sha256`,
    )
    .iterate(upTo);
  for (const { sha256, bytes } of rows) {
    if (withheld.has(sha256.toString('hex'))) continue;
    let last = bundles.at(-1);
    if (!last || last.bytes + bytes > BUNDLE_BYTES) bundles.push((last = { bodies: [], bytes: 0 }));
    last.bodies.push({ sha256: sha256.toString('hex'), length: bytes });
    last.bytes += bytes;
  }
  return bundles;
}

function bundlePath(n: number): string {
  return `data/ledger/bodies-${String(n + 1).padStart(4, '0')}.bin`;
}

function* bodyRows(bundles: readonly Bundle[]): Generator<Cell[]> {
  for (const [n, bundle] of bundles.entries()) {
    let offset = 0;
    for (const { sha256, length } of bundle.bodies) {
      yield [sha256, bundlePath(n).slice('data/ledger/'.length), offset, length];
      offset += length;
    }
  }
}

function headFacts(db: ReadableDb, upTo: number) {
  const tree = new MerkleBuilder();
  let head = '';
  for (const { seq, line, hash } of storedLines(db)) {
    if (seq > upTo) break;
    tree.add(leafHash(Buffer.from(line, 'utf8')));
    head = hash;
  }
  const checkpoints = [...entries(db, 'checkpoint')]
    .filter((c) => c.seq <= upTo)
    .map(({ seq, facts }) => ({
      seq,
      purpose: facts.purpose,
      upTo: facts.upTo,
      head: facts.head,
      merkleRoot: facts.merkleRoot,
    }));
  return { entries: upTo, head, merkleRoot: tree.root().toString('hex'), checkpoints };
}

/** What operators did, in their order: every declaration, with who and when. */
function* activityLines(db: ReadableDb, upTo: number) {
  for (const entry of entries(db, 'declaration')) {
    if (entry.seq > upTo) break;
    const { by } = JSON.parse(entry.values.value!) as { by: unknown };
    yield { seq: entry.seq, at: entry.at, by, what: entry.facts.what, subject: entry.facts.subject };
  }
}
