import { NOT_EVALUATED } from '../access/vault/index.ts';
import { both, notApplicable, type Control } from './control.ts';
import { accessAnswers } from './test-access.ts';
import { testKeys } from './test-keys.ts';

const ID = 'transit-wildcard-policies';

/** Policies name the keys they are for. */
export const transitWildcardPolicies: Control = {
  id: ID,
  title: 'Policies name transit keys, without wildcards',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Does a policy that somebody holds reach the key through a wildcard, to use or change it?',
  method:
    'Read every ACL policy, decide by Vault’s own priority rules which of its paths reaches the key, and report paths with + or * that give create, update, delete, patch or sudo, with the roles, entities and groups that hold the policy. ' +
    `Access in Vault is evaluated without: ${NOT_EVALUATED.join('; ')}.`,
  permissions: [
    'sys/policies/acl/* [read]',
    'auth/+/role/+ [read]',
    'identity/entity/id/* [read]',
    'identity/group/id/* [read]',
  ],
  remediation: 'Replace the wildcard by the names of the keys that the role needs.',
  standards: [],
  appliesTo: 'transit keys of Vault and OpenBao',
  test: (context) =>
    testKeys(context, ID, (key) => {
      if (key.provider !== 'vault') {
        return both(notApplicable('Only Vault gives access by paths.', key.seq === null ? [] : [key.seq]));
      }
      return accessAnswers(
        context,
        {
          id: ID,
          facts: (access) => access.wildcardPolicies.get(key.id) ?? [],
          needs: ['iam'],
          finding: 'Policies reach this key through wildcards',
          none: 'no policy reached the key through a wildcard',
        },
        key,
      );
    }),
};
