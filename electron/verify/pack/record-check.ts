import { z } from 'zod';
import type { LinesFacts } from '../../../db/ledger/entry.ts';
import { leafHash, rootFromSetProof } from '../../../db/ledger/merkle.ts';
import type { EvidenceFault, OpenFile } from './evidence.ts';
import { lines } from './lines.ts';

/** A file of raw records while it is read; `line` is the next line, 1-based. */
interface RecordFile {
  file: string;
  records: AsyncGenerator<Buffer>;
  line: number;
}

const FOLDER = 'data/3-usage-logs/';

/** One line of proofs.jsonl, as usage-files.ts documents it. */
const proofLine = z.strictObject({
  seq: z.int().positive(),
  file: z.string(),
  line: z.int().positive(),
  size: z.int().positive(),
  kept: z.array(z.int().nonnegative()),
  nodes: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** Records that a redacted pack withholds: their hashes are under the nodes. */
  withheld: z.int().positive().optional(),
});
type Proof = z.infer<typeof proofLine>;

/**
 * Checks every raw log record of the pack against the Merkle root of the log file it came from, and that the record
 * files hold no line that is not proved.
 *
 * @param names every file of the pack: a file of raw records that no proof names is a fault too.
 */
export async function checkLogRecords(
  open: OpenFile,
  logFiles: ReadonlyMap<number, LinesFacts>,
  names: Iterable<string>,
): Promise<EvidenceFault | null> {
  const index = 'data/ledger/proofs.jsonl';
  const pieces = open(index);
  const unread = new Set([...names].filter((path) => path.startsWith(FOLDER) && path.endsWith('.jsonl')));
  const expected = [...logFiles].filter(([, facts]) => facts.relevant > 0).length;
  if (!pieces && expected > 0) return { file: index, what: 'it is not in the pack' };
  const seen = new Set<number>();
  let current = null as RecordFile | null;
  for await (const line of lines(pieces ?? nothing())) {
    const parsed = proofLine.safeParse(JSON.parse(line.toString('utf8')));
    if (!parsed.success) return { file: index, what: `its line ${seen.size + 1} is not a proof` };
    const proof = parsed.data;
    const facts = logFiles.get(proof.seq);
    if (seen.has(proof.seq))
      return { file: index, what: `it proves the records of entry ${proof.seq} twice` };
    if (!facts || facts.relevant === 0)
      return { file: index, what: `it proves records of entry ${proof.seq}, of which none are kept` };
    if (proof.size !== facts.records || proof.kept.length + (proof.withheld ?? 0) !== facts.relevant) {
      return { file: index, what: `its counts for entry ${proof.seq} differ from the ledger` };
    }
    if (current?.file !== proof.file) {
      const left = current ? await unproved(current) : null;
      if (left) return left;
      const records = open(proof.file);
      if (!records) return { file: proof.file, what: 'it is not in the pack' };
      if (!unread.delete(proof.file))
        return { file: proof.file, what: 'it is no file of raw records, or its proofs are not together' };
      current = { file: proof.file, records: lines(records), line: 1 };
    }
    const fault = await checkProof(current, proof, facts);
    if (fault) return fault;
    seen.add(proof.seq);
  }
  if (seen.size !== expected) return { file: index, what: `it proves ${seen.size} log files of ${expected}` };
  const left = current ? await unproved(current) : null;
  if (left) return left;
  const [stray] = unread;
  return stray
    ? { file: stray, what: 'no proof names it: its records are in no log file of the ledger' }
    : null;
}

async function* nothing(): AsyncGenerator<Buffer> {
  // A pack without log records needs no proofs.
}

async function checkProof(
  current: RecordFile,
  proof: Proof,
  facts: LinesFacts,
): Promise<EvidenceFault | null> {
  const { file } = current;
  if (current.line !== proof.line)
    return { file, what: `records from line ${current.line} on are not proved` };
  const hashes: Buffer[] = [];
  for (let i = 0; i < proof.kept.length; i += 1) {
    const next = await current.records.next();
    if (next.done) return { file, what: `it ends at line ${current.line - 1}, before all its records` };
    hashes.push(leafHash(file.endsWith('-as-strings.jsonl') ? decoded(next.value) : next.value));
    current.line += 1;
  }
  const nodes = proof.nodes.map((node) => Buffer.from(node, 'hex'));
  let holds = false;
  try {
    holds = rootFromSetProof(proof.size, proof.kept, hashes, nodes).toString('hex') === facts.merkleRoot;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  if (holds) return null;
  const last = proof.line + proof.kept.length - 1;
  return {
    file,
    what: `lines ${proof.line} to ${last} are not the records of the log file at entry ${proof.seq}`,
  };
}

/** A record with line breaks inside stands in its file as a JSON string. */
function decoded(line: Buffer): Buffer {
  return Buffer.from(JSON.parse(line.toString('utf8')) as string, 'utf8');
}

async function unproved(current: RecordFile): Promise<EvidenceFault | null> {
  const next = await current.records.next();
  if (next.done) return null;
  return {
    file: current.file,
    what: `line ${current.line} and what follows is in no log file of the ledger`,
  };
}
