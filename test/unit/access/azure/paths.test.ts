import { describe, expect, it } from 'vitest';
import { evaluateAzureAccess } from '../../../../electron/access/azure/access-paths.ts';
import { authorize, indexDefinitions } from '../../../../electron/access/azure/authorize.ts';
import { classify } from '../../../../electron/access/azure/classify.ts';
import type { DirectoryObject } from '../../../../electron/access/azure/model.ts';
import { BUILT_IN_ROLES, ROLE_IDS } from '../../../../electron/sandbox/azure/built-in-roles.ts';
import { assign, deny, inputOf, KEY, MG, pathsOf, RG, schedule, SUB, TENANT, VAULT } from './cases.ts';

describe('an access path', () => {
  it('goes from the role over the assignment and the group to the member, each with its raw text', () => {
    const role = assign(ROLE_IDS.serviceEncryptionUser, RG, 'g', { principalType: 'Group' });
    const directory = {
      objects: [
        { id: 'g', type: 'Group' as const, displayName: 'Key users' },
        { id: 'ana', type: 'User' as const, userPrincipalName: 'ana@meridian-freight.example' },
      ],
      members: new Map([['g', ['bob', 'ana']]]),
    };
    const path = pathsOf({ roles: [role], directory }).find(
      ({ principal, right }) => principal.id === 'ana' && right.use === 'wrap',
    );
    expect(path).toMatchObject({
      key: 'key',
      principal: { form: 'user', kind: 'human', kindReason: 'Entra user ana@meridian-freight.example' },
      actions: ['Microsoft.KeyVault/vaults/keys/wrap/action'],
      certainty: 'allowed',
      conditions: [],
      notEvaluated: [],
    });
    expect(
      path!.via.map(({ type, name, rawPointer }) => [type, name, rawPointer.document, rawPointer.path]),
    ).toEqual([
      [
        'role-definition',
        'Key Vault Crypto Service Encryption User',
        'role-definition',
        '/properties/permissions/0',
      ],
      ['role-assignment', RG, 'role-assignment', ''],
      ['group', 'Key users', 'group-members', '/value/1'],
    ]);
    expect(path!.via[1]!.id).toBe(role.id);
  });
  it('through an eligibility is of its own kind and says until when', () => {
    const eligible = [
      schedule(ROLE_IDS.serviceEncryptionUser, VAULT, { endDateTime: '2027-03-01T00:00:00Z' }),
    ];
    const [path] = pathsOf({ eligible });
    expect(path!.via[1]!.type).toBe('role-eligibility');
    expect(path!.conditions).toMatchObject([
      { operator: 'PimActivation', values: ['until 2027-03-01T00:00:00Z'], effect: 'allow' },
    ]);
  });
  it('through an activation is listed once and says that it is one', () => {
    const role = assign(ROLE_IDS.serviceEncryptionUser, VAULT);
    const active = schedule(ROLE_IDS.serviceEncryptionUser, VAULT, {
      assignmentType: 'Activated',
      originRoleAssignmentId: role.id.toUpperCase(),
      endDateTime: '2026-06-01T08:00:00Z',
    });
    const paths = pathsOf({ roles: [role], active: [active], at: '2026-06-01T06:00:00Z' });
    expect(paths.map(({ via }) => via.map(({ type }) => type))).toEqual([
      ['role-definition', 'role-assignment', 'role-activation'],
      ['role-definition', 'role-assignment', 'role-activation'],
    ]);
  });
  it('through an access policy names its entry and the permissions as the vault calls them', () => {
    const policies = [
      { objectId: 'bob', permissions: { keys: ['get'] } },
      { objectId: 'ana', permissions: { keys: ['wrapKey'] } },
    ];
    const [path] = pathsOf({ vault: 'policies', policies });
    expect(path).toMatchObject({ actions: ['wrapKey'], right: { class: 'use', use: 'wrap' } });
    expect(path!.via[0]!.rawPointer).toEqual({
      document: 'vault',
      of: VAULT,
      path: '/properties/accessPolicies/1',
    });
  });
  it('carries a condition as written, with a pointer to it', () => {
    const condition = "(@Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEquals 'User')";
    const role = assign(ROLE_IDS.rbacAdministrator, VAULT, 'ana', { condition });
    expect(pathsOf({ roles: [role] })[0]!.conditions).toEqual([
      {
        operator: 'RoleCondition',
        key: 'condition',
        values: [condition],
        effect: 'allow',
        rawPointer: { document: 'role-assignment', of: role.id, path: '/properties/condition' },
      },
    ]);
  });
  it('splits where a conditional deny touches only some of its operations', () => {
    const paths = pathsOf({
      roles: [assign(ROLE_IDS.cryptoOfficer, VAULT)],
      denies: [deny(KEY, { dataActions: ['*/purge/action'] }, { condition: '(z)' })],
    }).filter(({ right }) => right.class === 'administer');
    expect(paths.map(({ actions, certainty }) => [actions.length, certainty])).toEqual([
      [10, 'allowed'],
      [1, 'conditional'],
    ]);
    expect(paths[1]!.conditions[0]).toMatchObject({ effect: 'deny', values: ['(z)'] });
  });
  it('says that deny assignments were not evaluated when they were not collected', () => {
    const [path] = pathsOf({ roles: [assign(ROLE_IDS.cryptoUser, VAULT)], denies: null });
    expect(path!.notEvaluated).toEqual(['deny assignments: not collected']);
  });
  it('of a group with unknown members says so', () => {
    const [path] = pathsOf({ roles: [assign(ROLE_IDS.cryptoUser, VAULT, 'g', { principalType: 'Group' })] });
    expect(path).toMatchObject({
      principal: { form: 'group', kind: 'unknown' },
      notEvaluated: ['members unknown'],
    });
  });
});

describe('what is missing', () => {
  const codes = (
    c: Parameters<typeof inputOf>[0],
    change?: (i: ReturnType<typeof inputOf>) => void,
  ): string[] => {
    const input = inputOf(c);
    change?.(input);
    const access = evaluateAzureAccess(input);
    expect([...access.paths()].length).toBe([...access.paths()].length);
    return access.issues.map(({ code }) => code).sort();
  };
  it('is an issue, once, with its own code', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ denies: null })).toEqual(['deny-assignments-missing']);
    expect(codes({ vault: 'unread' })).toEqual(['vault-missing']);
    expect(codes({ vault: 'hsm', local: null })).toEqual(['hsm-roles-missing']);
    expect(codes({ roles: [assign('gone', VAULT), assign('gone', KEY)] })).toEqual([
      'role-definition-missing',
    ]);
    expect(
      codes({}, (i) => Object.assign(i.subscriptions[0]!, { roleAssignments: null, eligibilities: null })),
    ).toEqual(['eligibility-missing', 'role-assignments-missing']);
    expect(codes({}, (i) => Object.assign(i, { subscriptions: [] }))).toEqual(['role-assignments-missing']);
    expect(codes({ roles: [assign(ROLE_IDS.cryptoUser, VAULT, 'g', { principalType: 'Group' })] })).toEqual([
      'members-missing',
    ]);
    expect(
      codes({
        roles: [assign(ROLE_IDS.cryptoUser, VAULT)],
        directory: { objects: [], members: new Map(), notFound: ['ANA'] },
      }),
    ).toEqual(['principal-orphaned']);
  });
  it('does not lose a key whose vault is not in the input', () => {
    const input = { ...inputOf({ roles: [assign(ROLE_IDS.serviceEncryptionUser, SUB)] }), vaults: [] };
    const access = evaluateAzureAccess(input);
    expect([...access.paths()].map(({ certainty }) => certainty)).toEqual(['unknown', 'unknown']);
    expect(access.issues.map(({ code }) => code)).toEqual(['vault-missing']);
  });
});

describe('the kind of a principal', () => {
  const object = (more: Partial<DirectoryObject>): DirectoryObject => ({
    id: 'x',
    type: 'ServicePrincipal',
    ...more,
  });
  it.each<[string, DirectoryObject | undefined, string | undefined, string, string]>([
    ['a user', object({ type: 'User' }), undefined, 'user', 'human'],
    ['a guest', object({ type: 'User', userType: 'Guest' }), undefined, 'user', 'human'],
    ['a group', object({ type: 'Group' }), undefined, 'group', 'unknown'],
    [
      'a managed identity',
      object({ servicePrincipalType: 'ManagedIdentity' }),
      undefined,
      'managed-identity',
      'service',
    ],
    [
      'an own application',
      object({ appOwnerOrganizationId: TENANT }),
      undefined,
      'service-principal',
      'service',
    ],
    [
      "Microsoft's own",
      object({ appOwnerOrganizationId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a' }),
      undefined,
      'service-principal',
      'cloud-service',
    ],
    [
      'an application of others',
      object({ appOwnerOrganizationId: 'b' }),
      undefined,
      'service-principal',
      'external-account',
    ],
    ['stated User', undefined, 'User', 'user', 'human'],
    ['stated ServicePrincipal', undefined, 'ServicePrincipal', 'service-principal', 'service'],
    ['stated Group', undefined, 'Group', 'group', 'unknown'],
    ['stated ForeignGroup', undefined, 'ForeignGroup', 'foreign-group', 'external-account'],
    ['stated Device', undefined, 'Device', 'unresolved', 'service'],
    ['nothing stated', undefined, undefined, 'unresolved', 'unknown'],
    ['a type from later years', undefined, 'Agent', 'unresolved', 'unknown'],
  ])('%s', (_what, directory, stated, form, kind) => {
    const found = classify(directory, stated, TENANT);
    expect([found.form, found.kind]).toEqual([form, kind]);
    expect(found.kindReason).not.toBe('');
  });
});

describe('one question to Azure RBAC', () => {
  const facts = {
    roleAssignments: [
      assign(ROLE_IDS.reader, MG),
      assign(ROLE_IDS.rbacAdministrator, VAULT, 'bob', { condition: '(q)' }),
    ],
    definitions: indexDefinitions(BUILT_IN_ROLES),
    denyAssignments: [deny(VAULT, { actions: ['*/diagnosticSettings/read'] })],
    managementGroups: ['meridian'],
  };
  const ask = (id: string, operation: string, scope: string, data = false) =>
    authorize(facts, { identities: [id], operation, data, scope }).decision;
  it('is answered by roles at or above, after deny assignments', () => {
    expect(ask('ana', 'Microsoft.KeyVault/vaults/read', VAULT)).toBe('allowed');
    expect(ask('ana', 'Microsoft.KeyVault/vaults/write', VAULT)).toBe('denied');
    expect(ask('ana', 'Microsoft.KeyVault/vaults/keys/read', VAULT, true)).toBe('denied');
    expect(ask('ana', 'Microsoft.Insights/DiagnosticSettings/Read', RG)).toBe('allowed');
    expect(ask('ana', 'Microsoft.Insights/DiagnosticSettings/Read', VAULT)).toBe('denied');
    expect(ask('bob', 'Microsoft.Authorization/roleAssignments/write', VAULT)).toBe('conditional');
    expect(ask('bob', 'Microsoft.Authorization/roleAssignments/write', RG)).toBe('denied');
  });
});

it('5,000 keys, each with a role of its own, and 2,000 principals are answered whole', () => {
  const input = inputOf({});
  const roles = Array.from({ length: 2000 }, (_, i) =>
    assign(ROLE_IDS.cryptoUser, i % 2 ? SUB : VAULT, `p${i}`),
  );
  for (let i = 0; i < 5000; i++)
    roles.push(assign(ROLE_IDS.serviceEncryptionUser, `${VAULT}/keys/k${i}`, 'q'));
  const keys = Array.from({ length: 5000 }, (_, i) => ({
    id: `k${i}`,
    vaultId: VAULT,
    name: `k${i}`,
    kty: 'RSA',
  }));
  const subscriptions = [{ ...input.subscriptions[0]!, roleAssignments: roles }];
  let paths = 0;
  for (const chunk of evaluateAzureAccess({ ...input, subscriptions, keys }).chunks())
    paths += chunk.paths.length;
  expect(paths).toBe(5000 * (2000 * 7 + 2));
});
