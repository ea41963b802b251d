import { z } from 'zod';
import type { ReadableDb } from '../../db/handle.ts';
import { canonicalJson } from '../../db/ledger/canonical-json.ts';
import type { Entry } from '../../db/ledger/entry.ts';
import { entries } from '../../db/ledger/read.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { collectNote, collectSettings } from './collection.ts';
import {
  engagement,
  operator,
  snapshotClose,
  snapshotOpen,
  snapshotView,
  source,
  type Operator,
} from './engagement.ts';
import { records } from './records.ts';
import { reviewKinds } from './review-kinds.ts';

/** Everything an operator can declare, by its `what`, with the schema of its value. One line per kind of decision. */
export const declarations = {
  engagement,
  source,
  'source.removed': z.strictObject({ reason: z.string() }),
  'snapshot.open': snapshotOpen,
  'snapshot.close': snapshotClose,
  'snapshot.view': snapshotView,
  'collect.settings': collectSettings,
  'collect.note': collectNote,
  /** The owner of a key (subject: key id), when no tag holds it. */
  owner: z.strictObject({
    owner: z.string().min(1),
    deputy: z.string().nullable(),
    note: z.string().nullable(),
  }),
  /** Why a key's material is imported or external (subject: key id). */
  'material.justification': z.strictObject({ reason: z.string().min(1), approver: z.string().min(1) }),
  /** A rotation done by hand where automation is impossible (subject: key id). */
  'rotation.manual': z.strictObject({
    rotatedAt: z.iso.datetime(),
    performer: z.string().min(1),
    reason: z.string().min(1),
    evidenceSha256: z.string().nullable(),
  }),
  /** Behind the tokens of redacted packs (hex). Stays out of every pack. */
  'redaction.secret': z.strictObject({ secret: z.string().regex(/^[0-9a-f]{64}$/) }),
  ...records,
  ...reviewKinds,
  /** A decision outside the ledger's own work that the operator's activity list must show. */
  activity: z.strictObject({ action: z.string(), detail: z.string() }),
} as const;
export type DeclarationKind = keyof typeof declarations;
export type Declared<W extends DeclarationKind> = z.infer<(typeof declarations)[W]>;

/** A declaration as read back, with who made it and when. */
export interface Declaration<W extends DeclarationKind> {
  seq: number;
  at: string;
  subject: string;
  by: Operator;
  value: Declared<W>;
}

/**
 * Records what an operator states or decides.
 *
 * @throws z.ZodError when the value is not what this kind of declaration holds.
 */
export function declare<W extends DeclarationKind>(
  writer: LedgerWriter,
  by: Operator,
  what: W,
  subject: string,
  value: Declared<W>,
): Promise<Entry<'declaration'>> {
  const checked = declarations[what].parse(value);
  return writer.append({
    kind: 'declaration',
    facts: { what, subject },
    sealed: { value: canonicalJson({ by: operator.parse(by), value: checked }) },
  });
}

/** All declarations of one kind, in ledger order. */
export function declared<W extends DeclarationKind>(db: ReadableDb, what: W): Declaration<W>[] {
  return [...entries(db, 'declaration', { op: what })].map((entry) => {
    const stored = JSON.parse(entry.values.value!) as { by: Operator; value: Declared<W> };
    return { seq: entry.seq, at: entry.at, subject: entry.facts.subject, by: stored.by, value: stored.value };
  });
}

/** The latest declaration of one kind per subject; what later ones replaced stays in the ledger. */
export function latestDeclared<W extends DeclarationKind>(
  db: ReadableDb,
  what: W,
): Map<string, Declaration<W>> {
  return new Map(declared(db, what).map((d) => [d.subject, d]));
}
