import { resolve } from 'node:path';
import { timestampChoice, type TimestampChoice } from '../api/shared.ts';
import { EngineError } from '../engine/error.ts';
import { certificatesIn } from '../engine/service/sealers.ts';
import { SettingsFile } from '../engine/service/settings.ts';
import { testAuthority } from '../engine/test-authority.ts';
import { assertNoSecret } from '../engine/works/stamping-works.ts';
import { homeFolder } from '../host/home.ts';
import type { Verb } from './context.ts';
import { EXIT } from './exit-code.ts';
import { withNetworkOptions } from './network.ts';
import type { Output } from './output.ts';

/** `tsa list`, `tsa set`, `tsa test`: the timestamp authorities that are remembered. */
export const tsaVerb: Verb = (program, { output, signal, exit }) => {
  const tsa = program
    .command('tsa')
    .description('the timestamp authorities (RFC 3161) that verbs ask when no --tsa is given');

  tsa
    .command('list')
    .description('print them in their order')
    .action(() => {
      const { timestamp } = new SettingsFile(homeFolder()).value;
      printAuthorities(output, timestamp);
      output.object({ timestamp });
    });

  tsa
    .command('set')
    .description('remember authorities in place of those remembered; none forgets all')
    .argument('[url...]', 'tried in this order: the next one when one does not answer')
    .option('--second <url...>', 'asked besides, in this order, for a second time by somebody else')
    .option('--root <file...>', 'certificates (PEM or DER) that their tokens must lead to')
    .action((urls: string[], options: { second?: string[]; root?: string[] }) => {
      const timestamp = choiceOf(urls, options);
      assertNoSecret(timestamp);
      certificatesIn(timestamp?.roots ?? []);
      new SettingsFile(homeFolder()).change({ timestamp });
      printAuthorities(output, timestamp);
      output.object({ timestamp });
    });

  withNetworkOptions(tsa.command('test'))
    .description('ask each for the time of a random hash and check its token')
    .argument('[url...]', 'authorities; those remembered without')
    .option('--root <file...>', 'certificates (PEM or DER) that their tokens must lead to')
    .action(async (urls: string[], options: { root?: string[] }) => {
      const { timestamp } = new SettingsFile(homeFolder()).value;
      const asked = urls.length > 0 ? urls : [...(timestamp?.urls ?? []), ...(timestamp?.second ?? [])];
      if (asked.length === 0)
        throw new EngineError(
          'NO_AUTHORITY',
          'cannot test authorities: none was given and none is remembered. Give their addresses.',
        );
      const roots = certificatesIn(options.root ?? (urls.length > 0 ? [] : (timestamp?.roots ?? [])));
      const tests = [];
      for (const url of asked) {
        const test = await testAuthority(url, roots, signal);
        tests.push(test);
        const { answer, why } = test;
        output.line(
          answer
            ? `${url}: ${answer.genTime} by ${answer.authority}, until ${answer.notAfter.slice(0, 10)}, ${answer.tookMs} ms, clock ${answer.offsetMs} ms from this machine's`
            : `${url}: ${why}`,
        );
      }
      output.object({ tests });
      if (tests.some(({ answer }) => answer === null)) exit(EXIT.failed);
    });
};

function choiceOf(urls: readonly string[], options: { second?: string[]; root?: string[] }): TimestampChoice {
  if (urls.length === 0) return null;
  const checked = timestampChoice.safeParse({
    urls,
    roots: (options.root ?? []).map((path) => resolve(path)),
    ...(options.second ? { second: options.second } : {}),
  });
  if (checked.success) return checked.data;
  throw new EngineError(
    'NO_AUTHORITY',
    'cannot remember the authorities: one of the addresses is not a URL. Give them as http://… or https://…',
  );
}

function printAuthorities(output: Output, timestamp: TimestampChoice): void {
  if (!timestamp) return output.line('No timestamp authority is remembered.');
  timestamp.urls.forEach((url, i) => output.line(`${i + 1}. ${url}`));
  (timestamp.second ?? []).forEach((url, i) => output.line(`second ${i + 1}. ${url}`));
  for (const path of timestamp.roots) output.line(`must lead to ${path}`);
}
