import { derivedDigest } from '../derive/digest.ts';
import { analyse } from '../engine/analyse.ts';
import { EngineError } from '../engine/error.ts';
import { EVENT_TABLES, rebuildEvents } from '../logs/derive-events.ts';
import { packEngagement } from '../engine/pack-engagement.ts';
import { chosenSnapshot, snapshotWords } from '../engine/snapshot-choice.ts';
import { ensureView } from '../engine/views.ts';
import { withEngagement } from '../engine/with-engagement.ts';
import type { BuiltPack } from '../pack/build-pack.ts';
import { statistics } from '../pack/report/statistics.ts';
import { readRedactionRules } from '../pack/redact/rules.ts';
import { operatorNamed, type Verb } from './context.ts';
import type { Output } from './output.ts';
import { printSeal } from './print-seal.ts';
import {
  certificatesOf,
  signerOf,
  stampingQueue,
  timestampOf,
  withSealingOptions,
  type SealingOptions,
} from './sealing.ts';
import { snapshotOption } from './snapshot-option.ts';

/** `test`: runs the tests of controls again. */
export const testVerb: Verb = (program, { output }) => {
  program
    .command('test')
    .description('run the tests of controls on what was collected')
    .requiredOption('--engagement <file>', 'engagement file')
    .addOption(snapshotOption('snapshot to report on'))
    .option('--operator <name>', 'your name, beside the view when several snapshots are read together')
    .action(async (options: { engagement: string; snapshot?: string; operator?: string }) => {
      await withEngagement(options.engagement, async (work) => {
        const { db } = work;
        const name = await ensureView(work, operatorNamed(options.operator), options.snapshot);
        const chosen = chosenSnapshot(db, name);
        const snapshot = chosen.id;
        analyse(db);
        output.line(`Snapshot ${snapshotWords(db, chosen)}`);
        output.line();
        const numbers = statistics(db, snapshot);
        const rows = db
          .prepare<[string], { control: string; result: string; n: number }>(
            `SELECT control, result, count(*) AS n FROM test_result
              WHERE snapshot = ? AND at = 'collection' GROUP BY 1, 2 ORDER BY 1, 2`,
          )
          .all(snapshot);
        for (const [control, results] of Map.groupBy(rows, (r) => r.control)) {
          output.line(`${control.padEnd(34)} ${results.map((r) => `${r.result} ${r.n}`).join(', ')}`);
        }
        output.line();
        output.line(
          `${numbers.keys} keys: ${numbers.exceptions} exceptions, ${numbers.undetermined} undetermined, ` +
            `${numbers.evidenceRequired} need evidence, ${numbers.gaps} gaps.`,
        );
        output.object({ snapshot, members: chosen.members, ...numbers, atCollection: rows });
      });
    });
};

/** `rebuild`: derives everything again and shows that the rows are the same. */
export const rebuildVerb: Verb = (program, { output }) => {
  program
    .command('rebuild')
    .description('derive every table again from the ledger alone and compare')
    .requiredOption('--engagement <file>', 'engagement file')
    .action(async (options: { engagement: string }) => {
      await withEngagement(options.engagement, async ({ db }) => {
        const tables = [...EVENT_TABLES, 'coverage', 'digest_result'];
        const before = derivedDigest(db, tables);
        rebuildEvents(db);
        analyse(db);
        const after = derivedDigest(db, tables);
        output.line(
          after === before ? `Identical: ${after}` : `Different: ${before} before, ${after} after.`,
        );
        output.object({ identical: after === before, before, after });
        if (after !== before) {
          throw new EngineError(
            'DIFFERENT_ROWS',
            'cannot confirm the derived rows: they were not what the ledger gives. They are now; if an older version made them, this is expected.',
          );
        }
      });
    });
};

/** `pack --out DIR`. */
export const packVerb: Verb = (program, { output }) => {
  withSealingOptions(
    program
      .command('pack')
      .description('build, sign and timestamp the evidence pack')
      .requiredOption('--engagement <file>', 'engagement file')
      .requiredOption('--out <folder>', 'where to put the PDF and the zip')
      .addOption(snapshotOption('snapshot to pack'))
      .option('--redact <file>', 'rules (JSON: principals, fields, reason) of what to take out of the pack')
      .option('--operator <name>', 'your name, beside a redaction or a view'),
  ).action(async (options: SealingOptions & PackVerbOptions) => {
    const rules = options.redact ? readRedactionRules(options.redact) : null;
    const signer = await signerOf(options);
    if (!signer)
      throw new EngineError('NO_SIGNER', 'cannot pack: no signer was given. Give --signer FILE.p12.');
    await withEngagement(options.engagement, async (work) => {
      const name = await ensureView(work, operatorNamed(options.operator), options.snapshot);
      const snapshot = chosenSnapshot(work.db, name);
      output.line(`Snapshot ${snapshotWords(work.db, snapshot)}`);
      const pack = await packEngagement(work, {
        folder: options.out,
        signer,
        timestamp: timestampOf(options),
        signerRoots: certificatesOf(options.signerRoot),
        authorityRoots: certificatesOf(options.tsaRoot),
        onProgress: (step) => output.progress(step, `${step} …`),
        snapshot: snapshot.id,
        ...(rules ? { redaction: { rules, by: operatorNamed(options.operator) } } : {}),
      });
      printPack(output, pack);
      if (pack.timePending !== null) {
        stampingQueue().add(pack.zip, pack.timePending);
        output.line('        It waits for its time now: keywitness timestamp --queue stamps all that do.');
      }
      output.object({ ...pack, snapshot: snapshot.id, members: snapshot.members });
    });
  });
};

interface PackVerbOptions {
  engagement: string;
  out: string;
  snapshot?: string;
  redact?: string;
  operator?: string;
}

/** Where the pack is and what time it carries. */
export function printPack(output: Output, pack: BuiltPack): void {
  output.line(`Report  ${pack.pdf}`);
  output.line(`Pack    ${pack.zip} (${pack.zipBytes} bytes)`);
  output.line(`SHA-256 ${pack.zipSha256}`);
  output.line(
    pack.provenTime === null
      ? `Time    pending: ${pack.timePending} Stamp it later with: keywitness timestamp ${pack.zip}`
      : `Time    ${pack.provenTime} (timestamp)`,
  );
  printSeal(output, pack.seal);
}
