import type { Control } from './control.ts';
import { testAccess } from './test-access.ts';

/** Services use keys; people do not. */
export const humansWithUse: Control = {
  id: 'humans-with-use',
  title: 'People hold no use rights',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Do people hold rights of cryptographic use on the key where a service role would do?',
  method:
    'Evaluate what decides who reaches the key (AWS: key policy, grants and IAM; Azure: roles and the access policies of the vault; Vault: ACL policies and identities) for people and for roles and groups that people sign in to, with the reason why each is taken for a person.',
  permissions: [
    'kms:GetKeyPolicy',
    'kms:ListGrants',
    'iam:GetAccountAuthorizationDetails',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.KeyVault/vaults/read',
    'sys/policies/acl/+ [read]',
    'identity/entity/id/+ [read]',
  ],
  remediation:
    'Give the right to the service’s own identity and remove it from people, or record why a person needs it.',
  standards: [],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testAccess(context, {
      id: 'humans-with-use',
      facts: (access, key) => access.humansWithUse.get(key.id) ?? [],
      needs: ['GetKeyPolicy', 'ListGrants', 'iam'],
      finding: 'People hold use rights on this key',
      none: 'no person held use rights',
    }),
};
