import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { logLeaves, logRecords } from '../../../db/ledger/log-records.ts';
import { setProof } from '../../../db/ledger/merkle.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import type { Disclosure } from '../../verify/disclosure/format.ts';
import { RedactionError } from './error.ts';
import { secretOf } from './redaction.ts';
import { openingOf } from './redactor.ts';

/** What to open of a sealed pack that withheld it: any of these. */
export interface DiscloseRequest {
  /** Ledger entry, with the name of its sealed value, or with the index of a log record. */
  entry?: number;
  field?: string;
  record?: number;
  /** A value that a token stands for. */
  value?: string;
}

/**
 * Opens one withheld value so that it can be checked against a sealed pack; nothing else becomes known by it.
 *
 * @throws RedactionError NOT_FOUND
 */
export function disclose(db: ReadableDb, request: DiscloseRequest): Disclosure {
  const empty: Disclosure = { format: 'urn:keywitness:disclosure:1', values: [], records: [], tokens: [] };
  if (request.value !== undefined) return { ...empty, tokens: [tokenOpening(db, request.value)] };
  const { entry, field, record } = request;
  if (entry === undefined || (field === undefined) === (record === undefined))
    throw new RedactionError(
      'NOT_FOUND',
      'cannot disclose: say what. Give --entry with --field or --record, or give --value.',
    );
  if (record !== undefined) return { ...empty, records: [recordOpening(db, entry, record)] };
  return { ...empty, values: [valueOpening(db, entry, field!)] };
}

function tokenOpening(db: ReadableDb, value: string): Disclosure['tokens'][number] {
  const secret = secretOf(db);
  if (!secret)
    throw new RedactionError('NOT_FOUND', 'cannot disclose: no pack of this engagement was ever redacted.');
  return openingOf(secret, value);
}

function valueOpening(db: ReadableDb, seq: number, field: string): Disclosure['values'][number] {
  const row = db
    .prepare<[number, string], { salt: Buffer; value: string; op: string }>(
      'SELECT d.salt, d.value, e.op FROM disclosure d JOIN entry e ON e.seq = d.seq WHERE d.seq = ? AND d.field = ?',
    )
    .get(seq, field);
  if (!row || row.op === 'redaction.secret')
    throw new RedactionError(
      'NOT_FOUND',
      `cannot disclose: entry ${seq} has no sealed value "${field}". The redaction log of the pack lists what was withheld.`,
    );
  const body = field === 'body' ? readBody(db, row.value) : null;
  return {
    seq,
    field,
    salt: row.salt.toString('hex'),
    value: row.value,
    ...(body ? { body: body.toString('base64') } : {}),
  };
}

function recordOpening(db: ReadableDb, seq: number, index: number): Disclosure['records'][number] {
  const entry = readEntry(db, seq);
  const lines = entry?.kind === 'exchange' || entry?.kind === 'import' ? entry.facts.lines : undefined;
  const record = lines ? logRecords(db, seq).find((each) => each.index === index) : undefined;
  if (!lines || !record)
    throw new RedactionError('NOT_FOUND', `cannot disclose: entry ${seq} has no kept log record ${index}.`);
  return {
    seq,
    index,
    record: record.raw.toString('base64'),
    nodes: setProof(lines.records, logLeaves(db, seq), [index]).map((node) => node.toString('hex')),
  };
}
