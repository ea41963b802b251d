import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cardFiles } from '../pack/exhibits/cards.ts';
import { chosenSnapshot } from '../engine/snapshot-choice.ts';
import { withEngagement } from '../engine/with-engagement.ts';
import type { Verb } from './context.ts';
import { snapshotOption } from './snapshot-option.ts';

/** `cards`: the dated picture of every key's configuration, as the pack holds it. */
export const cardsVerb: Verb = (program, { output }) => {
  program
    .command('cards')
    .description('draw the dated configuration card of every key from the recorded responses')
    .requiredOption('--engagement <file>', 'engagement file')
    .requiredOption('--out <folder>', 'where to put the pictures (SVG)')
    .addOption(snapshotOption('snapshot to draw'))
    .action(async (options: { engagement: string; out: string; snapshot?: string }) => {
      await withEngagement(options.engagement, async ({ db }) => {
        const snapshot = chosenSnapshot(db, options.snapshot).id;
        await mkdir(options.out, { recursive: true });
        const written: string[] = [];
        for (const { path, content } of cardFiles(db, snapshot)) {
          const target = join(options.out, basename(path));
          await writeFile(target, content() as string);
          written.push(target);
        }
        output.line(
          `${written.length} ${written.length === 1 ? 'picture' : 'pictures'} of snapshot ${snapshot} in ${options.out}: rendered from API responses, not console screenshots.`,
        );
        output.object({ snapshot, files: written });
      });
    });
};
