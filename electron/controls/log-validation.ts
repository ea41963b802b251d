import { exception, pass, results, undetermined, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { count } from './dates.ts';
import { logging, type TrailWithStatus } from './places.ts';

const ID = 'log-validation';

/** Log files can be shown to be unchanged. */
export const logValidation: Control = {
  id: ID,
  title: 'Log-file validation is on and the digest chain verifies',
  finding: 'logging',
  criteria: ['CC7.2', 'CC6.1'],
  question: 'Is log-file validation on, and is the digest chain of the period whole and correctly signed?',
  method:
    'Read LogFileValidationEnabled (DescribeTrails). For the period, verify every digest file: its signature with the public key from ListPublicKeys, the hash of each log file it names, and its link to the digest before it.',
  permissions: ['cloudtrail:DescribeTrails', 'cloudtrail:ListPublicKeys', 's3:ListBucket', 's3:GetObject'],
  remediation: 'Turn log-file validation on, and explain every digest that is missing or does not verify.',
  standards: [
    { name: 'CIS AWS Foundations Benchmark', version: '3.0', ref: '3.2' },
    { name: 'AWS Security Hub CSPM', version: 'CloudTrail controls', ref: 'CloudTrail.4' },
  ],
  appliesTo: 'trails',
  test: (context) =>
    logging(context).trails.flatMap((trail) => {
      const now = setting(trail);
      return results(ID, 'trail', trail.id, { collection: now, period: chain(context, trail, now) });
    }),
};

function setting(trail: TrailWithStatus): Answer {
  if (trail.validation === null)
    return undetermined(`Whether trail ${trail.name} writes digests is not in the answer.`, [trail.seq]);
  return trail.validation === 1
    ? pass(`Log-file validation is on for trail ${trail.name}.`, [trail.seq])
    : exception(`Log-file validation is off for trail ${trail.name}.`, [trail.seq]);
}

function chain(context: ControlContext, trail: TrailWithStatus, now: Answer): Answer {
  const digests = context.logs.digests().filter((d) => d.trail === trail.id || d.trail === trail.name);
  const cites = [...now.cites, ...digests.flatMap((d) => d.seqs)];
  const broken = digests.filter((d) => d.result === 'invalid' || d.result === 'gap');
  if (broken.length > 0) {
    const first = broken[0]!;
    return exception(
      `The digest chain of trail ${trail.name} does not hold in ${count(broken.length, 'place')}: ${first.account}/${first.region}: ${first.reason}`,
      cites,
    );
  }
  if (now.result !== 'pass') return now;
  const open = digests.filter((d) => d.result === 'not-validated');
  if (digests.length === 0 || open.length > 0) {
    return undetermined(
      `Log-file validation is on for trail ${trail.name}, but ${digests.length === 0 ? 'its digest files were not read' : `the chain was not verified: ${open[0]!.reason}`}.`,
      cites,
    );
  }
  return pass(
    `The digest chain of trail ${trail.name} verifies in ${count(digests.length, 'account and Region', 'accounts and Regions')}.`,
    cites,
  );
}
