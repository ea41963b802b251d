import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { linesFacts } from '../../../db/ledger/entry.ts';
import { commitment } from '../../../db/ledger/hash.ts';
import { leafHash, rootFromSetProof } from '../../../db/ledger/merkle.ts';
import { tokenOf } from '../../pack/redact/redactor.ts';
import { readDirectory } from '../container/read-directory.ts';
import { openEntry, readSmallEntry } from '../container/read-entry.ts';
import { lines } from '../pack/lines.ts';
import { fail, pass, type Check } from '../verification.ts';
import { disclosure, type Disclosure } from './format.ts';

const LEDGER = 'data/ledger/entries.jsonl';
const LOG = 'data/redactions/redaction-log.json';
/** A redaction log lists tokens and numbers; none comes near this. */
const LOG_BYTES = 256 * 1024 * 1024;

/** What of a ledger line is needed to check what is opened. */
const entryLine = z.looseObject({
  seq: z.int(),
  sealed: z.record(z.string(), z.string()).default({}),
  facts: z.looseObject({ lines: linesFacts.optional() }),
});
type EntryLine = z.infer<typeof entryLine>;

/**
 * Checks opened values against a sealed pack: each fits the commitment, the log file or the token that the pack was sealed
 * with. Says nothing of the pack itself: `verifyPack` does.
 */
export async function checkDisclosure(pack: string, text: string): Promise<Check[]> {
  const parsed = disclosure.safeParse(parseJson(text));
  if (!parsed.success)
    return [
      fail('disclosed', 'Disclosure', 'The file opens nothing: it is no disclosure of a known version.'),
    ];
  const file = await open(pack);
  try {
    const wanted = new Set([...parsed.data.values, ...parsed.data.records].map(({ seq }) => seq));
    const found = await entriesOf(file, wanted);
    return [
      ...parsed.data.values.map((value) => checkValue(value, found.get(value.seq))),
      ...parsed.data.records.map((record) => checkRecord(record, found.get(record.seq))),
      ...(await checkTokens(file, parsed.data.tokens)),
    ];
  } finally {
    await file.close();
  }
}

async function entriesOf(file: FileHandle, wanted: ReadonlySet<number>): Promise<Map<number, EntryLine>> {
  const found = new Map<number, EntryLine>();
  if (wanted.size === 0) return found;
  const { entries } = await readDirectory(file);
  const entry = entries.find((e) => e.name === LEDGER);
  if (!entry) return found;
  let seq = 0;
  for await (const line of lines(openEntry(file, entry).pieces)) {
    seq += 1;
    if (!wanted.has(seq)) continue;
    const parsed = entryLine.safeParse(parseJson(line.toString('utf8')));
    if (parsed.success && parsed.data.seq === seq) found.set(seq, parsed.data);
  }
  return found;
}

function checkValue(opened: Disclosure['values'][number], entry: EntryLine | undefined): Check {
  const title = `Disclosed ${opened.field} of entry ${opened.seq}`;
  const sealed = entry && Object.hasOwn(entry.sealed, opened.field) ? entry.sealed[opened.field] : undefined;
  if (sealed === undefined) return fail('disclosed', title, 'The pack has no such sealed value.');
  if (commitment(Buffer.from(opened.salt, 'hex'), opened.value) !== sealed)
    return fail('disclosed', title, 'It is not the value that was sealed.');
  if (opened.body !== undefined && sha256(Buffer.from(opened.body, 'base64')) !== opened.value)
    return fail('disclosed', title, 'The hash is the one that was sealed; the body is not what it is of.');
  return pass('disclosed', title, 'It is the very value that was sealed.');
}

function checkRecord(opened: Disclosure['records'][number], entry: EntryLine | undefined): Check {
  const title = `Disclosed log record ${opened.index} of entry ${opened.seq}`;
  const facts = entry?.facts.lines;
  if (!facts) return fail('disclosed', title, 'The pack has no such log file.');
  try {
    const leaf = leafHash(Buffer.from(opened.record, 'base64'));
    const nodes = opened.nodes.map((node) => Buffer.from(node, 'hex'));
    const root = rootFromSetProof(facts.records, [opened.index], [leaf], nodes).toString('hex');
    if (root === facts.merkleRoot) return pass('disclosed', title, 'It is the very record of the log file.');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return fail('disclosed', title, 'It is not the record of the log file that was sealed.');
}

async function checkTokens(file: FileHandle, tokens: Disclosure['tokens']): Promise<Check[]> {
  if (tokens.length === 0) return [];
  const { entries } = await readDirectory(file);
  const entry = entries.find((e) => e.name === LOG);
  const text = entry ? ((await readSmallEntry(file, entry, LOG_BYTES))?.toString('utf8') ?? '') : '';
  const log = z
    .looseObject({ values: z.array(z.looseObject({ token: z.string() })) })
    .safeParse(parseJson(text));
  const known = new Set(log.success ? log.data.values.map((value) => value.token) : []);
  return tokens.map(({ token, salt, value }) => {
    const title = `Disclosed value of ${token}`;
    if (!known.has(token))
      return fail('disclosed', title, 'The redaction log of the pack has no such token.');
    if (tokenOf(Buffer.from(salt, 'hex'), value) !== token)
      return fail('disclosed', title, 'The token does not stand for this value.');
    return pass('disclosed', title, `It stands for ${JSON.stringify(value)}.`);
  });
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
