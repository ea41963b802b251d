import type { Entry, EntryDraft, ImportFacts } from '../../../db/ledger/entry.ts';
import type { LedgerWriter } from '../../../db/ledger/writer.ts';
import { landEvents } from '../../logs/ingest.ts';
import type { IngestedLog } from '../../logs/worker/collector.ts';

/** Commits an imported log file and its events, in one transaction. */
export async function commitLog(
  writer: LedgerWriter,
  facts: Omit<ImportFacts, 'bodyClass' | 'bodyBytes' | 'sha256' | 'lines'>,
  sealed: Record<string, string>,
  log: IngestedLog,
): Promise<Entry<'import'>> {
  const draft: EntryDraft<'import'> = {
    kind: 'import',
    facts: {
      ...facts,
      bodyClass: 'lines',
      bodyBytes: log.facts.bytes,
      sha256: log.facts.sha256,
      lines: log.facts,
    },
    sealed,
  };
  try {
    const appended = writer.append(draft, { records: log.records });
    // Asked for in the same turn: one transaction, right after the entry.
    const landed = writer.transact((db) => landEvents(db, writer.head.seq, log));
    const [entry] = await Promise.all([appended, landed]);
    return entry;
  } finally {
    log.discard();
  }
}
