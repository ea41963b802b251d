import { openReadable } from '../../db/open.ts';
import type { EngagementCollectResult } from '../engine/collect-engagement.ts';
import { planTotals, type PlannedCall } from '../collect/plan.ts';
import { currentEngagement, currentSources } from '../engagement/current.ts';
import { collectEngagement } from '../engine/collect-engagement.ts';
import { defaultSnapshot, openSnapshot, snapshotWords } from '../engine/snapshot-choice.ts';
import { withEngagement } from '../engine/with-engagement.ts';
import { canBeAsked, providerOf } from '../providers/index.ts';
import { warnOfPlace } from './place-warning.ts';
import { showProgress } from './collect-progress.ts';
import { askOnTerminal } from './given-credentials.ts';
import { operatorNamed, type CliContext, type Verb } from './context.ts';
import { EXIT } from './exit-code.ts';
import { networkOf } from './network.ts';
import type { Output } from './output.ts';
import { signerOf, timestampOf, withSealingOptions, type SealingOptions } from './sealing.ts';

const USAGE_EVENTS = 2000;

const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new Error(`cannot use ${text}: give a whole number.`);
  return Number(text);
};

/** `plan`: every call before it is made. */
export const planVerb: Verb = (program, { output }) => {
  program
    .command('plan')
    .description('show the calls a collection will make, the quotas they keep to and the time they take')
    .requiredOption('--engagement <file>', 'engagement file')
    .option(
      '--usage-events <n>',
      'most events of key use to look up in each region',
      wholeNumber,
      USAGE_EVENTS,
    )
    .action((options: { engagement: string; usageEvents: number }) => {
      const db = openReadable(options.engagement);
      try {
        const { period } = currentEngagement(db);
        const settings = { quotas: 'provider' as const, usageEventBudget: options.usageEvents };
        const sources = currentSources(db).filter(canBeAsked);
        if (sources.length === 0) {
          throw new Error(
            'cannot plan: the engagement has no source that can be asked. Add one with: keywitness source add aws --engagement FILE',
          );
        }
        const plan = sources.flatMap((source) => providerOf(source).plan(source, period, settings));
        printPlan(output, plan);
      } finally {
        db.close();
      }
    });
};

function printPlan(output: Output, plan: readonly PlannedCall[]): void {
  const { calls, seconds } = planTotals(plan);
  for (const [op, members] of Map.groupBy(plan, (p) => p.op)) {
    const sum = members.reduce((n, p) => n + p.calls, 0);
    const [first] = members;
    output.line(
      `${String(sum).padStart(8)}  ${op.padEnd(42)} ${first!.budget}/s of ${first!.quota}/s  ${first!.purpose}`,
    );
  }
  output.line();
  output.line(
    `${calls} calls; at these rates about ${Math.ceil(seconds / 60)} minutes. Read-only; no key is used.`,
  );
  for (const text of new Set(plan.map((p) => p.estimate).filter((e) => e !== null)))
    output.line(`Estimate: ${text}.`);
  output.object({ calls, seconds, plan });
}

/** `collect` and `collect --resume`. */
export const collectVerb: Verb = (program, context) => {
  withSealingOptions(
    program
      .command('collect')
      .description('collect evidence from every source; stops safely with Ctrl-C and goes on with --resume')
      .requiredOption('--engagement <file>', 'engagement file')
      .option('--resume', 'go on with the collection that was stopped')
      .option(
        '--usage-events <n>',
        'most events of key use to look up in each region',
        wholeNumber,
        USAGE_EVENTS,
      )
      .option('--operator <name>', 'your name as it shall stand in the pack'),
  ).action(async (options: CollectOptions) => {
    // Before anything is asked: a wrong passphrase must not wait until the collection is over.
    const signer = await signerOf(options);
    warnOfPlace(context.output, options.engagement);
    await withEngagement(options.engagement, async ({ db, writer }) => {
      const result = await collectEngagement(
        { db, writer },
        {
          operator: operatorNamed(options.operator),
          usageEventBudget: options.usageEvents,
          signer,
          credentialsFor: askOnTerminal,
          timestamp: timestampOf(options),
          signal: context.signal,
          network: networkOf(options),
          onProgress: showProgress(context.output),
          ...(options.resume ? { resume: openSnapshot(db).id } : {}),
        },
      );
      const stopped = result.state === 'cancelled' || result.state === 'stopped';
      printCollected(context, result);
      const shown = defaultSnapshot(db);
      if (shown.members.length > 1)
        context.output.line(`Read together from now on as ${snapshotWords(db, shown)}`);
      if (stopped) context.exit(EXIT.stopped);
    });
  });
};

interface CollectOptions extends SealingOptions {
  engagement: string;
  resume?: boolean;
  usageEvents: number;
  operator?: string;
}

function printCollected({ output }: CliContext, result: EngagementCollectResult): void {
  output.line(`Snapshot ${result.snapshotId}: ${result.state}, ${result.gaps.length} gaps.`);
  for (const gap of result.gaps.slice(0, 20))
    output.line(`  ${gap.scope} ${gap.op} ${gap.subject}: ${gap.code ?? gap.message ?? 'not asked'}`);
  if (result.gaps.length > 20)
    output.line(`  and ${result.gaps.length - 20} more: they are all in the pack.`);
  for (const { source, message } of result.stopped) output.line(`${source} stopped: ${message}`);
  if (result.state === 'cancelled' || result.state === 'stopped') {
    output.line('Nothing is lost. Go on with: keywitness collect --resume');
  }
  output.object(result);
}
