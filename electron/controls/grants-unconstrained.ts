import type { Control } from './control.ts';
import { testAccess } from './test-access.ts';

/** Grants are bound to what they are for. */
export const grantsUnconstrained: Control = {
  id: 'grants-unconstrained',
  title: 'Grants carry constraints',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Do grants give cryptographic use, or the right to grant on, without constraints?',
  method:
    'Read every grant (ListGrants): operations, grantee and constraints. A grant of cryptographic use or CreateGrant that is bound to no encryption context and no source, to somebody other than an AWS service, is reported. Only AWS has grants: keys of Azure and Vault are not applicable.',
  permissions: ['kms:ListGrants'],
  remediation: 'Revoke the grant, or replace it by one with an encryption context constraint.',
  standards: [{ name: 'AWS Control Tower', version: 'proactive controls', ref: 'CT.KMS.PR.3' }],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testAccess(context, {
      id: 'grants-unconstrained',
      facts: (access, key) => access.unconstrainedGrants.get(key.id) ?? [],
      needs: ['ListGrants'],
      finding: 'Grants without constraints give rights on this key',
      none: 'no grant gave cryptographic use without constraints',
    }),
};
