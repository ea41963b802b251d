import type { Control } from './control.ts';
import { testAccess } from './test-access.ts';

/** No key policy lets anyone in. */
export const keyPolicyPublic: Control = {
  id: 'key-policy-public',
  title: 'Key policy is not public',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Does the key policy give anybody, in any account, rights on the key?',
  method:
    'Evaluate the key policy (GetKeyPolicy): a statement whose principal is everybody and whose conditions do not close it to known accounts or organisations. Keys of Azure and Vault have no policy of their own and are not applicable.',
  permissions: ['kms:GetKeyPolicy'],
  remediation:
    'Name the principals in the key policy, or close the statement with a condition on the account or organisation.',
  standards: [{ name: 'AWS Security Hub CSPM', version: 'KMS controls', ref: 'KMS.5' }],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testAccess(context, {
      id: 'key-policy-public',
      facts: (access, key) => access.publicAccess.get(key.id) ?? [],
      needs: ['GetKeyPolicy'],
      finding: 'The key policy is open to anyone',
      none: 'the key policy was not open to everybody',
    }),
};
