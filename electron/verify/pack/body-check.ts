import { createHash } from 'node:crypto';
import type { EvidenceFault, OpenFile } from './evidence.ts';
import { lines } from './lines.ts';

const FOLDER = 'data/ledger/';
/** Lines of bodies.csv end with CR LF (RFC 4180); the line feed is what divides them here. */
const HEADER = 'sha256,file,offset,length\r';
const ROW = /^([0-9a-f]{64}),(bodies-\d{4,}\.bin),(\d{1,15}),(\d{1,15})\r$/;

/**
 * Checks that every body the ledger names is in the bundles, is what it was, and that the bundles hold nothing else.
 *
 * @param names every file of the pack: a bundle that nothing lists is named too.
 */
export async function checkBodies(
  open: OpenFile,
  named: ReadonlySet<string>,
  names: Iterable<string>,
): Promise<EvidenceFault | null> {
  const index = `${FOLDER}bodies.csv`;
  const files = [...names].filter((path) => path.startsWith(FOLDER));
  const rows = open(index);
  if (!rows) return { file: index, what: 'it is not in the pack' };
  const byFile = new Map<string, { sha256: string; offset: number; length: number }[]>();
  const listed = new Set<string>();
  let first = true;
  for await (const line of lines(rows)) {
    const text = line.toString('utf8');
    if (first) {
      if (text !== HEADER) return { file: index, what: 'its first line is not its header' };
      first = false;
      continue;
    }
    const row = ROW.exec(text);
    if (!row)
      return { file: index, what: `its line ${JSON.stringify(text.slice(0, 90))} is not that of a body` };
    const [, sha256, file, offset, length] = row as unknown as [string, string, string, string, string];
    if (!named.has(sha256)) return { file: index, what: `it lists body ${sha256}, which no entry names` };
    if (listed.has(sha256)) return { file: index, what: `it lists body ${sha256} twice` };
    listed.add(sha256);
    const list = byFile.get(file) ?? [];
    list.push({ sha256, offset: Number(offset), length: Number(length) });
    byFile.set(file, list);
  }
  if (listed.size !== named.size)
    return { file: index, what: `it lists ${listed.size} bodies where the ledger names ${named.size}` };
  const stray = files.find((path) => path.endsWith('.bin') && !byFile.has(path.slice(FOLDER.length)));
  if (stray) return { file: stray, what: 'it holds no body that is listed' };
  for (const [name, bodies] of byFile) {
    const fault = await checkBundle(open, `${FOLDER}${name}`, bodies);
    if (fault) return fault;
  }
  return null;
}

async function checkBundle(
  open: OpenFile,
  file: string,
  bodies: readonly { sha256: string; offset: number; length: number }[],
): Promise<EvidenceFault | null> {
  const pieces = open(file);
  if (!pieces) return { file, what: 'it is not in the pack' };
  let [current, left, offset] = [0, bodies[0]?.length ?? 0, 0];
  let hash = createHash('sha256');
  const finish = (): EvidenceFault | null => {
    const body = bodies[current]!;
    if (body.offset !== offset || hash.digest('hex') !== body.sha256) {
      return {
        file,
        what: `the body at byte ${body.offset} is not the one that was recorded (${body.sha256})`,
      };
    }
    offset += body.length;
    current += 1;
    left = bodies[current]?.length ?? 0;
    hash = createHash('sha256');
    return null;
  };
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      while (current < bodies.length && left === 0) {
        const fault = finish();
        if (fault) return fault;
      }
      if (current >= bodies.length) return { file, what: 'it holds bytes that belong to no body' };
      const take = Math.min(left, piece.length - at);
      hash.update(piece.subarray(at, at + take));
      at += take;
      left -= take;
    }
  }
  while (current < bodies.length) {
    if (left > 0) return { file, what: 'it ends early' };
    const fault = finish();
    if (fault) return fault;
  }
  return null;
}
