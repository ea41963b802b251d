import { canonicalJson } from '../../db/ledger/canonical-json.ts';
import type { ReadableDb } from '../../db/handle.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import type { CollectNote } from '../engagement/collection.ts';
import { declare, declared } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';

/** Declares what one source is not asked, once per snapshot however often it is said. */
export type NoteTaker = (note: Omit<CollectNote, 'source'>) => Promise<void>;

/** All notes of a snapshot, in ledger order. */
export function notesOf(db: ReadableDb, snapshot: string): (CollectNote & { seq: number })[] {
  return declared(db, 'collect.note')
    .filter((d) => d.subject === snapshot)
    .map((d) => ({ ...d.value, seq: d.seq }));
}

/** Takes notes for a source of a snapshot; a resumed run repeats none that the ledger has. */
export function createNoteTaker(
  writer: LedgerWriter,
  by: Operator,
  snapshot: string,
  source: string,
): NoteTaker {
  const taken = new Set<string>();
  for (const { seq: _, ...note } of notesOf(writer.db, snapshot)) taken.add(canonicalJson(note));
  return async (note) => {
    const value: CollectNote = { source, ...note };
    const key = canonicalJson(value);
    if (taken.has(key)) return;
    taken.add(key);
    await declare(writer, by, 'collect.note', snapshot, value);
  };
}
