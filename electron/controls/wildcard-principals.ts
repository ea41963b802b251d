import type { Control } from './control.ts';
import { testAccess } from './test-access.ts';

/** No statement names everybody and relies on conditions alone. */
export const wildcardPrincipals: Control = {
  id: 'wildcard-principals',
  title: 'Key policy names its principals',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Does the key policy use a wildcard as principal?',
  method:
    'Read every Allow statement of the key policy for a wildcard principal, also one that a condition narrows: such a statement is only as tight as its condition. Keys of Azure and Vault have no policy of their own and are not applicable.',
  permissions: ['kms:GetKeyPolicy'],
  remediation: 'Replace the wildcard by the principals that need the key.',
  standards: [],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testAccess(context, {
      id: 'wildcard-principals',
      facts: (access, key) => access.wildcardPrincipals.get(key.id) ?? [],
      needs: ['GetKeyPolicy'],
      finding: 'The key policy names everybody as principal',
      none: 'no statement of the key policy named everybody as principal',
    }),
};
