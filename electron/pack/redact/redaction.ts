import { randomBytes } from 'node:crypto';
import type { ReadableDb, WritableDb } from '../../../db/handle.ts';
import type { LedgerWriter } from '../../../db/ledger/writer.ts';
import { declare, declared } from '../../engagement/declarations.ts';
import type { Operator } from '../../engagement/engagement.ts';
import { findValues } from './find-values.ts';
import { Redactor } from './redactor.ts';
import type { RedactionRules } from './rules.ts';
import { findWithheld, type Withheld } from './withheld.ts';

/** A redaction as one pack carries it out. */
export interface Redaction {
  rules: RedactionRules;
  redactor: Redactor;
  withheld: Withheld;
  /** Distinct values that were replaced. */
  values: number;
}

/**
 * The secret behind an engagement's tokens: made once, so that a value has the same token in all its packs. It is in
 * the ledger as a sealed value and never in a pack.
 */
export async function redactionSecret(db: WritableDb, writer: LedgerWriter, by: Operator): Promise<Buffer> {
  const existing = secretOf(db);
  if (existing) return existing;
  const secret = randomBytes(32);
  await declare(writer, by, 'redaction.secret', '', { secret: secret.toString('hex') });
  return secret;
}

/** The secret, or null when nothing was ever redacted. */
export function secretOf(db: ReadableDb): Buffer | null {
  const [first] = declared(db, 'redaction.secret');
  return first ? Buffer.from(first.value.secret, 'hex') : null;
}

/** Finds what the rules name in entries 1..upTo. @throws RedactionError NOT_REDACTABLE */
export function planRedaction(
  db: ReadableDb,
  upTo: number,
  rules: RedactionRules,
  secret: Buffer,
): Redaction {
  const values = findValues(db, upTo, rules);
  const redactor = new Redactor(secret, values);
  return { rules, redactor, withheld: findWithheld(db, upTo, redactor), values: values.size };
}

/** What the index and the report say of a redaction, without a word of what was taken out. */
export function redactionSummary({ rules, withheld, values }: Redaction) {
  const records = [...withheld.records.values()].reduce((sum, found) => sum + found.size, 0);
  return {
    reason: rules.reason,
    fields: rules.fields,
    /** How many were named: the names are what was to be kept out. */
    principals: rules.principals.length,
    values,
    withheldValues: withheld.values.size,
    withheldBodies: withheld.bodies.size,
    withheldRecords: records,
    log: 'data/redactions/redaction-log.json',
  };
}
