import type { Control } from './control.ts';
import { onRecord } from './documented.ts';
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
    'Look for the owner tags that the policy parameters name (ListResourceTags), then for an owner declared in the engagement. For the period, look for logged changes of tags.',
  permissions: ['kms:ListResourceTags'],
  remediation: 'Name the owner in a tag of the key, or in the approved inventory.',
  standards: [{ name: 'AWS Config', version: 'managed rules', ref: 'kms-key-tagged' }],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testKeys(context, ID, (key) =>
      onRecord(context, key, {
        tags: context.engagement.parameters.ownerTags.value,
        declaration: 'owner',
        said: (value) => (value.deputy === null ? value.owner : `${value.owner}, deputy ${value.deputy}`),
        what: 'owner',
      }),
    ),
};
