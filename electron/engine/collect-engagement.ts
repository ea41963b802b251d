import { dirname } from 'node:path';
import { iterateGaps, type GapRow } from '../../db/derived/gaps.ts';
import { collectSnapshot, type CollectOptions, type CollectResult } from '../collect/collect-snapshot.ts';
import { currentEngagement, currentSources } from '../engagement/current.ts';
import { openLogIngest } from '../logs/ingest.ts';
import { appendCheckpoint, type CheckpointSealers } from '../pack/append-checkpoint.ts';
import { analyse } from './analyse.ts';
import { declareDefaultView } from './views.ts';
import { VERSION } from './version.ts';
import type { Work } from './with-engagement.ts';

/** What the caller decides about a collection; sources and period come from the engagement. */
export type CollectRequest = Omit<
  CollectOptions,
  'writer' | 'engagement' | 'sources' | 'tool' | 'ingestLines'
> &
  Omit<CheckpointSealers, 'now'>;

/** A gap as people see it: that of the analysis, as the pack lists it. */
export type FoundGap = Omit<GapRow, 'n' | 'op' | 'reason' | 'effect'> & { op: string | null };

/** How a collection ended. Before its snapshot is closed and analysed, its gaps are the calls not answered so far. */
export type EngagementCollectResult = Omit<CollectResult, 'gaps'> & { gaps: FoundGap[] };

/**
 * Collects all sources of an engagement, seals the ledger's head as soon as the snapshot is closed, and analyses what
 * came. A collection that was stopped is left open, without checkpoint, to be resumed.
 */
export async function collectEngagement(
  { db, writer }: Work,
  request: CollectRequest,
): Promise<EngagementCollectResult> {
  const { signer, timestamp, ...options } = request;
  const ingest = openLogIngest({ folder: dirname(db.name) });
  let result: CollectResult;
  try {
    result = await collectSnapshot({
      ...options,
      writer,
      engagement: currentEngagement(db),
      sources: currentSources(db),
      tool: { name: 'Keywitness', version: VERSION },
      ingestLines: ingest.ingestLines,
    });
  } finally {
    await ingest.close();
  }
  if (result.state !== 'cancelled' && result.state !== 'stopped') {
    await declareDefaultView(writer, options.operator);
    await appendCheckpoint(writer, 'snapshot', { signer, timestamp, now: new Date() });
    analyse(db);
    return { ...result, gaps: [...iterateGaps(db, result.snapshotId)] };
  }
  return result;
}
