import { checkDisclosure } from '../verify/disclosure/check-disclosure.ts';
import type { Verdict, Verification } from '../verify/verification.ts';
import { verifyFile } from '../verify/verify-file.ts';
import type { Verb } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { readGivenFile } from './given-file.ts';
import type { Output } from './output.ts';
import { certificatesOf } from './sealing.ts';

const CODES: Record<Verdict, ExitCode> = {
  intact: EXIT.done,
  'intact-time-pending': EXIT.timePending,
  altered: EXIT.failed,
  'cannot-tell': EXIT.usage,
};

/** `verify PACK|FILE`. */
export const verifyVerb: Verb = (program, { output, exit }) => {
  program
    .command('verify')
    .description('check a pack or an engagement file; offline, verdict first')
    .argument('<file>', 'a pack (.zip) or an engagement file (.keywitness)')
    .option('--trust <file...>', 'certificates (PEM or DER) to trust for signers and timestamp authorities')
    .option('--disclosure <file>', 'values opened of a redacted pack, to be checked against what was sealed')
    .addHelpText(
      'after',
      '\nExit codes: 0 intact, 3 intact but no trusted time yet, 1 altered, 2 cannot tell.',
    )
    .action(async (file: string, options: { trust?: string[]; disclosure?: string }) => {
      // Until there is a verdict: whatever goes wrong before, nothing is known to be altered.
      exit(EXIT.usage);
      const trusted = certificatesOf(options.trust);
      const result = await verifyFile(file, { trusted });
      const opened = options.disclosure
        ? await checkDisclosure(file, readGivenFile(options.disclosure).toString('utf8'))
        : [];
      printVerification(output, { ...result, checks: [...result.checks, ...opened] });
      exit(opened.some((check) => check.result === 'fail') ? EXIT.failed : CODES[result.verdict]);
    });
};

const MARKS = { pass: 'pass       ', fail: 'FAIL       ', 'cannot-tell': 'cannot tell' } as const;

/** Verdict first, then every check on a line. */
export function printVerification(output: Output, result: Verification): void {
  output.line(result.headline);
  output.line();
  if (result.claimedTime) output.line(`  claimed     ${result.claimedTime} (the signer's clock)`);
  output.line(
    `  proven      ${result.provenTime ?? 'time pending'}${result.provenTime ? ' (timestamp)' : ''}`,
  );
  if (result.level) output.line(`  level       ${result.level}`);
  output.line();
  for (const check of result.checks) output.line(`  ${MARKS[check.result]}  ${check.title}: ${check.detail}`);
  output.object(result);
}
