import { existsSync } from 'node:fs';
import { EngineError } from '../engine/error.ts';
import { stampQueue } from '../engine/stamp-queue.ts';
import { stampBatch } from '../pack/stamp-batch.ts';
import { stampPack, type StampedPack } from '../pack/stamp-pack.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import type { CliContext, Verb } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Output } from './output.ts';
import { printSeal } from './print-seal.ts';
import {
  certificatesOf,
  stampingQueue,
  timestampOf,
  withTimestampOptions,
  type SealingOptions,
} from './sealing.ts';

interface TimestampVerbOptions extends SealingOptions {
  renew?: boolean;
  batch?: boolean;
  queue?: boolean;
  list?: boolean;
}

/** `timestamp PACK…`, `timestamp --queue`, `timestamp --list`. */
export const timestampVerb: Verb = (program, context) => {
  const { output, signal } = context;
  withTimestampOptions(
    program
      .command('timestamp')
      .description(
        'raise packs that were sealed offline to the highest level that can be reached; no byte of the evidence moves',
      )
      .argument('[pack...]', 'packs (.zip); the PDF of the same name beside each is raised too')
      .option('--queue', 'all packs that were sealed here without a time and wait for one')
      .option('--list', 'only print which packs wait')
      .option('--batch', 'one request for all packs, through evidence records (RFC 4998)')
      .option('--renew', 'add a further time to packs that have one, before its certificate ends'),
  ).action(async (packs: string[], options: TimestampVerbOptions) => {
    if (options.list) return printQueue(output);
    if (options.queue ? packs.length > 0 : packs.length === 0)
      throw new EngineError(
        'NO_PACK',
        'cannot stamp: give packs, or --queue for all that wait, not both. Which ones wait: keywitness timestamp --list',
      );
    const timestamp = timestampOf(options);
    if (!timestamp)
      throw new EngineError(
        'NO_AUTHORITY',
        'cannot stamp: no timestamp authority was given. Give --tsa URL, or remember some with: keywitness tsa set',
      );
    const tsa = { ...timestamp, signal };
    const sources = { known: certificatesOf(options.tsaRoot), retrieval: { signal } };
    if (options.queue) return stampAllWaiting(context, { tsa, sources, together: options.batch === true });
    const stamped = options.batch ? await stampBatch(packs, tsa, sources) : [];
    for (const pack of options.batch ? [] : packs)
      stamped.push(await stampPack(pack, { timestamp: tsa, ...sources, renew: options.renew === true }));
    const queue = stampingQueue();
    if (queue.list().length > 0) for (const pack of packs) queue.forget(pack);
    for (const result of stamped) printStamped(output, result);
    output.object({ stamped });
  });
};

function printStamped(output: Output, { zip, provenTime, seal }: StampedPack): void {
  output.line(`${zip}: ${provenTime} (timestamp)`);
  printSeal(output, seal);
}

function printQueue(output: Output): void {
  const packs = stampingQueue()
    .list()
    .map((pack) => ({ ...pack, exists: existsSync(pack.zip) }));
  for (const { zip, since, why, exists } of packs)
    output.line(`${since}  ${zip}${exists ? '' : ' (not there any more)'}${why ? `: ${why}` : ''}`);
  if (packs.length === 0) output.line('No pack waits for its time.');
  output.object({ packs });
}

async function stampAllWaiting(
  { output, signal, exit }: CliContext,
  how: { tsa: TimestampOptions; sources: { known: Uint8Array[]; retrieval: object }; together: boolean },
): Promise<void> {
  const outcomes = await stampQueue(stampingQueue(), {
    timestamp: how.tsa,
    ...how.sources,
    together: how.together,
    signal,
    onPack: (zip) => output.progress(zip, `Stamping ${zip} …`),
  });
  for (const { zip, stamped, why, waits } of outcomes) {
    if (stamped) printStamped(output, stamped);
    else output.line(`${zip}: ${waits ? 'still waits' : 'taken out of the queue'}: ${why}`);
  }
  if (outcomes.length === 0) output.line('No pack waits for its time.');
  output.object({ packs: outcomes });
  if (outcomes.some(({ waits }) => waits)) exit(EXIT.failed);
}
