import type { Control } from './control.ts';
import { testAccess } from './test-access.ts';

/** Whoever administers a key does not use it. */
export const administratorsWhoUse: Control = {
  id: 'administrators-who-use',
  title: 'Administrators are not also users',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Does any principal both administer the key and use it?',
  method:
    'Evaluate what decides who reaches the key (AWS: key policy, grants and IAM; Azure: roles and the access policies of the vault; Vault: ACL policies and identities) for principals that hold administrative rights and rights of cryptographic use on the same key (segregation of incompatible functions).',
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
  remediation: 'Split the roles: one that administers the key, another that uses it.',
  standards: [{ name: 'NIST SP 800-57 Part 2', version: 'Rev. 1', ref: 'separation of duties' }],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testAccess(context, {
      id: 'administrators-who-use',
      facts: (access, key) => access.administratorsWhoUse.get(key.id) ?? [],
      needs: ['GetKeyPolicy', 'ListGrants', 'iam'],
      finding: 'Principals both administer and use this key',
      none: 'no principal held both administrative and use rights',
    }),
};
