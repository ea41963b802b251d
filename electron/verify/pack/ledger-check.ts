import { walkChain, type Disclosure } from '../../../db/ledger/verify-chain.ts';
import type { CheckpointFacts, EntryLine, LinesFacts } from '../../../db/ledger/entry.ts';
import type { EvidenceFault, OpenFile } from './evidence.ts';
import { lines } from './lines.ts';
import { SALTS, saltReader } from './salts.ts';

/** What the ledger of a pack says of itself once it was walked without a fault. */
export interface WalkedLedger {
  entries: number;
  head: string;
  merkleRoot: string;
  kinds: Record<string, number>;
  /** Final outcomes of calls, by operation: what `pack.json` counts must match. */
  calls: Record<string, Record<string, number>>;
  /** Entries of each snapshot: what `pack.json` says of the members of its snapshot must match. */
  runs: Record<string, { exchanges: number; imports: number; closed: boolean }>;
  /** Members of each view as declared; null when this pack withholds them. */
  views: Map<string, readonly string[] | null>;
  /** Bodies that entries name by a disclosed hash, and that the pack must hold. */
  bodies: Set<string>;
  /** Log files with kept records, by entry. */
  logFiles: Map<number, LinesFacts>;
  checkpoints: { seq: number; facts: CheckpointFacts }[];
  declarations: Declared[];
  /** Sealed values that this pack does not disclose. */
  withheld: number;
}

/** One declaration of the ledger; `by` is undefined when this pack withholds its value. */
export interface Declared {
  seq: number;
  at: string;
  by: unknown;
  what: string;
  subject: string;
}

const ENTRIES = 'data/ledger/entries.jsonl';

/**
 * Walks data/ledger/entries.jsonl and salts.jsonl side by side, in memory that does not grow with the bodies.
 *
 * @returns the ledger, or the first fault.
 */
export async function walkLedger(open: OpenFile): Promise<WalkedLedger | EvidenceFault> {
  const entryPieces = open(ENTRIES);
  const saltPieces = open(SALTS);
  if (!entryPieces || !saltPieces)
    return { file: entryPieces ? SALTS : ENTRIES, what: 'it is not in the pack' };
  const walk = walkChain();
  const salts = saltReader(saltPieces);
  const ledger: WalkedLedger = {
    entries: 0,
    head: '',
    merkleRoot: '',
    kinds: {},
    // No prototype: operations and error codes are whatever the ledger says, also "__proto__".
    calls: Object.create(null) as WalkedLedger['calls'],
    runs: Object.create(null) as WalkedLedger['runs'],
    views: new Map(),
    bodies: new Set(),
    logFiles: new Map(),
    checkpoints: [],
    declarations: [],
    withheld: 0,
  };
  try {
    for await (const line of lines(entryPieces)) {
      const disclosures = await salts.of(walk.seq + 1);
      const { entry, fault } = walk.next(line, disclosures);
      if (fault) return { file: ENTRIES, what: `entry ${fault.seq}: ${fault.what}` };
      account(ledger, entry!, disclosures);
    }
    const stray = await salts.rest();
    if (stray !== null)
      return { file: SALTS, what: `it opens a value of entry ${stray}, which is not in the ledger` };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    return { file: salts.failed ? SALTS : ENTRIES, what: error.message };
  }
  return { ...ledger, entries: walk.seq, head: walk.head, merkleRoot: walk.merkleRoot() };
}

function account(ledger: WalkedLedger, entry: EntryLine, disclosures: readonly Disclosure[]): void {
  ledger.kinds[entry.kind] = (ledger.kinds[entry.kind] ?? 0) + 1;
  ledger.withheld += Object.keys(entry.sealed).length - disclosures.length;
  const body = disclosures.find((d) => d.field === 'body');
  if (body) ledger.bodies.add(Buffer.from(body.value).toString('utf8'));
  if (entry.kind === 'declaration') {
    ledger.declarations.push(declared(entry, disclosures));
    accountSnapshot(ledger, entry, disclosures);
  }
  if (entry.kind === 'checkpoint') ledger.checkpoints.push({ seq: entry.seq, facts: entry.facts });
  if (entry.kind === 'exchange' || entry.kind === 'import') {
    const run = ledger.runs[entry.facts.snapshot];
    if (run) run[entry.kind === 'exchange' ? 'exchanges' : 'imports'] += 1;
  }
  if (entry.kind === 'exchange') {
    const { op, outcome, errorCode } = entry.facts;
    const calls = (ledger.calls[op] ??= Object.create(null) as Record<string, number>);
    const result = outcome === 'ok' ? 'ok' : (errorCode ?? outcome);
    calls[result] = (calls[result] ?? 0) + 1;
  }
  if ((entry.kind === 'exchange' || entry.kind === 'import') && entry.facts.lines) {
    ledger.logFiles.set(entry.seq, entry.facts.lines);
  }
}

/** What a ledger says of its snapshots: which were opened and closed, and what each view consists of. */
function accountSnapshot(
  ledger: WalkedLedger,
  { facts: { what, subject } }: Extract<EntryLine, { kind: 'declaration' }>,
  disclosures: readonly Disclosure[],
): void {
  if (what === 'snapshot.open') ledger.runs[subject] ??= { exchanges: 0, imports: 0, closed: false };
  const run = ledger.runs[subject];
  if (what === 'snapshot.close' && run) run.closed = true;
  // What a view consists of never changes: the first declaration counts.
  if (what !== 'snapshot.view' || ledger.views.has(subject)) return;
  const value = disclosures.find((d) => d.field === 'value')?.value;
  const stored = value
    ? (JSON.parse(Buffer.from(value).toString('utf8')) as { value: { members: string[] } })
    : null;
  ledger.views.set(subject, stored?.value.members ?? null);
}

function declared(
  entry: Extract<EntryLine, { kind: 'declaration' }>,
  disclosures: readonly Disclosure[],
): Declared {
  const value = disclosures.find((d) => d.field === 'value')?.value;
  const by = value ? (JSON.parse(Buffer.from(value).toString('utf8')) as { by: unknown }).by : undefined;
  const { what, subject } = entry.facts;
  return { seq: entry.seq, at: entry.at, by, what, subject };
}
