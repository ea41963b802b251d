import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { logRecords } from '../../../db/ledger/log-records.ts';
import { entries } from '../../../db/ledger/read.ts';
import { latestDeclared } from '../../engagement/declarations.ts';
import { parseEntry } from '../../logs/vault-audit/parse-entry.ts';
import { AUDIT_LOG } from '../../logs/vault-audit/format.ts';
import type { Cell } from '../files/csv.ts';

export const SOUGHT = [
  ...[
    'source',
    'what',
    'audit_device',
    'hash',
    'hash_from',
    'entries',
    'first',
    'last',
    'names',
    'identities',
  ],
  ...['requests', 'ledger_entries'],
];

/** A hash to be found in audit logs, and how it is known. */
interface Sought {
  source: string;
  label: string;
  device: string;
  hash: string;
  from: string;
  seqs: number[];
}

/** Most names, identities and paths that a row shows. */
const SHOWN = 20;

/**
 * Where values that audit logs show hashed stand in the kept entries: who the entries name beside the hash, and what was
 * asked. The same value has another hash in each device.
 */
export function* soughtRows(db: ReadableDb, snapshot: string): Generator<Cell[]> {
  const all = [...hashed(db, snapshot), ...given(db)];
  if (all.length === 0) return;
  const found = all.map(() => new Found());
  for (const entry of entries(db, 'import', { snapshot })) {
    const { facts, seq } = entry;
    if (facts.format !== AUDIT_LOG || facts.outcome !== 'ok') continue;
    const own = all.map((one, i) => [one, found[i]!] as const).filter(([one]) => one.source === facts.source);
    if (own.length === 0) continue;
    for (const { raw } of logRecords(db, seq)) {
      for (const [{ hash }, places] of own) if (raw.includes(hash)) places.add(raw, seq);
    }
  }
  for (const [i, { source, label, device, hash, from, seqs }] of all.entries()) {
    const { entries: n, first, last, names, identities, requests, seqs: seen } = found[i]!;
    yield [
      ...[source, label, device, hash, from, n, iso(first), iso(last), some(names), some(identities)],
      ...[some(requests), [...new Set([...seqs, ...seen])].sort((a, b) => a - b).join(' ')],
    ];
  }
}

class Found {
  entries = 0;
  first: number | null = null;
  last: number | null = null;
  readonly names = new Set<string>();
  readonly identities = new Set<string>();
  readonly requests = new Set<string>();
  readonly seqs = new Set<number>();

  add(raw: Buffer, seq: number): void {
    const entry = parseEntry(raw);
    if (!entry) return;
    this.entries += 1;
    this.seqs.add(seq);
    this.first = this.first === null ? entry.time : Math.min(this.first, entry.time);
    this.last = this.last === null ? entry.time : Math.max(this.last, entry.time);
    if (entry.displayName !== '') this.names.add(entry.displayName);
    if (entry.entityId !== null) this.identities.add(entry.entityId);
    this.requests.add(`${entry.operation} ${entry.path}`);
  }
}

/** Whether anything was to be found. */
export function isSought(db: ReadableDb, snapshot: string): boolean {
  return [...hashed(db, snapshot), ...given(db)].length > 0;
}

/** Hashes that the server made, from the exchanges that asked for them. */
function* hashed(db: ReadableDb, snapshot: string): Generator<Sought> {
  for (const { facts, values, seq } of entries(db, 'exchange', { op: 'vault.sys.AuditHash', snapshot })) {
    if (facts.outcome !== 'ok' || !values.body) continue;
    const body = JSON.parse(readBody(db, values.body)?.toString('utf8') ?? '{}') as {
      data?: { hash?: string };
    };
    const { path } = JSON.parse(values.params ?? '{}') as { path?: string };
    if (typeof body.data?.hash !== 'string' || path === undefined) continue;
    yield {
      ...{ source: facts.source, label: facts.label, device: `${path.slice('sys/audit-hash/'.length)}/` },
      ...{ hash: body.data.hash, from: 'the server (sys/audit-hash)', seqs: [seq] },
    };
  }
}

/** Hashes that were given with the source. */
function* given(db: ReadableDb): Generator<Sought> {
  for (const { subject, value, by, seq } of latestDeclared(db, 'source').values()) {
    if (value.provider !== 'vault') continue;
    for (const { label, hash } of value.sought ?? []) {
      if (hash !== null)
        yield { source: subject, label, device: '', hash, from: `given by ${by.name}`, seqs: [seq] };
    }
  }
}

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

function some(texts: ReadonlySet<string>): string {
  const sorted = [...texts].sort();
  const more = sorted.length > SHOWN ? ` and ${sorted.length - SHOWN} more` : '';
  return sorted.slice(0, SHOWN).join('; ') + more;
}
