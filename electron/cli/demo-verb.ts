import { showProgress } from './collect-progress.ts';
import type { Verb } from './context.ts';
import { EXIT } from './exit-code.ts';
import { printPack } from './pack-verbs.ts';

/** `demo`: the whole main job on the sample environment. */
export const demoVerb: Verb = (program, { output, signal, exit }) => {
  program
    .command('demo')
    .description('do the whole job on the sample environment: collect, test, pack, verify')
    .option('--out <folder>', 'where to put the result', 'out/demo')
    .action(async (options: { out: string }) => {
      // Loaded here: no other verb needs the sample environment.
      const { runDemo } = await import('../demo/run-demo.ts');
      const result = await runDemo({
        folder: options.out,
        signal,
        onStep: (step) => output.note(`${step} …`),
        onProgress: showProgress(output),
      });
      const { numbers, pack, verification, collected } = result;
      output.line('SAMPLE — NOT EVIDENCE');
      output.line();
      output.line(`Keys        ${numbers.keys}`);
      output.line(`Exceptions  ${numbers.exceptions}`);
      output.line(`Undetermined ${numbers.undetermined}, evidence required ${numbers.evidenceRequired}`);
      output.line(`Gaps        ${numbers.gaps} (snapshot ${collected.snapshotId}: ${collected.state})`);
      output.line();
      printPack(output, pack);
      output.line(`Ledger  ${result.engagement}`);
      output.line();
      output.line(verification.headline);
      output.line(
        'Verify it without us: unpack the zip and follow VERIFY.txt (openssl and sha256sum are enough).',
      );
      output.object(result);
      if (verification.verdict !== 'intact') exit(EXIT.failed);
    });
};
