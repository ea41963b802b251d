import type { CollectJobResult, ImportJobResult } from '../../api/collect.ts';
import { planTotals } from '../../collect/plan.ts';
import { currentEngagement, currentSources } from '../../engagement/current.ts';
import { canBeAsked, providerOf } from '../../providers/index.ts';
import { collectEngagement } from '../collect-engagement.ts';
import { importIntoEngagement } from '../import-engagement.ts';
import type { JobEnd } from '../service/jobs.ts';
import { sealersOf } from '../service/sealers.ts';
import { askingOptions } from './asking.ts';
import type { Works } from './work.ts';

export const collectWorks: Works<'collect.plan' | 'collect.start' | 'collect.import'> = {
  'collect.plan'({ session }, { usageEventBudget }) {
    const { period } = currentEngagement(session.db);
    const settings = { quotas: 'provider' as const, usageEventBudget };
    const plan = currentSources(session.db)
      .filter(canBeAsked)
      .flatMap((source) => providerOf(source).plan(source, period, settings));
    return {
      ...planTotals(plan),
      plan: plan.map((call) => ({ ...call, permissions: [...call.permissions] })),
    };
  },
  async 'collect.start'(bench, input) {
    const { work } = bench.session;
    // Before anything is asked: a wrong passphrase must not wait until the collection is over.
    const { signer, timestamp } = await sealersOf(input, () => bench.sample());
    return bench.jobs.start(
      { kind: 'collect', title: 'Collect', canPause: true, exclusive: true },
      async ({ control, progress, step }): Promise<JobEnd> => {
        const options = await askingOptions(bench, input.secrets, step);
        try {
          const { snapshotId, state, gaps, stopped } = await collectEngagement(work, {
            ...options,
            operator: input.operator,
            usageEventBudget: input.usageEventBudget,
            ...(input.resume === null ? {} : { resume: input.resume }),
            ...{ signer, timestamp, control },
            onProgress: progress,
          });
          const result: CollectJobResult = { snapshot: snapshotId, state, gaps: gaps.length, stopped };
          return { result, state: ENDS[state] };
        } finally {
          bench.session.changed();
        }
      },
    );
  },
  async 'collect.import'(bench, input) {
    const { work } = bench.session;
    const { signer, timestamp } = await sealersOf(input, () => bench.sample());
    return bench.jobs.start(
      { kind: 'import', title: 'Import files', exclusive: true },
      async ({ signal, progress }): Promise<JobEnd> => {
        try {
          const summary = await importIntoEngagement(work, {
            paths: input.paths,
            operator: input.operator,
            ...(input.source === null ? {} : { source: input.source }),
            ...{ signer, timestamp, signal },
            onProgress: (counts) => progress({ kind: 'files', ...counts }),
          });
          const { snapshot, files, imported, events, relevant, kms, unreadable } = summary;
          const result: ImportJobResult = {
            ...{ snapshot, files, imported, events, relevant, kms, unreadable },
            rejected: summary.rejected.map(({ path, reason }) => ({ path, reason })),
            defective: summary.defective.map(({ path, reason }) => ({ path, reason })),
          };
          const whole = result.rejected.length === 0 && result.defective.length === 0;
          return whole ? { result } : { result, state: 'done-with-gaps' };
        } finally {
          bench.session.changed();
        }
      },
    );
  },
};

/** How the end of a collection is the end of its job. A snapshot in which nothing answered is closed, with gaps only. */
const ENDS = {
  complete: 'done',
  'complete-with-gaps': 'done-with-gaps',
  failed: 'done-with-gaps',
  cancelled: 'cancelled',
  stopped: 'stopped',
} as const;
