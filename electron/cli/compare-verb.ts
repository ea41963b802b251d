import { openReadable } from '../../db/open.ts';
import { chosenSnapshot } from '../engine/snapshot-choice.ts';
import { compareSnapshots, type Comparison } from '../review/compare.ts';
import { snapshotBefore } from '../engagement/view.ts';
import { InvalidArgumentError } from 'commander';
import type { Verb } from './context.ts';
import type { Output } from './output.ts';

/** `compare`: what changed between two snapshots, of one engagement or of two. */
export const compareVerb: Verb = (program, { output }) => {
  program
    .command('compare')
    .description(
      'what changed between two snapshots: keys, settings, policies, access, and the logged change behind it',
    )
    .requiredOption('--engagement <file>', 'engagement file with the later snapshot')
    .option(
      '--to <id>',
      'later snapshot, a run (s1), a view (v1) or runs read together (s1+s3); without it the one that is shown',
    )
    .option('--from <id>', 'earlier snapshot; without it the one that was taken before of the same sources')
    .option('--with <file>', 'engagement file with the earlier snapshot, for example last year’s')
    .action((options: { engagement: string; to?: string; from?: string; with?: string }) => {
      const db = openReadable(options.engagement);
      const other = options.with ? openReadable(options.with) : db;
      try {
        const to = chosenSnapshot(db, options.to).id;
        const before = snapshotBefore(db, to)?.id;
        const named = options.from === undefined ? undefined : chosenSnapshot(other, options.from).id;
        const from = named ?? (options.with ? chosenSnapshot(other).id : before);
        if (from === undefined)
          throw new InvalidArgumentError(
            'cannot compare: there is no earlier snapshot of these sources. Name one with --from, or another engagement with --with.',
          );
        const comparison = compareSnapshots({ db: other, snapshot: from }, { db, snapshot: to });
        print(output, comparison);
        output.object(comparison);
      } finally {
        if (other !== db) other.close();
        db.close();
      }
    });
};

function print(output: Output, { from, to, keys, unchanged, notComparable }: Comparison): void {
  output.line(`${from.snapshot} (${from.at}) → ${to.snapshot} (${to.at})`);
  for (const { key, change, fields, policy, access, explainedBy } of keys) {
    output.line(`${change.padEnd(8)} ${key}`);
    for (const { field, before, after } of fields)
      output.line(`  ${field}: ${before ?? '(none)'} → ${after ?? '(none)'}`);
    for (const { change: how, statement } of policy) output.line(`  policy: ${statement} ${how}`);
    for (const { principal, right, change: how, how: via } of access)
      output.line(`  access: ${principal} ${how} ${right} (${via})`);
    for (const { at, event, actor, seq } of explainedBy)
      output.line(`  logged: ${at} ${event} by ${actor ?? 'somebody not named'} (entry ${seq})`);
    if (explainedBy.length === 0) output.line('  logged: nothing that explains it');
  }
  for (const { key, what } of notComparable) output.line(`not comparable ${key}: ${what}`);
  output.line(
    `${keys.length} keys differ, ${unchanged} do not, ${notComparable.length} questions could not be compared.`,
  );
}
