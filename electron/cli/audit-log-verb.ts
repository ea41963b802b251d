import { InvalidArgumentError } from 'commander';
import { chosenSnapshot } from '../engine/snapshot-choice.ts';
import { fileAt } from '../review/attachments.ts';
import { recordLogHandling } from '../review/log-handling.ts';
import type { Verb } from './context.ts';
import { recording, withRecordOptions, type RecordOptions } from './record-verbs.ts';

interface Stated {
  shippedTo?: string;
  keptDays?: number;
  alerts?: string;
  statedBy: string;
  evidence?: string;
}

/** `audit-log state`: what Vault does not show of its audit logs. */
export const auditLogVerb: Verb = (program, { output }) => {
  const auditLog = program
    .command('audit-log')
    .description('audit logs of Vault behind the device that writes them');
  withRecordOptions(
    auditLog
      .command('state')
      .description(
        'where the log of an audit device is shipped, how long it is kept, who is told of key changes',
      )
      .argument('<device>', 'audit device as sys/audit names it, for example file/')
      .option('--shipped-to <destination>', 'as the list of approved destinations names it')
      .option('--kept-days <days>', 'how long it is kept there', Number)
      .option('--alerts <text>', 'which rule tells whom of changes of keys')
      .requiredOption('--stated-by <name>', 'who at the client says so')
      .option('--evidence <file>', 'configuration of the shipper or the SIEM, screenshot'),
  ).action(async (device: string, options: RecordOptions & Stated) => {
    const { shippedTo, keptDays, alerts, statedBy, evidence } = options;
    if (shippedTo === undefined && keptDays === undefined && alerts === undefined) {
      throw new InvalidArgumentError(
        'cannot record nothing: give --shipped-to, --kept-days or --alerts, or several of them.',
      );
    }
    const subject = await recording(options, (work, by) =>
      recordLogHandling(work, by, chosenSnapshot(work.db, options.snapshot).id, device, {
        ...{ destination: shippedTo ?? null, retentionDays: keptDays ?? null, alerts: alerts ?? null },
        ...{ statedBy, evidence: evidence === undefined ? null : fileAt(evidence) },
      }),
    );
    output.line(`Recorded for ${subject}.`);
    output.object({ subject });
  });
};
