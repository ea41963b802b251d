import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { EngagementError } from '../db/error.ts';
import { z } from 'zod';
import { approvedVerb } from './cli/approved-verb.ts';
import { cardsVerb } from './cli/cards-verb.ts';
import { captureVerb } from './cli/capture-verb.ts';
import { discloseVerb } from './cli/disclose-verb.ts';
import { collectVerb, planVerb } from './cli/collect-verbs.ts';
import { compareVerb } from './cli/compare-verb.ts';
import type { CliContext, Verb } from './cli/context.ts';
import { demoVerb } from './cli/demo-verb.ts';
import { newVerb, sourceVerb } from './cli/engagement-verbs.ts';
import { EXIT, type ExitCode } from './cli/exit-code.ts';
import { importVerb } from './cli/import-verb.ts';
import { auditLogVerb } from './cli/audit-log-verb.ts';
import { makeOutput } from './cli/output.ts';
import { packVerb, rebuildVerb, testVerb } from './cli/pack-verbs.ts';
import { policyVerb } from './cli/policy-verb.ts';
import { procedureVerb, rotationVerb } from './cli/procedure-verbs.ts';
import { inventoryVerb, listVerbs, policyDocumentVerb } from './cli/record-verbs.ts';
import { sandboxVerb } from './cli/sandbox-verb.ts';
import { serveVerb } from './cli/serve-verb.ts';
import { signerVerb } from './cli/signer-verb.ts';
import { timestampVerb } from './cli/timestamp-verb.ts';
import { reperformVerb } from './cli/reperform-verb.ts';
import { reviewVerb, sampleVerb } from './cli/review-verbs.ts';
import { tsaVerb } from './cli/tsa-verb.ts';
import { verifyVerb } from './cli/verify-verb.ts';
import { VERSION } from './engine/version.ts';

const verbs: readonly Verb[] = [
  demoVerb,
  newVerb,
  sourceVerb,
  planVerb,
  collectVerb,
  importVerb,
  inventoryVerb,
  listVerbs,
  policyDocumentVerb,
  approvedVerb,
  procedureVerb,
  rotationVerb,
  auditLogVerb,
  reviewVerb,
  sampleVerb,
  compareVerb,
  reperformVerb,
  testVerb,
  cardsVerb,
  discloseVerb,
  packVerb,
  verifyVerb,
  timestampVerb,
  tsaVerb,
  signerVerb,
  rebuildVerb,
  policyVerb,
  sandboxVerb,
  serveVerb,
  captureVerb,
];

/** Whoever reads along may stop reading (`| head`): the work goes on to its end all the same. */
function readerIsGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/**
 * The `keywitness` command. Returns the exit code (see EXIT). Human text goes to stdout, or one JSON object with
 * `--json`; progress and errors go to stderr.
 */
export async function main(args: readonly string[]): Promise<ExitCode> {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', readerIsGone);
  const output = makeOutput(args.includes('--json'), process.stdout, process.stderr);
  // A reader that had enough (`| head`) ends the printing, not the work.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  let code: ExitCode = EXIT.done;
  const context: CliContext = { output, signal: stop.signal, exit: (value) => (code = value) };

  const program = new Command('keywitness')
    .description('Collect encryption-key evidence and seal it into a pack that anyone can verify.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(keywitness VERB --help explains a verb)');
  for (const verb of verbs) verb(program, context);
  everyVerb(program, (command) => command.exitOverride().option('--json', 'print one JSON object'));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Thrown by a verb after parsing: commander has not printed it.
    if (error instanceof InvalidArgumentError) {
      output.note(error.message);
      return EXIT.usage;
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    output.note(describe(error));
    output.object({ error: { code: codeOf(error), message: describe(error) } });
    return code === EXIT.done ? EXIT.failed : code;
  }
}

function everyVerb(command: Command, change: (command: Command) => unknown): void {
  for (const child of command.commands) {
    if (child.commands.length === 0) change(child);
    else everyVerb(child.exitOverride(), change);
  }
}

/** One message for people. Stacks are for bugs only. */
function describe(error: unknown): string {
  if (error instanceof z.ZodError) return `cannot use what was given: ${z.prettifyError(error)}`;
  if (!(error instanceof Error)) return String(error);
  const known = error instanceof EngagementError || 'code' in error || /^cannot /.test(error.message);
  return known ? error.message : (error.stack ?? error.message);
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
