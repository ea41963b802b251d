import { InvalidArgumentError } from 'commander';
import type { OwnSignIn } from '../engagement/own-sign-in.ts';
import { reperformPack } from '../engine/reperform-pack.ts';
import { signInFrom, WAYS, withOwnSignIn } from '../review/reperform/own-sign-in.ts';
import { operatorNamed, type Verb } from './context.ts';
import { askOnTerminal } from './given-credentials.ts';
import { networkOf } from './network.ts';
import { certificatesOf, signerOf, timestampOf, withSealingOptions, type SealingOptions } from './sealing.ts';

interface Options extends SealingOptions {
  out: string;
  sample?: number;
  seed?: string;
  profile?: string[];
  signIn?: string[];
  role?: string[];
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
        '--sign-in <source=how...>',
        'how you sign in to a source, see below; secrets are asked, or read from the environment',
      )
      .option(
        '--role <source=arn...>',
        'AWS role to take for a source, with ,EXTERNAL_ID behind it where one was agreed; none for no role',
      )
      .option('--profile <source=name...>', 'the same as --sign-in source=profile:name')
      .option('--trust <file...>', 'certificates that the pack’s signer must lead to')
      .option('--operator <name>', 'your name as it shall stand in the report')
      .addHelpText(
        'after',
        `\nWays to sign in, for --sign-in:\n  AWS    ${WAYS.aws}\n  Azure  ${WAYS.azure}\n  Vault  ${WAYS.vault}\n` +
          'Without one: the standard credential chain (AWS), the Azure CLI, a token (Vault).',
      ),
  ).action(async (pack: string, options: Options) => {
    const sample = sampleOf(options);
    const signIns = signInsOf(options);
    const found = await reperformPack({
      ...{ pack, out: options.out, operator: operatorNamed(options.operator), sample, signal },
      ...{
        signer: await signerOf(options),
        timestamp: timestampOf(options),
        trusted: certificatesOf(options.trust),
        network: networkOf(options),
      },
      credentialsFor: askOnTerminal,
      ownCredentials: (source) => withOwnSignIn(source, signIns.get(source.id)),
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

/** What was chosen for each source, by its id. */
function signInsOf({ signIn = [], profile = [], role = [] }: Options): Map<string, OwnSignIn> {
  const ways = [...pairs(profile).map(([id, name]) => [id, `profile:${name}`] as const), ...pairs(signIn)];
  const chosen = new Map<string, OwnSignIn>(ways.map(([id, way]) => [id, { how: signInFrom(way) }]));
  for (const [id, text] of pairs(role)) {
    const [roleArn = '', externalId] = text.split(',');
    const assumeRole = roleArn === 'none' ? null : { roleArn, externalId: externalId ?? null };
    chosen.set(id, { ...(chosen.get(id) ?? { how: { from: 'default-chain' } }), assumeRole });
  }
  return chosen;
}

/** `source=what`, split at the first equals sign. */
function pairs(texts: readonly string[]): [string, string][] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new InvalidArgumentError(
      `cannot read "${text}": it names no source. Write the id of the source, an equals sign, and what is meant.`,
    );
  });
}
