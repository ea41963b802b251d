import { importIntoEngagement } from '../engine/import-engagement.ts';
import { defaultSnapshot, snapshotWords } from '../engine/snapshot-choice.ts';
import { withEngagement } from '../engine/with-engagement.ts';
import { operatorNamed, type Verb } from './context.ts';
import { EXIT } from './exit-code.ts';
import { signerOf, timestampOf, withSealingOptions, type SealingOptions } from './sealing.ts';

/** `import PATH…`: files the client exported. */
export const importVerb: Verb = (program, { output, signal, exit }) => {
  withSealingOptions(
    program
      .command('import')
      .description(
        'import files the client exported: CloudTrail log files and folders, saved AWS CLI answers',
      )
      .argument('<path...>', 'files and folders')
      .requiredOption('--engagement <file>', 'engagement file')
      .option('--source <id>', 'source of files to import into')
      .option('--operator <name>', 'your name as it shall stand in the pack'),
  ).action(
    async (
      paths: string[],
      options: SealingOptions & { engagement: string; source?: string; operator?: string },
    ) => {
      const signer = await signerOf(options);
      const { summary, view } = await withEngagement(options.engagement, async (work) => {
        const imported = await importIntoEngagement(work, {
          paths,
          operator: operatorNamed(options.operator),
          signer,
          timestamp: timestampOf(options),
          signal,
          onProgress: ({ files, of, events }) =>
            output.progress(
              `import ${Math.floor(files / 500)}`,
              `Importing: ${files} of ${of} files, ${events} events`,
            ),
          ...(options.source ? { source: options.source } : {}),
        });
        const shown = defaultSnapshot(work.db);
        return {
          summary: imported,
          view: { id: shown.id, members: shown.members, words: snapshotWords(work.db, shown) },
        };
      });
      output.line(
        `Snapshot ${summary.snapshot}: ${summary.imported} of ${summary.files} files imported; ` +
          `${summary.events} events, ${summary.relevant} kept, ${summary.kms} of key management.`,
      );
      for (const { path, reason } of summary.defective) output.line(`  damaged: ${path}: ${reason}`);
      if (summary.already > 0) {
        const files = summary.already === 1 ? '1 file was' : `${summary.already} files were`;
        output.line(`  ${files} imported before: the same bytes, passed over.`);
      }
      for (const { path, reason } of summary.rejected) {
        if (!reason.endsWith('which is imported already')) output.line(`  not imported: ${path}: ${reason}`);
      }
      if (view.members.length > 1) output.line(`Read together from now on as ${view.words}`);
      output.object({ ...summary, view: { id: view.id, members: view.members } });
      // Files that are there already are no failure.
      if (summary.imported === 0 && summary.already === 0) exit(EXIT.failed);
    },
  );
};
