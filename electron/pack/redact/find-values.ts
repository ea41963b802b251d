import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { logRecords } from '../../../db/ledger/log-records.ts';
import type { RedactionRules } from './rules.ts';

/** Shorter values (a flag, a count) mean nothing and would be found everywhere. */
const LEAST_CHARACTERS = 3;

/** Every value that the rules name, in entries 1..upTo. */
export function findValues(db: ReadableDb, upTo: number, rules: RedactionRules): Set<string> {
  const values = new Set<string>();
  for (const principal of rules.principals) for (const each of namesOf(db, principal)) values.add(each);
  if (rules.fields.length === 0) return values;
  const wanted = new Set(rules.fields);
  for (const text of documents(db, upTo)) {
    // Cheap first: most documents have none of the fields.
    if (!rules.fields.some((field) => text.includes(field))) continue;
    collect(parsed(text), wanted, values);
  }
  return values;
}

/** A principal's id, and its name and unique id where the directory was read. */
function namesOf(db: ReadableDb, principal: string): string[] {
  const rows = db
    .prepare<[string], { name: string; unique_id: string | null }>(
      'SELECT DISTINCT name, unique_id FROM principal WHERE id = ?',
    )
    .all(principal);
  return [principal, ...rows.flatMap((row) => [row.name, row.unique_id ?? ''])].filter(
    (name) => name.length >= LEAST_CHARACTERS,
  );
}

function* documents(db: ReadableDb, upTo: number): Generator<string> {
  const disclosures = db
    .prepare<[number], { seq: number; field: string; value: string }>(
      'SELECT seq, field, value FROM disclosure WHERE seq <= ? ORDER BY seq, field',
    )
    .iterate(upTo);
  for (const { field, value } of disclosures) {
    if (field !== 'body') yield value;
    else yield readBody(db, value)?.toString('utf8') ?? '';
  }
  for (const seq of logFiles(db, upTo)) for (const { raw } of logRecords(db, seq)) yield raw.toString('utf8');
}

/** Entries of log files with kept records. */
export function logFiles(db: ReadableDb, upTo: number): number[] {
  return db
    .prepare<[number], number>(
      "SELECT seq FROM entry WHERE seq <= ? AND line ->> '$.facts.lines.relevant' > 0 ORDER BY seq",
    )
    .pluck()
    .all(upTo);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: it has no fields.
    return null;
  }
}

function collect(value: unknown, wanted: ReadonlySet<string>, into: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, wanted, into);
  else if (value !== null && typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) {
      if (wanted.has(name)) leaves(item, into);
      collect(item, wanted, into);
    }
  } else if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
    // A document inside a document, as a policy is.
    collect(parsed(value), wanted, into);
  }
}

function leaves(value: unknown, into: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) leaves(item, into);
  else if (value !== null && typeof value === 'object')
    for (const item of Object.values(value)) leaves(item, into);
  else if (
    (typeof value === 'string' || typeof value === 'number') &&
    String(value).length >= LEAST_CHARACTERS
  )
    into.add(String(value));
}
