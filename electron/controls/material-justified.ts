import { both, notApplicable, type Control } from './control.ts';
import { onRecord } from './documented.ts';
import { testKeys } from './test-keys.ts';

const ID = 'material-justified';

/** Key material from outside the platform has a recorded reason. */
export const materialJustified: Control = {
  id: ID,
  title: 'Imported or external key material is justified',
  finding: 'protection',
  criteria: ['CC6.1'],
  question: 'Is there a recorded justification for key material that the platform did not make?',
  method:
    'For keys whose material is imported or in an external store (AWS: origin EXTERNAL or EXTERNAL_KEY_STORE), look for the justification tags that the policy parameters name, then for a justification declared in the engagement with its approver.',
  permissions: [
    'kms:DescribeKey',
    'kms:ListResourceTags',
    'Microsoft.KeyVault/vaults/keys/read',
    '<mount>/keys/+ [read]',
  ],
  remediation: 'Record why the material is imported or external and who approved it, or replace the key.',
  standards: [{ name: 'NIST SP 800-57 Part 1', version: 'Rev. 5', ref: '8.1.5' }],
  appliesTo: 'customer managed keys with imported or external key material',
  test: (context) =>
    testKeys(context, ID, (key) => {
      if (key.material_holder !== 'imported' && key.material_holder !== 'external store') {
        return both(
          notApplicable(
            `The key material was made by the platform (${key.material_holder === 'hsm' ? 'in an HSM' : key.provider === 'aws' ? 'AWS KMS' : 'the key management system'}).`,
            key.seq === null ? [] : [key.seq],
          ),
        );
      }
      return onRecord(context, key, {
        tags: context.engagement.parameters.justificationTags.value,
        declaration: 'material.justification',
        said: (value) => `${value.reason}, approved by ${value.approver}`,
        what: 'justification of its key material',
      });
    }),
};
