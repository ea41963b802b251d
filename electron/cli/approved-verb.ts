import { openReadable } from '../../db/open.ts';
import { chosenSnapshot } from '../engine/snapshot-choice.ts';
import { accessRows, type AccessRow } from '../review/access-rows.ts';
import {
  approvedLists,
  importApproved,
  importMembers,
  recordApproved,
  removeApproved,
  rightsOf,
  type ApprovedByHand,
} from '../review/approved.ts';
import { fileAt } from '../review/attachments.ts';
import type { Verb } from './context.ts';
import { day } from './dates.ts';
import { recording, withRecordOptions, type RecordOptions } from './record-verbs.ts';

/** `access …`: approved principals, members of federated roles, and rights against both and against their use. */
export const approvedVerb: Verb = (program, { output }) => {
  const access = program.command('access').description('who may reach keys: approved or not, used or not');
  withRecordOptions(
    access
      .command('approved')
      .description('import lists of approved principals: key_set, principal, rights, approver, approved_at')
      .argument('<file>', 'CSV or XLSX; key_set is a key set, a key, or * for every key'),
  ).action(async (path: string, options: RecordOptions) => {
    const result = await recording(options, (work, by) =>
      importApproved(work, by, chosenSnapshot(work.db, options.snapshot).id, fileAt(path)),
    );
    for (const { subject, principals } of result.lists) output.line(`${subject}: ${principals} approved`);
    output.object(result);
  });
  withRecordOptions(
    access
      .command('approve')
      .description('record the approved principals of a key set by hand; replaces its list as a whole')
      .argument('<subject>', 'key set, key (ARN, id or alias), or * for every key')
      .requiredOption(
        '--principal <who=rights...>',
        'principal with its rights, for example role/orders-api=use,grant; * stands for any characters',
      )
      .requiredOption('--approver <name>', 'who approved them')
      .requiredOption('--approved <date>', 'when', day),
  ).action(
    async (
      named: string,
      options: RecordOptions & { principal: string[]; approver: string; approved: string },
    ) => {
      const principals = options.principal.map(approvedFrom);
      const { subject } = await recording(options, (work, by) =>
        recordApproved(work, by, chosenSnapshot(work.db, options.snapshot).id, named, {
          ...{ approver: options.approver, approvedAt: options.approved, principals },
        }),
      );
      output.line(`${subject}: ${principals.length} approved by ${options.approver}.`);
      output.object({ subject, principals });
    },
  );
  withRecordOptions(
    access
      .command('disapprove')
      .description('take an approved list away')
      .argument('<subject>', 'key set, key or * as the list names it')
      .requiredOption('--reason <text>', 'why'),
  ).action(async (subject: string, options: RecordOptions & { reason: string }) => {
    await recording(options, (work, by) => removeApproved(work, by, subject, options.reason));
    output.line(`Removed the list of ${subject}.`);
    output.object({ subject });
  });
  withRecordOptions(
    access.command('lists').description('approved principals as recorded, with who approved them'),
  ).action((options: RecordOptions) => {
    const db = openReadable(options.engagement);
    try {
      const lists = [...approvedLists(db)].map(([subject, { seq, by, value }]) => {
        return { subject, seq, by: by.name, ...value };
      });
      for (const list of lists) {
        output.line(`${list.subject}\tapproved by ${list.approver} on ${list.approvedAt}`);
        for (const { principal, rights } of list.principals)
          output.line(`  ${principal}\t${rights.join(', ')}`);
      }
      output.object({ lists });
    } finally {
      db.close();
    }
  });
  withRecordOptions(
    access
      .command('members')
      .description('import who is behind groups and federated roles: group, member, email')
      .argument('<file>', 'CSV or XLSX, as the identity provider exports it')
      .requiredOption('--provider <name>', 'identity provider')
      .requiredOption('--as-of <date>', 'the day the list is of', day),
  ).action(async (path: string, options: RecordOptions & { provider: string; asOf: string }) => {
    const result = await recording(options, (work, by) =>
      importMembers(work, by, fileAt(path), { provider: options.provider, asOf: options.asOf }),
    );
    output.line(`${result.groups} groups, ${result.members} members.`);
    output.object(result);
  });
  withRecordOptions(
    access
      .command('list')
      .description('rights on keys with what is approved and what was used')
      .option('--unapproved', 'only rights that are not approved')
      .option('--unused', 'only rights that were not exercised'),
  ).action((options: RecordOptions & { unapproved?: boolean; unused?: boolean }) => {
    const db = openReadable(options.engagement);
    try {
      const rows: AccessRow[] = [];
      for (const row of accessRows(db, chosenSnapshot(db, options.snapshot).id)) {
        if (options.unapproved && row.approval !== 'unapproved') continue;
        if (options.unused && row.used !== 0) continue;
        const used = row.used === null ? (row.usedWhy ?? 'not told') : `used ${row.used} times`;
        output.line(`${row.key}\t${row.principal}\t${row.right}\t${row.approval}\t${used}`);
        if (output.json) rows.push(row);
      }
      output.object({ rows });
    } finally {
      db.close();
    }
  });
};

/** `role/orders-api=use,grant`; an ARN may hold an equals sign, rights do not. */
function approvedFrom(text: string): ApprovedByHand['principals'][number] {
  const at = text.lastIndexOf('=');
  const [principal, rights] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  return { principal, rights: rightsOf(rights, `--principal ${text}`) };
}
