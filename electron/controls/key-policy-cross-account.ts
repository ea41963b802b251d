import type { Control } from './control.ts';
import { testAccess } from './test-access.ts';

/** Only approved accounts hold rights on keys. */
export const keyPolicyCrossAccount: Control = {
  id: 'key-policy-cross-account',
  title: 'Other accounts hold rights only when approved',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Do principals of accounts that are not approved hold rights on the key?',
  method:
    'Evaluate key policy and grants for principals of accounts other than the key’s own, and compare them with the approved accounts of the client’s policy. Keys of Azure and Vault have neither a policy of their own nor grants and are not applicable.',
  permissions: ['kms:GetKeyPolicy', 'kms:ListGrants'],
  remediation:
    'Remove the account from the key policy and revoke its grants, or record its approval in the policy parameters.',
  standards: [],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testAccess(context, {
      id: 'key-policy-cross-account',
      facts: (access, key, { engagement }) =>
        (access.crossAccount.get(key.id) ?? []).filter(
          (fact) => !engagement.parameters.approvedAccounts.value.includes(fact.account),
        ),
      needs: ['GetKeyPolicy', 'ListGrants'],
      finding: 'Accounts that are not approved hold rights on this key',
      none: 'no account that is not approved held rights on the key',
    }),
};
