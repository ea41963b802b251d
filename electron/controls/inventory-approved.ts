import type { KeyRow } from '../../db/derived/keys.ts';
import { attachedBytes } from '../review/attachments.ts';
import {
  both,
  evidenceRequired,
  exception,
  pass,
  type Answer,
  type Answers,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { addDays, day, daysBetween, earlier, count } from './dates.ts';
import { inventory, originsOf, recordsOf } from './records.ts';
import { testKeys } from './test-keys.ts';

const ID = 'inventory-approved';
const A_YEAR = 366;

/** The inventory entry of a key was approved within a year. */
export const inventoryApproved: Control = {
  id: ID,
  title: 'The inventory of keys is approved at least annually',
  finding: 'ownership',
  criteria: ['CC6.1'],
  question: 'Was the key’s entry in the inventory (owner, systems, use) approved within the last year?',
  method:
    'Take the latest approval on record for the key: of the key itself, of its key set, or of an approved version of the inventory that holds it. More than a year before collection is an exception; none is a request for evidence.',
  permissions: [],
  remediation: 'Have the inventory approved by its owner, and keep the approval with its date.',
  standards: [],
  appliesTo: 'customer managed keys',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

interface Approval {
  on: string;
  by: string;
  how: string;
  seqs: number[];
}

function test(context: ControlContext, key: KeyRow): Answers {
  const approvals = approvalsOf(context, key).sort((a, b) => (a.on < b.on ? -1 : 1));
  const cites = approvals.flatMap((a) => a.seqs);
  if (approvals.length === 0) {
    return both(
      evidenceRequired(
        'No approval of this key’s entry in the inventory is on record; the approved inventory is required.',
        cites,
      ),
    );
  }
  const { period } = context.engagement;
  return {
    collection: fresh(approvals, day(context.collectedAt), 'collection', cites),
    period: fresh(approvals, day(earlier(period.to, context.collectedAt)), 'the end of the period', cites),
  };
}

function fresh(approvals: readonly Approval[], at: string, moment: string, cites: number[]): Answer {
  const last = approvals.filter((a) => a.on <= at).at(-1);
  if (!last)
    return evidenceRequired(
      `No approval of this key’s entry before ${moment} (${at}) is on record; the first is of ${approvals[0]!.on}.`,
      cites,
    );
  const age = daysBetween(`${last.on}T00:00:00.000Z`, `${at}T00:00:00.000Z`);
  const sentence = `Approved on ${last.on} by ${last.by} (${last.how}), ${count(age, 'day')} before ${moment}`;
  return age > A_YEAR
    ? exception(`${sentence}: due again on ${day(addDays(`${last.on}T00:00:00.000Z`, 365))}.`, cites)
    : pass(`${sentence}.`, cites);
}

const versions = new WeakMap<ControlContext, { approval: Approval; holds: (key: string) => boolean }[]>();

function approvalsOf(context: ControlContext, key: KeyRow): Approval[] {
  const found: Approval[] = [];
  const row = inventory(context).get(key.id);
  if (row?.approvedAt) {
    found.push({
      on: row.approvedAt,
      by: row.approvedBy ?? 'somebody not named',
      how: 'its own entry',
      seqs: originsOf(row),
    });
  }
  let approved = versions.get(context);
  if (!approved) {
    approved = versionsOf(context);
    versions.set(context, approved);
  }
  return [...found, ...approved.filter(({ holds }) => holds(key.id)).map(({ approval }) => approval)];
}

function versionsOf(context: ControlContext) {
  return [...recordsOf(context, 'inventory.version').values()].map(({ subject, seq, value }) => {
    const text = attachedBytes(context.db, value.attachment).toString('utf8');
    const keys = new Set(text.split('\n').map((line) => line.slice(0, line.indexOf(','))));
    return {
      approval: { on: value.approvedAt, by: value.approver, how: `inventory ${subject}`, seqs: [seq] },
      holds: (key: string) => keys.has(key) || keys.has(`"${key}"`),
    };
  });
}
