import { exception, pass, type Control } from './control.ts';
import { policyText } from './policy-text.ts';
import { livedInPeriod, testKeys } from './test-keys.ts';

const ID = 'approved-key-management';

/** Keys live in an approved key management system. */
export const approvedKeyManagement: Control = {
  id: ID,
  title: 'Key management system is approved',
  finding: 'protection',
  criteria: ['CC6.1'],
  question: 'Is the key held in an approved key management system?',
  method:
    'Compare the provider that answered for the key with the approved list of the policy, and state who holds the key material. A key cannot move between systems, so the answer holds for its whole life.',
  permissions: ['kms:DescribeKey', 'Microsoft.KeyVault/vaults/keys/read', '<mount>/keys/+ [read]'],
  remediation: 'Create a new key in an approved system and move the data to it, or approve the system.',
  standards: [{ name: 'NIST SP 800-57 Part 2', version: 'Rev. 1', ref: 'key management policy' }],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testKeys(context, ID, (key) => {
      const { approvedKeyManagement: approved } = context.engagement.parameters;
      const holder = key.material_holder === null ? '' : ` Its material is held by: ${key.material_holder}.`;
      const list = policyText(approved);
      const cites = key.seq === null ? [] : [key.seq];
      const answer = approved.value.includes(key.provider)
        ? pass(`The key is held in ${key.provider}, which is approved (${list}).${holder}`, cites)
        : exception(`The key is held in ${key.provider}, which is not approved (${list}).${holder}`, cites);
      return { collection: answer, period: livedInPeriod(context, key) ?? answer };
    }),
};
