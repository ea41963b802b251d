import type { Entry, ImportFacts } from '../../../db/ledger/entry.ts';
import type { LedgerWriter } from '../../../db/ledger/writer.ts';
import { landEvents } from '../../logs/ingest.ts';
import type { IngestedLog } from '../../logs/worker/collector.ts';

/** Commits an imported log file and its events, in one transaction. */
export async function commitLog(
  writer: LedgerWriter,
  about: Omit<ImportFacts, 'bodyClass' | 'bodyBytes' | 'sha256' | 'lines'>,
  sealed: Record<string, string>,
  log: IngestedLog,
): Promise<Entry<'import'>> {
  const { bytes: bodyBytes, sha256 } = log.facts;
  const facts: ImportFacts = { ...about, bodyClass: 'lines', bodyBytes, sha256, lines: log.facts };
  try {
    return await writer.append(
      { kind: 'import', facts, sealed },
      { records: log.records, land: (db, seq) => landEvents(db, seq, log) },
    );
  } finally {
    log.discard();
  }
}
