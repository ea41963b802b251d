import type { KeyRow } from '../../db/derived/keys.ts';
import { readEntry } from '../../db/ledger/read.ts';
import { evidenceRequired, pass, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';
import { onRecord } from './documented.ts';
import { inventory, recordsOf } from './records.ts';
import { testKeys } from './test-keys.ts';

const ID = 'owner-documented';

/** Every key has an owner on record. */
export const ownerDocumented: Control = {
  id: ID,
  title: 'Every key has a documented owner',
  finding: 'ownership',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Is an owner on record for the key?',
  method:
    'Look for the owner in the inventory: recorded for the key, in the owner tags that the policy parameters name (AWS: ListResourceTags; Azure: tags of the key; Vault’s Transit keys carry none), or inherited from its key set. For the period, look for logged changes of tags, and for an inventory approved before it ended.',
  permissions: ['kms:ListResourceTags', 'Microsoft.KeyVault/vaults/keys/read'],
  remediation:
    'Name the owner in a tag of the key where the provider has tags, or in the approved inventory.',
  standards: [{ name: 'AWS Config', version: 'managed rules', ref: 'kms-key-tagged' }],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testKeys(
      context,
      ID,
      (key) =>
        recorded(context, key) ??
        onRecord(context, key, {
          tags: context.engagement.parameters.ownerTags.value,
          declaration: 'owner',
          said: (value) => (value.deputy === null ? value.owner : `${value.owner}, deputy ${value.deputy}`),
          what: 'owner',
        }),
    ),
};

/** The answer for an owner that a record or a key set names; null when a tag decides. */
function recorded(context: ControlContext, key: KeyRow): Answers | null {
  const row = inventory(context).get(key.id);
  const origin = row?.origins.owner;
  if (!row?.owner || !origin || origin.from === 'tag') return null;
  const where = origin.from === 'set' ? `key set ${origin.name}` : 'the inventory';
  const cites = [...(key.seq === null ? [] : [key.seq]), origin.seq];
  const person = `${row.owner}${row.deputy === null ? '' : `, deputy ${row.deputy}`}`;
  const sentence = `The owner is on record in ${where}: ${person} (declared by ${declarer(context, origin.seq)})`;
  const { period } = context.engagement;
  const approved = [...recordsOf(context, 'inventory.version').values()].find(
    ({ value }) => value.approvedAt < day(period.to),
  );
  return {
    collection: pass(`${sentence}.`, cites),
    period: approved
      ? pass(
          `${sentence}; the inventory was approved on ${approved.value.approvedAt} by ${approved.value.approver}.`,
          [...cites, approved.seq],
        )
      : evidenceRequired(
          `${sentence}. The record does not show since when; the client's approved inventory of the period is required.`,
          cites,
        ),
  };
}

/** Who made a declaration, and when. */
function declarer(context: ControlContext, seq: number): string {
  const entry = readEntry(context.db, seq);
  const { by } = JSON.parse(entry?.values.value ?? '{}') as { by?: { name: string } };
  return `${by?.name ?? 'somebody'} on ${day(entry?.at ?? '')}`;
}
