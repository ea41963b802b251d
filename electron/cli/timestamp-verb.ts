import { EngineError } from '../engine/error.ts';
import { stampBatch } from '../pack/stamp-batch.ts';
import { stampPack } from '../pack/stamp-pack.ts';
import type { Verb } from './context.ts';
import { certificatesOf, timestampOf, withTimestampOptions, type SealingOptions } from './sealing.ts';
import { printSeal } from './print-seal.ts';

/** `timestamp PACK…`. */
export const timestampVerb: Verb = (program, { output, signal }) => {
  withTimestampOptions(
    program
      .command('timestamp')
      .description(
        'raise packs that were sealed offline to the highest level that can be reached; no byte of the evidence moves',
      )
      .argument('<pack...>', 'packs (.zip); the PDF of the same name beside each is raised too')
      .option('--batch', 'one request for all packs, through evidence records (RFC 4998)')
      .option('--renew', 'add a further time to packs that have one, before its certificate ends'),
  ).action(async (packs: string[], options: SealingOptions & { renew?: boolean; batch?: boolean }) => {
    const timestamp = timestampOf(options);
    if (!timestamp)
      throw new EngineError('NO_SIGNER', 'cannot stamp: no timestamp authority was given. Give --tsa URL.');
    const tsa = { ...timestamp, signal };
    const sources = { known: certificatesOf(options.tsaRoot), retrieval: { signal } };
    const stamped = options.batch ? await stampBatch(packs, tsa, sources) : [];
    for (const pack of options.batch ? [] : packs)
      stamped.push(await stampPack(pack, { timestamp: tsa, ...sources, renew: options.renew === true }));
    for (const result of stamped) {
      output.line(`${result.zip}: ${result.provenTime} (timestamp)`);
      printSeal(output, result.seal);
    }
    output.object({ stamped });
  });
};
