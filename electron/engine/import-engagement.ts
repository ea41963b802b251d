import { dirname } from 'node:path';
import { currentSources, runs } from '../engagement/current.ts';
import { declare } from '../engagement/declarations.ts';
import type { Operator, SnapshotState, Source } from '../engagement/engagement.ts';
import { appendCheckpoint, type CheckpointSealers } from '../pack/append-checkpoint.ts';
import {
  filesUnder,
  importFiles,
  type ImportOptions,
  type ImportSummary,
} from '../providers/files/import-files.ts';
import { analyse } from './analyse.ts';
import { EngineError } from './error.ts';
import { declareDefaultView } from './views.ts';
import { VERSION } from './version.ts';
import type { Work } from './with-engagement.ts';

/** What the caller decides about an import. */
export interface ImportRequest extends Omit<CheckpointSealers, 'now'> {
  paths: readonly string[];
  operator: Operator;
  /** Source of kind `files`; the only one, or a new one named client-files, without it. */
  source?: string;
  signal?: AbortSignal;
  onProgress?: NonNullable<ImportOptions['onProgress']>;
}

/** Imports files into a snapshot of their own, seals the ledger's head and analyses what came. */
export async function importIntoEngagement(
  work: Work,
  request: ImportRequest,
): Promise<ImportSummary & { snapshot: string }> {
  const { db, writer } = work;
  // Before anything is declared: a wrong path must leave no snapshot behind.
  filesUnder(request.paths);
  const source = await filesSource(work, request);
  const snapshot = `s${runs(db).length + 1}`;
  await declare(writer, request.operator, 'snapshot.open', snapshot, {
    sources: [source],
    startedAt: new Date().toISOString(),
    tool: {
      name: 'Keywitness',
      version: VERSION,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
  });
  const close = (state: SnapshotState, why: string | null) =>
    declare(writer, request.operator, 'snapshot.close', snapshot, {
      state,
      endedAt: new Date().toISOString(),
      why,
    });
  let summary: ImportSummary;
  try {
    summary = await importFiles(writer, {
      snapshot,
      source,
      paths: request.paths,
      folder: dirname(db.name),
      ...(request.signal ? { signal: request.signal } : {}),
      ...(request.onProgress ? { onProgress: request.onProgress } : {}),
    });
  } catch (error) {
    // An import is not resumed: importing again passes over what is there. What was committed stays.
    await close(
      request.signal?.aborted ? 'cancelled' : 'failed',
      'the import was stopped before its last file',
    );
    throw error;
  }
  const whole = summary.rejected.length === 0 && summary.defective.length === 0;
  await close(whole ? 'complete' : 'complete-with-gaps', whole ? null : shortfallOf(summary));
  await declareDefaultView(writer, request.operator);
  await appendCheckpoint(writer, 'snapshot', { ...request, now: new Date() });
  analyse(db);
  return { ...summary, snapshot };
}

function shortfallOf({ rejected, already, defective }: ImportSummary): string {
  const others = rejected.length - already;
  const parts = [
    ...(others > 0 ? [`${others} ${others === 1 ? 'file' : 'files'} could not be used`] : []),
    ...(already > 0 ? [`${already} had been imported before`] : []),
    ...(defective.length > 0
      ? [`${defective.length} ${defective.length === 1 ? 'was' : 'were'} damaged`]
      : []),
  ];
  return parts.join(', ');
}

async function filesSource({ db, writer }: Work, { source, operator }: ImportRequest): Promise<string> {
  const known = currentSources(db).filter((s) => s.provider === 'files');
  if (source !== undefined) {
    if (known.some((s) => s.id === source)) return source;
    throw new EngineError(
      'NO_SOURCE',
      `cannot import into source ${source}: the engagement has no source of files of that id. Add it with: keywitness source add files`,
    );
  }
  if (known.length === 1) return known[0]!.id;
  if (known.length > 1) {
    throw new EngineError(
      'NO_SOURCE',
      `cannot import: name one of the sources ${known.map((s) => s.id).join(', ')} with --source.`,
    );
  }
  const value: Source = { provider: 'files', id: 'client-files', title: 'Files the client exported' };
  await declare(writer, operator, 'source', value.id, value);
  return value.id;
}
