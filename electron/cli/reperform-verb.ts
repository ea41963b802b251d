import { InvalidArgumentError } from 'commander';
import type { Source } from '../engagement/engagement.ts';
import { reperformPack } from '../engine/reperform-pack.ts';
import { operatorNamed, type Verb } from './context.ts';
import { askOnTerminal } from './given-credentials.ts';
import { networkOf } from './network.ts';
import { certificatesOf, signerOf, timestampOf, withSealingOptions, type SealingOptions } from './sealing.ts';

interface Options extends SealingOptions {
  out: string;
  sample?: number;
  seed?: string;
  profile?: string[];
  operator?: string;
  trust?: string[];
}

/** `reperform PACK`: asks again, with credentials of one's own, what a pack recorded, and compares. */
export const reperformVerb: Verb = (program, { output, signal }) => {
  withSealingOptions(
    program
      .command('reperform')
      .description(
        'ask again, with your own credentials, what a pack recorded, and report what is the same, changed or gone',
      )
      .argument('<pack>', 'pack (.zip)')
      .requiredOption(
        '--out <file>',
        'ledger to make, for example reperform.keywitness; its report and table are written beside it',
      )
      .option('--sample <n>', 'ask a random sample of so many exchanges instead of all', Number)
      .option('--seed <text>', 'seed of the sample')
      .option(
        '--profile <source=name...>',
        'AWS profile to use for a source; else the standard credential chain',
      )
      .option('--trust <file...>', 'certificates that the pack’s signer must lead to')
      .option('--operator <name>', 'your name as it shall stand in the report'),
  ).action(async (pack: string, options: Options) => {
    const sample = sampleOf(options);
    const found = await reperformPack({
      ...{ pack, out: options.out, operator: operatorNamed(options.operator), sample, signal },
      ...{
        signer: await signerOf(options),
        timestamp: timestampOf(options),
        trusted: certificatesOf(options.trust),
        network: networkOf(options),
      },
      credentialsFor: askOnTerminal,
      ownCredentials: (source) => withOwn(source, options.profile ?? []),
      onProgress: (done, of) =>
        output.progress(`reperform ${Math.floor(done / 500)}`, `Asked again: ${done} of ${of}`),
    });
    const of = (result: string) => found.results.filter((r) => r.result === result);
    for (const r of [...of('changed'), ...of('not answerable')]) {
      output.line(`${r.result.padEnd(15)} ${r.op} ${r.scope} ${r.about}: ${r.what}`);
      for (const { at, event, actor } of r.explainedBy)
        output.line(`                logged: ${at} ${event} by ${actor ?? 'somebody not named'}`);
    }
    for (const { source, message } of found.stopped)
      output.line(`source ${source} was not asked: ${message}`);
    output.line(
      `${found.results.length} of ${found.population.items} exchanges: ${of('same').length} same, ${of('changed').length} changed since, ${of('not answerable').length} no longer answerable.`,
    );
    output.line(`Report ${found.files.report}`);
    output.object(found);
  });
};

function sampleOf({ sample, seed }: Options) {
  if (sample === undefined) return null;
  if (!Number.isInteger(sample) || sample < 1)
    throw new InvalidArgumentError('cannot draw the sample: give a whole number from 1 on.');
  if (!seed)
    throw new InvalidArgumentError('cannot draw the sample: give --seed, so that anybody can draw it again.');
  return { n: sample, seed };
}

/** The auditor's credentials: a profile that was named, or the standard chain; never the client's profile of the same name. */
function withOwn(source: Source, profiles: readonly string[]): Source {
  if (source.provider !== 'aws') return source;
  const named = profiles.map((text) => text.split('=')).find(([id]) => id === source.id)?.[1];
  return { ...source, credentials: named ? { from: 'profile', profile: named } : { from: 'default-chain' } };
}
