import { EngineError } from '../engine/error.ts';
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
      .option('--renew', 'add a further time to packs that have one, before its certificate ends'),
  ).action(async (packs: string[], options: SealingOptions & { renew?: boolean }) => {
    const timestamp = timestampOf(options);
    if (!timestamp)
      throw new EngineError('NO_SIGNER', 'cannot stamp: no timestamp authority was given. Give --tsa URL.');
    const stamped = [];
    for (const pack of packs) {
      const result = await stampPack(pack, {
        timestamp: { ...timestamp, signal },
        known: [...certificatesOf(options.tsaRoot), ...certificatesOf(options.signerRoot)],
        retrieval: { signal },
        renew: options.renew === true,
      });
      output.line(`${result.zip}: ${result.provenTime} (timestamp)`);
      printSeal(output, result.seal);
      stamped.push(result);
    }
    output.object({ stamped });
  });
};
