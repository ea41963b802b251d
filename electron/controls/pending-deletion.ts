import type { KeyRow } from '../../db/derived/keys.ts';
import { evidenceRequired, exception, notApplicable, pass, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';
import { goneKey, testKeys } from './test-keys.ts';
import { changeText, throughout } from './throughout.ts';

const ID = 'pending-deletion';

/** No key is lost by mistake. */
export const pendingDeletion: Control = {
  id: ID,
  title: 'Keys are not deleted unintentionally',
  finding: 'protection',
  criteria: ['CC6.1'],
  question: 'Is the key scheduled for deletion, or was it scheduled or deleted in the period?',
  method:
    'Read whether the key waits for deletion and until when (AWS: KeyState and DeletionDate of DescribeKey; Azure: deleted keys of the vault; OpenBao: soft_deleted; Vault deletes at once, see transit-key-deletion); for the period, its logged deletions (AWS: ScheduleKeyDeletion, CancelKeyDeletion, DeleteKey; Vault: DELETE of <mount>/keys/<name>). A key deleted in the period needs evidence of approval: what it encrypted cannot be read again.',
  permissions: ['kms:DescribeKey', 'Microsoft.KeyVault/vaults/keys/read', '<mount>/keys/+ [read]'],
  remediation:
    'Cancel the deletion (AWS: aws kms cancel-key-deletion; Azure: az keyvault key recover), or provide its approval and proof that no data needs the key.',
  standards: [{ name: 'AWS Security Hub CSPM', version: 'KMS controls', ref: 'KMS.3' }],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testKeys(
      context,
      ID,
      (key) => test(context, key),
      (key, cites) => gone(context, key, cites),
    ),
};

function test(context: ControlContext, key: KeyRow): Answers {
  const cites = key.seq === null ? [] : [key.seq];
  const waiting = key.state === 'PendingDeletion' || key.state === 'PendingReplicaDeletion';
  const soft = key.state === 'SoftDeleted';
  const now = soft
    ? exception('The key is soft-deleted: what it encrypted cannot be read until it is restored.', cites)
    : waiting
      ? exception(
          `The key is scheduled for deletion${key.deletion_date === null ? '' : ` on ${day(key.deletion_date)}`}; after that what it encrypted cannot be read.`,
          cites,
        )
      : pass(
          key.provider === 'vault'
            ? 'The key is not soft-deleted. Vault has no waiting time for deletion: see transit-key-deletion.'
            : `The key is not scheduled for deletion (state ${key.state ?? 'not known'}).`,
          cites,
        );
  return {
    collection: now,
    period: throughout(context, {
      subject: key.id,
      account: key.account,
      region: key.region,
      settings: ['state'],
      created: key.created,
      now,
      what:
        key.provider === 'vault' ? 'the key was not soft-deleted' : 'the key was not scheduled for deletion',
      bad: (change, until) =>
        change.value === 'SoftDeleted'
          ? `The key was soft-deleted from ${day(change.at)} to ${day(until)} (${changeText(change)}).`
          : change.value === 'PendingDeletion'
            ? `The key was scheduled for deletion from ${day(change.at)} to ${day(until)} (${changeText(change)}).`
            : null,
      good: (change) => change.value !== 'PendingDeletion' && change.value !== 'SoftDeleted',
      // Creating, enabling or disabling a key says that it did not wait for deletion.
      before: (first) =>
        first.event === 'CancelKeyDeletion'
          ? null
          : pass(
              `No event scheduled the key for deletion; its logged changes of state begin with ${changeText(first)}.`,
            ),
    }),
  };
}

function gone(context: ControlContext, key: KeyRow, cites: number[]): Answers {
  const { period } = context.engagement;
  const collection = goneKey(key, cites);
  const inPeriod =
    key.deletion_date !== null && key.deletion_date >= period.from && key.deletion_date < period.to;
  if (!inPeriod) {
    return {
      collection,
      period: key.state === 'Deleted' ? notApplicable(collection.reason, cites) : collection,
    };
  }
  const scheduled = context
    .changes(key.id)
    .filter((c) => c.value === 'PendingDeletion')
    .at(-1);
  return {
    collection,
    period: evidenceRequired(
      `The key was deleted on ${day(key.deletion_date!)}${scheduled ? ` (${changeText(scheduled)})` : ''}. The approval of its deletion is required.`,
      [...cites, ...(scheduled ? [scheduled.seq] : [])],
    ),
  };
}
