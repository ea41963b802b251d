import { describe, expect, it } from 'vitest';
import { evaluateVaultAccess } from '../../../../electron/access/vault/index.ts';
import type { VaultAccessInput, VaultNamespace } from '../../../../electron/access/vault/index.ts';
import type { AccessPath } from '../../../../electron/access/types.ts';

const namespace = (over: Partial<VaultNamespace> = {}): VaultNamespace => ({
  path: '',
  policies: [
    { name: 'root', text: '' },
    { name: 'default', text: 'path "auth/token/lookup-self" { capabilities = ["read"] }' },
    { name: 'orders', text: 'path "transit/encrypt/orders" { capabilities = ["update"] }' },
    { name: 'keys', text: 'path "transit/keys/*" { capabilities = ["update", "delete"] }' },
    { name: 'grants', text: 'path "sys/policies/acl/*" { capabilities = ["update"] }' },
    { name: 'mine', text: 'path "transit/decrypt/{{identity.entity.name}}" { capabilities = ["update"] }' },
    { name: 'blocked', text: 'path "transit/keys/*" { capabilities = ["deny"] }' },
    {
      name: 'constrained',
      text: 'path "transit/keys/+/config" { capabilities = ["update"] denied_parameters = { exportable = [] } }',
    },
  ],
  auth: [
    {
      path: 'approle/',
      type: 'approle',
      accessor: 'acc-approle',
      roles: [{ name: 'orders-api', data: { token_policies: ['orders'] } }],
    },
    {
      path: 'userpass/',
      type: 'userpass',
      accessor: 'acc-userpass',
      roles: [
        { name: 'maria', data: { token_policies: ['keys'] } },
        { name: 'tom', data: { token_policies: ['grants', 'mine'] } },
      ],
    },
    {
      path: 'token/',
      type: 'token',
      accessor: 'acc-token',
      roles: [{ name: 'ci', data: { allowed_policies: [], allowed_policies_glob: ['ord*'], orphan: true } }],
    },
  ],
  entities: [
    {
      id: 'e1',
      name: 'orders',
      aliases: [{ name: 'maria', mount_accessor: 'acc-userpass' }],
      policies: ['mine'],
    },
  ],
  groups: [
    { id: 'g1', name: 'inner', type: 'internal', policies: [], member_entity_ids: ['e1'] },
    { id: 'g2', name: 'outer', type: 'internal', policies: ['constrained'], member_group_ids: ['g1'] },
  ],
  ...over,
});

const key = {
  id: 'k',
  namespace: '',
  mount: 'transit/',
  name: 'orders',
  exportable: false,
  allowPlaintextBackup: false,
};
const run = (ns: VaultNamespace[], over: Partial<VaultAccessInput> = {}): AccessPath[] => [
  ...evaluateVaultAccess({ namespaces: ns, keys: [key], ...over }).paths(),
];
const of = (paths: AccessPath[], id: string): string[] =>
  paths
    .filter(({ principal }) => principal.id === id)
    .map(
      ({ right, actions, certainty }) =>
        `${right.class}${right.use ? `:${right.use}` : ''} ${actions.join(',')} ${certainty}`,
    );

describe('who can administer, use and grant a transit key', () => {
  it('finds the use of an auth role, with its policy first and the role after it', () => {
    const paths = run([namespace()]);
    expect(of(paths, 'auth/approle/orders-api')).toEqual(['use:encrypt transit/encrypt allowed']);
    const [path] = paths.filter(({ principal }) => principal.id === 'auth/approle/orders-api');
    expect(path?.principal).toMatchObject({ form: 'role', kind: 'service', accountId: '' });
    expect(path?.via.map(({ type, id, rawPointer }) => [type, id, rawPointer.path])).toEqual([
      ['acl-policy', 'orders', '/path/transit~1encrypt~1orders'],
      ['auth-role', 'auth/approle/orders-api', '/token_policies'],
    ]);
  });

  it('joins a person with the entity they log in as: role policies, own policies and those of outer groups', () => {
    const paths = run([namespace()]);
    expect(of(paths, 'identity/entity/e1').sort()).toEqual([
      'administer transit/configure conditional',
      'administer transit/create,transit/delete,transit/import,transit/rotate,transit/soft-delete,transit/trim allowed',
      'use:decrypt transit/decrypt allowed',
    ]);
    expect(of(paths, 'auth/userpass/maria')).toEqual([]);
    const configure = paths.find((p) => p.certainty === 'conditional');
    expect(configure?.via.map(({ id }) => id)).toEqual([
      'constrained',
      'identity/group/g2',
      'identity/group/g1',
      'identity/entity/e1',
    ]);
    expect(configure?.conditions).toMatchObject([
      { operator: 'denied_parameters', key: 'exportable', effect: 'deny' },
    ]);
    expect(configure?.principal.kind).toBe('human');
  });

  it('says who can give rights, and that a templated path of an unknown identity is not known', () => {
    expect(of(run([namespace()]), 'auth/userpass/tom')).toEqual([
      'use:decrypt transit/decrypt unknown',
      'grant policy-write allowed',
    ]);
  });

  it('gives a token role the policies its globs match', () => {
    expect(of(run([namespace()]), 'auth/token/ci')).toEqual(['use:encrypt transit/encrypt allowed']);
  });

  it('offers export and backup only where the key allows them', () => {
    const ns = namespace({
      policies: [{ name: 'orders', text: 'path "transit/*" { capabilities = ["read"] }' }],
      entities: [],
      groups: [],
    });
    expect(of(run([ns]), 'auth/approle/orders-api')).toEqual([]);
    const open = { ...key, exportable: true, allowPlaintextBackup: true };
    expect(of(run([ns], { keys: [open] }), 'auth/approle/orders-api')).toEqual([
      'administer transit/backup,transit/export allowed',
    ]);
  });

  it('a deny in another policy of the same token takes the right away', () => {
    const auth = [
      {
        path: 'userpass/',
        type: 'userpass',
        accessor: 'u',
        roles: [{ name: 'x', data: { token_policies: ['keys', 'blocked'] } }],
      },
    ];
    expect(run([namespace({ auth, entities: [], groups: [] })])).toEqual([]);
  });

  it('lets a policy of the parent namespace reach into a child, and not the other way', () => {
    const inner = { ...key, namespace: 'team/' };
    const policies = [{ name: 'p', text: 'path "team/transit/decrypt/+" { capabilities = ["update"] }' }];
    const auth = [
      {
        path: 'approle/',
        type: 'approle',
        accessor: 'a',
        roles: [{ name: 'r', data: { token_policies: ['p'] } }],
      },
    ];
    const parent = namespace({ policies, auth, entities: [], groups: [] });
    const child = { ...parent, path: 'team/' };
    expect(of(run([parent, child], { keys: [inner] }), 'auth/approle/r')).toEqual([
      'use:decrypt transit/decrypt allowed',
    ]);
    expect(of(run([parent, child], { keys: [inner] }), 'team/auth/approle/r')).toEqual([]);
  });

  it('says unknown, never nothing, when policies could not be read, and reports each missing list', () => {
    const ns = namespace({
      policies: null,
      policiesMissing: 'permission denied',
      entities: null,
      groups: null,
    });
    const access = evaluateVaultAccess({ namespaces: [ns], keys: [key] });
    const paths = [...access.paths()];
    expect(new Set(paths.map((p) => p.certainty))).toEqual(new Set(['unknown']));
    expect(paths.some((p) => p.principal.id === 'auth/approle/orders-api' && p.right.class === 'grant')).toBe(
      true,
    );
    expect(access.issues.map(({ code }) => code)).toEqual([
      'policy-missing',
      'identity-missing',
      'identity-missing',
    ]);
    expect(access.issues[0]?.message).toContain('permission denied');
  });

  it('shows an external group although nobody is known to be in it', () => {
    const groups = [
      { id: 'g9', name: 'admins', type: 'external', policies: ['keys'], member_entity_ids: [] },
    ];
    const found = run([namespace({ groups })]).find(({ principal }) => principal.form === 'group');
    expect(found?.principal).toMatchObject({ id: 'identity/group/g9', kind: 'federated' });
  });

  it('gives the root policy everything', () => {
    const auth = [
      {
        path: 'token/',
        type: 'token',
        accessor: 't',
        roles: [{ name: 'r', data: { allowed_policies: ['root'] } }],
      },
    ];
    const paths = run([namespace({ auth, entities: [], groups: [] })]);
    expect(new Set(paths.map(({ right }) => right.class))).toEqual(new Set(['administer', 'use', 'grant']));
    expect(paths[0]?.via.map(({ id }) => id)).toEqual(['root', 'auth/token/r']);
  });

  it('reports a policy that is given and does not exist', () => {
    const auth = [
      {
        path: 'approle/',
        type: 'approle',
        accessor: 'a',
        roles: [{ name: 'r', data: { token_policies: ['gone'] } }],
      },
    ];
    const { issues } = evaluateVaultAccess({
      namespaces: [namespace({ auth, entities: [], groups: [] })],
      keys: [key],
    });
    expect(issues).toMatchObject([
      { code: 'policy-missing', message: 'policy gone is given to auth/approle/r and does not exist' },
    ]);
  });
});
