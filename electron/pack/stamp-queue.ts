import { existsSync } from 'node:fs';
import { SealError } from '../seal/error.ts';
import type { RaiseOptions } from '../seal/outcome.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import { NotAContainer } from '../verify/container/read-directory.ts';
import { PENDING } from './pack-name.ts';
import { stampBatch } from './stamp-batch.ts';
import { StampError, stampPack, type StampedPack } from './stamp-pack.ts';
import { StrangeTail } from './zip/tail-backup.ts';

/** What became of one pack of the queue. */
export interface QueueOutcome {
  zip: string;
  /** Null when it has no time yet; `why` then says so. */
  stamped: StampedPack | null;
  why: string | null;
  /** It is to be tried again. */
  waits: boolean;
}

/** How to stamp what waits. */
export interface QueueOptions extends Omit<RaiseOptions, 'timestamp'> {
  readonly timestamp: TimestampOptions;
  /** One request for all, through evidence records (RFC 4998); default one by one, which reaches B-LTA. */
  readonly together?: boolean;
  readonly signal?: AbortSignal;
  /** Called before each pack. */
  readonly onPack?: (zip: string, index: number) => void;
  /** Called as soon as one is done with, on disk: a crash then cannot forget it. */
  readonly onOutcome?: (outcome: QueueOutcome) => void;
}

/**
 * Stamps packs that wait for their time. What cannot be stamped is named and stops no other; an authority that does not
 * answer leaves everything that is left waiting, without asking it again for each.
 */
export async function stampWaiting(
  zips: readonly string[],
  options: QueueOptions,
): Promise<readonly QueueOutcome[]> {
  const outcomes: QueueOutcome[] = [];
  const tell = (outcome: QueueOutcome): void => {
    outcomes.push(outcome);
    options.onOutcome?.(outcome);
  };
  const waiting: string[] = [];
  for (const zip of zips) {
    if (existsSync(zip)) waiting.push(zip);
    else tell(alreadyDone(zip));
  }
  if (options.together && waiting.length > 1) await stampTogether(waiting, options, tell);
  else await stampEach(waiting, options, tell);
  return outcomes;
}

/** A run before may have ended between the last byte of the pack and the queue: the pack has its final name then. */
function alreadyDone(zip: string): QueueOutcome {
  const done = zip.replace(PENDING, '');
  const why =
    done !== zip && existsSync(done) ? `it was stamped before: ${done}` : 'there is no such file any more';
  return { zip, stamped: null, why, waits: false };
}

async function stampEach(
  zips: readonly string[],
  options: QueueOptions,
  tell: (outcome: QueueOutcome) => void,
): Promise<void> {
  let silent: string | null = null;
  for (const [index, zip] of zips.entries()) {
    options.signal?.throwIfAborted();
    if (silent !== null) {
      tell({ zip, stamped: null, why: silent, waits: true });
      continue;
    }
    options.onPack?.(zip, index);
    try {
      tell({ zip, stamped: await stampPack(zip, options), why: null, waits: false });
    } catch (error) {
      const outcome = failure(zip, error);
      if (error instanceof SealError && error.code === 'TSA_UNREACHABLE') silent = outcome.why;
      tell(outcome);
    }
  }
}

async function stampTogether(
  zips: readonly string[],
  options: QueueOptions,
  tell: (outcome: QueueOutcome) => void,
): Promise<void> {
  options.onPack?.(zips[0]!, 0);
  try {
    const stamped = await stampBatch(zips, options.timestamp, options);
    for (const [index, zip] of zips.entries())
      tell({ zip, stamped: stamped[index]!, why: null, waits: false });
  } catch (error) {
    // One that cannot be stamped must not hold up the others.
    if (error instanceof StampError) return stampEach(zips, options, tell);
    for (const zip of zips) tell(failure(zip, error));
  }
}

function failure(zip: string, error: unknown): QueueOutcome {
  if (error instanceof StampError)
    return { zip, stamped: null, why: error.message, waits: error.code === 'ALTERED' };
  if (error instanceof SealError || error instanceof StrangeTail || isFileError(error))
    return { zip, stamped: null, why: error.message, waits: true };
  if (error instanceof NotAContainer)
    return { zip, stamped: null, why: `cannot stamp ${zip}: ${error.message}.`, waits: false };
  throw error;
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
