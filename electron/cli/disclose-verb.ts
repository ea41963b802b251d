import { writeFile } from 'node:fs/promises';
import { openReadable } from '../../db/open.ts';
import { disclose } from '../pack/redact/disclose.ts';
import type { Verb } from './context.ts';

/** `disclose`: opens one value that a redacted pack withheld. */
export const discloseVerb: Verb = (program, { output }) => {
  program
    .command('disclose')
    .description('open one value that a redacted pack withheld, to be checked against the sealed pack')
    .requiredOption('--engagement <file>', 'engagement file')
    .requiredOption('--out <file>', 'where to put the disclosure (JSON); it holds the value itself')
    .option('--entry <number>', 'ledger entry, as the redaction log names it', Number)
    .option('--field <name>', 'sealed value of that entry: body, params, caller, value')
    .option('--record <index>', 'log record of that entry', Number)
    .option('--value <text>', 'a value that a token stands for')
    .addHelpText('after', '\nCheck it with: keywitness verify PACK --disclosure FILE')
    .action(async (options: DiscloseOptions) => {
      const db = openReadable(options.engagement);
      try {
        const opened = disclose(db, options);
        await writeFile(options.out, `${JSON.stringify(opened, null, 1)}\n`, { mode: 0o600 });
        output.line(
          `Disclosure in ${options.out}. Check it with: keywitness verify PACK --disclosure ${options.out}`,
        );
        output.object({ file: options.out });
      } finally {
        db.close();
      }
    });
};

interface DiscloseOptions {
  engagement: string;
  out: string;
  entry?: number;
  field?: string;
  record?: number;
  value?: string;
}
