import { createInterface } from 'node:readline/promises';
import { browserCamera } from '../capture/browser-camera.ts';
import { captureConsole } from '../capture/capture-console.ts';
import { consolePage } from '../capture/console-pages.ts';
import { currentSources } from '../engagement/current.ts';
import { chosenSnapshot } from '../engine/snapshot-choice.ts';
import { withEngagement } from '../engine/with-engagement.ts';
import { keyFinder } from '../review/inventory.ts';
import { operatorNamed, type Verb } from './context.ts';
import { EXIT } from './exit-code.ts';
import { snapshotOption } from './snapshot-option.ts';

/** `capture`: dated screenshots of the provider's own console. */
export const captureVerb: Verb = (program, { output, signal, exit }) => {
  program
    .command('capture')
    .description(
      'take dated screenshots of keys in the provider’s own console, in a browser window of its own',
    )
    .argument('<key...>', 'keys by ARN, id or alias')
    .requiredOption('--engagement <file>', 'engagement file')
    .addOption(snapshotOption())
    .option('--operator <name>', 'your name as it shall stand in the picture')
    .action(
      async (names: string[], options: { engagement: string; snapshot?: string; operator?: string }) => {
        await withEngagement(options.engagement, async (work) => {
          const snapshot = chosenSnapshot(work.db, options.snapshot).id;
          const find = keyFinder(work.db, snapshot);
          const keys = names.map((name) => {
            const [found, other] = find(name);
            if (found === undefined || other !== undefined) {
              throw new Error(
                `cannot capture ${name}: ${other ? 'several keys have' : 'no key has'} that name. Give its full id.`,
              );
            }
            return found;
          });
          const addresses = new Map(
            currentSources(work.db).flatMap((source) =>
              source.provider === 'vault' ? [[source.id, source.address] as const] : [],
            ),
          );
          const result = await captureConsole(work, {
            ...{ snapshot, keys, signal },
            operator: operatorNamed(options.operator),
            camera: browserCamera(),
            pageOf: (key) => consolePage(key, addresses.get(key.source) ?? null),
            whenSignedIn: () => untilEnter('Sign in in the window that opened, then press Enter here. '),
            onProgress: (done, of, key) => output.progress(`capture ${done}`, `${done + 1} of ${of}: ${key}`),
          });
          output.line(`${result.taken.length} pictures recorded in the ledger.`);
          for (const { key, view, reason } of result.missed)
            output.line(`  not taken: ${key} ${view}: ${reason}`);
          output.object(result);
          if (result.taken.length === 0) exit(EXIT.failed);
        });
      },
    );
};

async function untilEnter(question: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    await terminal.question(question);
  } finally {
    terminal.close();
  }
}
