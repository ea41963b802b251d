import { dirname } from 'node:path';
import { currentSources, runs } from '../engagement/current.ts';
import { declare } from '../engagement/declarations.ts';
import type { Operator, Source } from '../engagement/engagement.ts';
import { appendCheckpoint, type CheckpointSealers } from '../pack/append-checkpoint.ts';
import { importFiles, type ImportOptions, type ImportSummary } from '../providers/files/import-files.ts';
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
  const summary = await importFiles(writer, {
    snapshot,
    source,
    paths: request.paths,
    folder: dirname(db.name),
    ...(request.signal ? { signal: request.signal } : {}),
    ...(request.onProgress ? { onProgress: request.onProgress } : {}),
  });
  const whole = summary.rejected.length === 0 && summary.defective.length === 0;
  await declare(writer, request.operator, 'snapshot.close', snapshot, {
    state: whole ? 'complete' : 'complete-with-gaps',
    endedAt: new Date().toISOString(),
    why: whole
      ? null
      : `${summary.rejected.length} files could not be used, ${summary.defective.length} were damaged`,
  });
  await declareDefaultView(writer, request.operator);
  await appendCheckpoint(writer, 'snapshot', { ...request, now: new Date() });
  analyse(db);
  return { ...summary, snapshot };
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
