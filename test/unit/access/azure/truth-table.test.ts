import { describe, expect, it } from 'vitest';
import type { AzureDirectory } from '../../../../electron/access/azure/model.ts';
import { HSM_ROLE_IDS as H, ROLE_IDS as R } from '../../../../electron/sandbox/azure/built-in-roles.ts';
import { assign, custom, deny, KEY, MG, RG, schedule, SUB, summary, VAULT, HSM, type Case } from './cases.ts';

const ALL = 'ana:AGedwusv';
const groups = (members: Record<string, string[]>): AzureDirectory => ({
  objects: Object.keys(members).map((id) => ({ id, type: 'Group' })),
  members: new Map(Object.entries(members)),
});
const group = { principalType: 'Group' };
const USE = { dataActions: ['Microsoft.KeyVault/vaults/keys/*/action'] };
const policy = (...keys: string[]) => ({ objectId: 'ana', permissions: { keys } });
const decryptOnly = custom('decrypt-only', {
  dataActions: ['Microsoft.KeyVault/vaults/keys/decrypt/action'],
});

const TABLE: Record<string, [situation: string, c: Case, expected: string][]> = {
  'built-in roles on a vault under RBAC': [
    ['Owner: manages the vault and who may, uses nothing', { roles: [assign(R.owner, SUB)] }, 'ana:AG'],
    ['Contributor: manages the vault only', { roles: [assign(R.contributor, SUB)] }, 'ana:A'],
    ['Reader: nothing', { roles: [assign(R.reader, SUB)] }, ''],
    ['User Access Administrator', { roles: [assign(R.userAccessAdministrator, SUB)] }, 'ana:AG'],
    ['RBAC Administrator', { roles: [assign(R.rbacAdministrator, VAULT)] }, 'ana:AG'],
    [
      'RBAC Administrator with a condition on the assignment',
      { roles: [assign(R.rbacAdministrator, VAULT, 'ana', { condition: '(x)', conditionVersion: '2.0' })] },
      'ana:A?G?',
    ],
    [
      'Data Access Administrator: condition in the role',
      { roles: [assign(R.dataAccessAdministrator, VAULT)] },
      'ana:A?G?',
    ],
    ['Key Vault Administrator', { roles: [assign(R.keyVaultAdministrator, VAULT)] }, 'ana:Aedwusv'],
    ['Key Vault Contributor', { roles: [assign(R.keyVaultContributor, VAULT)] }, 'ana:A'],
    ['Key Vault Reader: nothing', { roles: [assign(R.keyVaultReader, VAULT)] }, ''],
    ['Crypto Officer', { roles: [assign(R.cryptoOfficer, VAULT)] }, 'ana:Aedwusv'],
    ['Crypto User: also updates and backs up', { roles: [assign(R.cryptoUser, VAULT)] }, 'ana:Aedwusv'],
    ['Crypto Service Encryption User', { roles: [assign(R.serviceEncryptionUser, VAULT)] }, 'ana:wu'],
    ['Crypto Service Release User', { roles: [assign(R.serviceReleaseUser, VAULT)] }, 'ana:A'],
    ['Secrets User: nothing on keys', { roles: [assign(R.secretsUser, VAULT)] }, ''],
    ['Owner and Crypto User together', { roles: [assign(R.owner, SUB), assign(R.cryptoUser, KEY)] }, ALL],
  ],
  scopes: [
    ['the root', { roles: [assign(R.cryptoUser, '/')] }, 'ana:Aedwusv'],
    ['a management group, ancestors unknown', { roles: [assign(R.cryptoUser, MG)] }, 'ana:Aedwusv'],
    [
      'a management group above',
      { roles: [assign(R.cryptoUser, MG)], managementGroups: ['Meridian'] },
      'ana:Aedwusv',
    ],
    ['a management group beside', { roles: [assign(R.cryptoUser, MG)], managementGroups: ['other'] }, ''],
    [
      'the subscription, other letter case',
      { roles: [assign(R.cryptoUser, SUB.toUpperCase())] },
      'ana:Aedwusv',
    ],
    ['another subscription', { roles: [assign(R.cryptoUser, `${SUB}b`)] }, ''],
    ['the resource group', { roles: [assign(R.cryptoUser, RG)] }, 'ana:Aedwusv'],
    ['a resource group whose name begins alike', { roles: [assign(R.cryptoUser, `${RG}-old`)] }, ''],
    ['the vault', { roles: [assign(R.serviceEncryptionUser, VAULT)] }, 'ana:wu'],
    ['another vault', { roles: [assign(R.cryptoUser, `${VAULT}2`)] }, ''],
    ['the key itself', { roles: [assign(R.cryptoUser, KEY)] }, 'ana:Aedwusv'],
    [
      'the key, name in other letter case',
      { roles: [assign(R.cryptoUser, KEY)], key: 'WRAPPING' },
      'ana:Aedwusv',
    ],
    ['another key', { roles: [assign(R.cryptoUser, `${VAULT}/keys/other`)] }, ''],
    ['a secret of the same name', { roles: [assign(R.cryptoUser, `${VAULT}/secrets/wrapping`)] }, ''],
    [
      'Owner of the key alone: grants on it, cannot change the vault',
      { roles: [assign(R.owner, KEY)] },
      'ana:AG',
    ],
    ['Contributor of the key alone: nothing', { roles: [assign(R.contributor, KEY)] }, ''],
    [
      'custom roles can be written at the resource group, not at the vault',
      {
        definitions: [custom('roles', { actions: ['Microsoft.Authorization/roleDefinitions/write'] })],
        roles: [assign('roles', VAULT), assign('roles', RG, 'bob')],
      },
      'bob:G',
    ],
  ],
  'wildcards and exclusions in roles': [
    [
      'all data actions',
      { definitions: [custom('c', { dataActions: ['*'] })], roles: [assign('c', VAULT)] },
      'ana:Aedwusv',
    ],
    [
      'a wildcard in the middle',
      {
        definitions: [custom('c', { dataActions: ['Microsoft.KeyVault/*/unwrap/action'] })],
        roles: [assign('c', VAULT)],
      },
      'ana:u',
    ],
    [
      'other letter case',
      {
        definitions: [custom('c', { dataActions: ['MICROSOFT.KEYVAULT/VAULTS/KEYS/SIGN/ACTION'] })],
        roles: [assign('c', VAULT)],
      },
      'ana:s',
    ],
    [
      'a dot is a dot',
      {
        definitions: [custom('c', { dataActions: ['MicrosoftxKeyVault/vaults/keys/*'] })],
        roles: [assign('c', VAULT)],
      },
      '',
    ],
    [
      'notDataActions take away',
      {
        definitions: [custom('c', { ...USE, notDataActions: ['*/decrypt/action', '*/unwrap/action'] })],
        roles: [assign('c', VAULT)],
      },
      'ana:Aewsv',
    ],
    [
      'another role gives what notDataActions took',
      {
        definitions: [custom('c', { ...USE, notDataActions: ['*/decrypt/action'] }), decryptOnly],
        roles: [assign('c', VAULT), assign('decrypt-only', VAULT)],
      },
      'ana:Aedwusv',
    ],
    [
      'another block of the same role gives it too',
      { definitions: [custom('c', { ...USE, notDataActions: ['*'] }, USE)], roles: [assign('c', VAULT)] },
      'ana:Aedwusv',
    ],
    [
      'actions do not give data actions',
      {
        definitions: [custom('c', { actions: ['Microsoft.KeyVault/vaults/keys/decrypt/action'] })],
        roles: [assign('c', VAULT)],
      },
      '',
    ],
    [
      'data actions do not give actions',
      {
        definitions: [custom('c', { dataActions: ['Microsoft.KeyVault/vaults/write'] })],
        roles: [assign('c', VAULT)],
      },
      '',
    ],
    [
      'creating keys through ARM is no right on this key',
      {
        definitions: [custom('c', { actions: ['Microsoft.KeyVault/vaults/keys/write'] })],
        roles: [assign('c', VAULT)],
      },
      '',
    ],
    [
      'a role that was not collected gives nothing (an issue says so)',
      { roles: [assign('gone', VAULT)] },
      '',
    ],
  ],
  'deny assignments': [
    ['everyone', { roles: [assign(R.cryptoUser, VAULT)], denies: [deny(SUB, { dataActions: ['*'] })] }, ''],
    [
      'everyone but ana',
      {
        roles: [assign(R.cryptoUser, VAULT), assign(R.cryptoUser, VAULT, 'bob')],
        denies: [deny(SUB, { dataActions: ['*'] }, { excludePrincipals: [{ id: 'ana', type: 'User' }] })],
      },
      'ana:Aedwusv',
    ],
    [
      'only ana',
      {
        roles: [assign(R.cryptoUser, VAULT), assign(R.cryptoUser, VAULT, 'bob')],
        denies: [deny(SUB, { dataActions: ['*'] }, { principals: [{ id: 'ANA', type: 'User' }] })],
      },
      'bob:Aedwusv',
    ],
    [
      'only some operations',
      { roles: [assign(R.cryptoUser, VAULT)], denies: [deny(VAULT, { dataActions: ['*/decrypt/action'] })] },
      'ana:Aewusv',
    ],
    [
      'all but some operations',
      {
        roles: [assign(R.cryptoUser, VAULT)],
        denies: [deny(VAULT, { dataActions: ['*'], notDataActions: ['*/sign/action'] })],
      },
      'ana:s',
    ],
    [
      'actions are not data actions',
      { roles: [assign(R.cryptoUser, VAULT)], denies: [deny(VAULT, { actions: ['*'] })] },
      'ana:Aedwusv',
    ],
    [
      'on another key',
      { roles: [assign(R.cryptoUser, VAULT)], denies: [deny(`${VAULT}/keys/other`, { dataActions: ['*'] })] },
      'ana:Aedwusv',
    ],
    [
      'on the vault, not applied to child scopes: the key is a child',
      {
        roles: [assign(R.cryptoUser, VAULT)],
        denies: [deny(VAULT, { dataActions: ['*'] }, { doNotApplyToChildScopes: true })],
      },
      'ana:Aedwusv',
    ],
    [
      'on the vault, not applied to child scopes: managing the vault is refused',
      {
        roles: [assign(R.contributor, VAULT)],
        denies: [deny(VAULT, { actions: ['*'] }, { doNotApplyToChildScopes: true })],
      },
      '',
    ],
    [
      'on the key, not applied to child scopes: the key is the scope',
      {
        roles: [assign(R.cryptoUser, VAULT)],
        denies: [deny(KEY, { dataActions: ['*'] }, { doNotApplyToChildScopes: true })],
      },
      '',
    ],
    [
      'system protected: counts like any other',
      {
        roles: [assign(R.owner, SUB)],
        denies: [deny(RG, { actions: ['*/write', '*/delete'] }, { isSystemProtected: true })],
      },
      'ana:A',
    ],
    [
      'with a condition: reported',
      {
        roles: [assign(R.serviceEncryptionUser, VAULT)],
        denies: [deny(VAULT, { dataActions: ['*/unwrap/action'] }, { condition: '(y)' })],
      },
      'ana:wu?',
    ],
    [
      'a group with ana in it',
      {
        roles: [assign(R.cryptoUser, VAULT)],
        denies: [deny(VAULT, { dataActions: ['*'] }, { principals: [{ id: 'g', type: 'Group' }] })],
        directory: groups({ g: ['ana'] }),
      },
      '',
    ],
    [
      'a group without ana',
      {
        roles: [assign(R.cryptoUser, VAULT)],
        denies: [deny(VAULT, { dataActions: ['*'] }, { principals: [{ id: 'g', type: 'Group' }] })],
        directory: groups({ g: ['bob'] }),
      },
      'ana:Aedwusv',
    ],
    [
      'a group whose members are unknown',
      {
        roles: [assign(R.serviceEncryptionUser, VAULT)],
        denies: [deny(VAULT, { dataActions: ['*'] }, { principals: [{ id: 'g', type: 'Group' }] })],
      },
      'ana:w!u!',
    ],
    [
      'everyone but a group whose members are unknown',
      {
        roles: [assign(R.serviceEncryptionUser, VAULT)],
        denies: [deny(VAULT, { dataActions: ['*'] }, { excludePrincipals: [{ id: 'g', type: 'Group' }] })],
      },
      'ana:w!u!',
    ],
    [
      'everyone but a group with ana in a group in it',
      {
        roles: [assign(R.serviceEncryptionUser, VAULT)],
        denies: [deny(VAULT, { dataActions: ['*'] }, { excludePrincipals: [{ id: 'g', type: 'Group' }] })],
        directory: groups({ g: ['h'], h: ['ana'] }),
      },
      'ana:wu',
    ],
  ],
  groups: [
    [
      'members are the holders',
      {
        roles: [assign(R.serviceEncryptionUser, VAULT, 'g', group)],
        directory: groups({ g: ['ana', 'bob'] }),
      },
      'ana:wu bob:wu',
    ],
    [
      'nested, in a circle',
      {
        roles: [assign(R.serviceEncryptionUser, VAULT, 'g', group)],
        directory: groups({ g: ['h'], h: ['g', 'ana'] }),
      },
      'ana:wu',
    ],
    [
      'without members: nobody',
      { roles: [assign(R.serviceEncryptionUser, VAULT, 'g', group)], directory: groups({ g: [] }) },
      '',
    ],
    [
      'members unknown: the group is the holder',
      { roles: [assign(R.serviceEncryptionUser, VAULT, 'g', group)] },
      'g:wu',
    ],
    [
      'a group with unknown members, one member denied',
      {
        roles: [assign(R.serviceEncryptionUser, VAULT, 'g', group)],
        denies: [deny(VAULT, { dataActions: ['*'] }, { principals: [{ id: 'ana', type: 'User' }] })],
      },
      'g:w!u!',
    ],
  ],
  'privileged identity management': [
    [
      'eligible: conditional on activation',
      { eligible: [schedule(R.serviceEncryptionUser, VAULT)] },
      'ana:w?u?',
    ],
    [
      'eligible in the past',
      {
        eligible: [schedule(R.serviceEncryptionUser, VAULT, { endDateTime: '2026-01-01T00:00:00Z' })],
        at: '2026-06-01T00:00:00Z',
      },
      '',
    ],
    [
      'eligible only in future',
      {
        eligible: [schedule(R.serviceEncryptionUser, VAULT, { startDateTime: '2027-01-01T00:00:00Z' })],
        at: '2026-06-01T00:00:00Z',
      },
      '',
    ],
    [
      'activated, not among the role assignments',
      { active: [schedule(R.serviceEncryptionUser, VAULT, { assignmentType: 'Activated' })] },
      'ana:wu',
    ],
    [
      'activation over',
      {
        active: [
          schedule(R.serviceEncryptionUser, VAULT, {
            assignmentType: 'Activated',
            endDateTime: '2026-01-01T00:00:00Z',
          }),
        ],
        at: '2026-06-01T00:00:00Z',
      },
      '',
    ],
    [
      'eligible, and assigned as well',
      { roles: [assign(R.serviceEncryptionUser, VAULT)], eligible: [schedule(R.owner, SUB)] },
      'ana:A?G?wu',
    ],
  ],
  'a vault under access policies': [
    [
      'permissions give rights',
      { vault: 'policies', policies: [policy('get', 'wrapKey', 'unwrapKey')] },
      'ana:wu',
    ],
    [
      'enableRbacAuthorization null means access policies',
      { vault: 'policies-null', policies: [policy('Sign')] },
      'ana:s',
    ],
    ['all', { vault: 'policies', policies: [policy('all')] }, 'ana:Aedwusv'],
    [
      'get, list and getrotationpolicy: nothing',
      { vault: 'policies', policies: [policy('get', 'list', 'getrotationpolicy')] },
      '',
    ],
    [
      'setrotationpolicy administers',
      { vault: 'policies', policies: [policy('setrotationpolicy')] },
      'ana:A',
    ],
    [
      'an application in between: conditional',
      { vault: 'policies', policies: [{ ...policy('decrypt'), applicationId: 'app' }] },
      'ana:d?',
    ],
    [
      'of another tenant: unknown',
      { vault: 'policies', policies: [{ ...policy('decrypt'), tenantId: 'other' }] },
      'ana:d!',
    ],
    [
      'permissions on secrets only',
      { vault: 'policies', policies: [{ objectId: 'ana', permissions: {} }] },
      '',
    ],
    [
      'data roles give nothing',
      { vault: 'policies', roles: [assign(R.cryptoOfficer, VAULT), assign(R.keyVaultAdministrator, VAULT)] },
      '',
    ],
    ['Contributor can grant itself', { vault: 'policies', roles: [assign(R.contributor, RG)] }, 'ana:AG'],
    [
      'Key Vault Contributor can grant itself',
      { vault: 'policies', roles: [assign(R.keyVaultContributor, VAULT)] },
      'ana:AG',
    ],
    [
      'accessPolicies/write alone grants',
      {
        vault: 'policies',
        definitions: [custom('c', { actions: ['Microsoft.KeyVault/vaults/accessPolicies/write'] })],
        roles: [assign('c', VAULT)],
      },
      'ana:G',
    ],
    [
      'accessPolicies/write under RBAC: nothing',
      {
        definitions: [custom('c', { actions: ['Microsoft.KeyVault/vaults/accessPolicies/write'] })],
        roles: [assign('c', VAULT)],
      },
      '',
    ],
    ['policies of a vault under RBAC: nothing', { policies: [policy('all')] }, ''],
    ['Owner of a key alone: nothing', { vault: 'policies', roles: [assign(R.owner, KEY)] }, ''],
    [
      'a deny assignment stops Contributor',
      {
        vault: 'policies',
        roles: [assign(R.contributor, RG)],
        denies: [deny(VAULT, { actions: ['Microsoft.KeyVault/*'] })],
      },
      '',
    ],
    [
      'a deny assignment does not reach access policies',
      {
        vault: 'policies',
        policies: [policy('decrypt')],
        denies: [deny(SUB, { actions: ['*'], dataActions: ['*'] })],
      },
      'ana:d',
    ],
    [
      'properties unread: roles give, access model unknown',
      { vault: 'unread', roles: [assign(R.serviceEncryptionUser, VAULT)] },
      'ana:w!u!',
    ],
  ],
  'a managed HSM': [
    ['Crypto User at /', { vault: 'hsm', local: [assign(H.cryptoUser, '/')] }, 'ana:Aedwusv'],
    ['Crypto User at /keys', { vault: 'hsm', local: [assign(H.cryptoUser, '/keys')] }, 'ana:Aedwusv'],
    [
      'Service Encryption User at the key',
      { vault: 'hsm', local: [assign(H.serviceEncryptionUser, '/keys/Wrapping')] },
      'ana:wu',
    ],
    ['at another key', { vault: 'hsm', local: [assign(H.cryptoUser, '/keys/other')] }, ''],
    [
      'Administrator: assigns roles and holds the security domain',
      { vault: 'hsm', local: [assign(H.administrator, '/')] },
      'ana:AG',
    ],
    ['Policy Administrator', { vault: 'hsm', local: [assign(H.policyAdministrator, '/')] }, 'ana:AG'],
    ['Crypto Auditor: nothing', { vault: 'hsm', local: [assign(H.cryptoAuditor, '/')] }, ''],
    [
      'Owner in ARM: manages the HSM, does not use keys',
      { vault: 'hsm', roles: [assign(R.owner, SUB)] },
      'ana:AG',
    ],
    ['Contributor of the HSM', { vault: 'hsm', roles: [assign(R.contributor, HSM)] }, 'ana:A'],
    ['Key Vault Contributor excludes HSMs', { vault: 'hsm', roles: [assign(R.keyVaultContributor, RG)] }, ''],
    [
      'Key Vault Administrator in ARM: nothing',
      { vault: 'hsm', roles: [assign(R.keyVaultAdministrator, SUB)] },
      '',
    ],
    [
      'a deny assignment does not reach local roles',
      {
        vault: 'hsm',
        local: [assign(H.serviceEncryptionUser, '/')],
        denies: [deny(SUB, { actions: ['*'], dataActions: ['*'] })],
      },
      'ana:wu',
    ],
    [
      'local roles unread: only what ARM gives',
      { vault: 'hsm', local: null, roles: [assign(R.contributor, SUB)] },
      'ana:A',
    ],
  ],
  'what a key can do': [
    ['EC signs and verifies', { kty: 'EC-HSM', roles: [assign(R.cryptoUser, VAULT)] }, 'ana:Asv'],
    [
      'oct encrypts and wraps',
      { kty: 'oct-HSM', vault: 'hsm', local: [assign(H.cryptoUser, '/')] },
      'ana:Aedwu',
    ],
    [
      'RSA restricted to wrapping by key_ops',
      { kty: 'RSA', keyOps: ['wrapKey', 'unwrapKey'], roles: [assign(R.cryptoUser, VAULT)] },
      'ana:Awu',
    ],
    [
      'no operations allowed',
      { kty: 'RSA', keyOps: [], roles: [assign(R.serviceEncryptionUser, VAULT)] },
      '',
    ],
  ],
};

for (const [group, cases] of Object.entries(TABLE)) {
  describe(`Azure access: ${group}`, () => {
    it.each(cases)('%s', (_situation, c, expected) => {
      expect(summary(c)).toBe(expected);
    });
  });
}

it('has at least sixty cases', () => {
  expect(Object.values(TABLE).flat().length).toBeGreaterThanOrEqual(60);
});
