import type { AclRequest } from './acl.ts';
import type { VaultNamespace } from './model.ts';

/** A way to give rights to others, and the requests that would do it. */
export interface GrantAction {
  name: 'policy-write' | 'auth-role-write' | 'identity-write' | 'token-create' | 'auth-enable';
  requests: readonly AclRequest[];
}

/** A name nothing has: who may write it may make something new. */
const NEW = 'keywitness-any-new-name';

/** Where each auth method keeps what gives policies. */
const KEPT: Record<string, readonly string[]> = {
  approle: ['role'],
  kubernetes: ['role'],
  jwt: ['role'],
  oidc: ['role'],
  aws: ['role'],
  azure: ['role'],
  gcp: ['role'],
  userpass: ['users'],
  ldap: ['groups', 'users'],
  okta: ['groups', 'users'],
  radius: ['users'],
  github: ['map/teams', 'map/users'],
  cert: ['certs'],
  token: ['roles'],
};

/** The requests through which rights inside this namespace are given. Documented root-protected paths need sudo. */
export function grantActions(namespace: VaultNamespace): readonly GrantAction[] {
  const ns = namespace.path;
  const write = (path: string, sudo = false): AclRequest[] =>
    (['update', 'create'] as const).map((capability) => ({ path: ns + path, capability, sudo }));
  const policies = [...(namespace.policies ?? []).map(({ name }) => name), NEW].filter((n) => n !== 'root');
  const roles = (namespace.auth ?? []).flatMap(({ path, type, roles: known }) =>
    (KEPT[type] ?? []).flatMap((kind) =>
      [...(known ?? []).map(({ name }) => name), NEW].flatMap((name) => [
        `auth/${path}${kind}/${name}`,
        ...(type === 'approle' || type === 'userpass' ? [`auth/${path}${kind}/${name}/policies`] : []),
      ]),
    ),
  );
  const identity = [
    'identity/entity',
    'identity/group',
    'identity/entity-alias',
    'identity/group-alias',
    ...[...(namespace.entities ?? []).map(({ id }) => id), NEW].map((id) => `identity/entity/id/${id}`),
    ...[...(namespace.entities ?? []).map(({ name }) => name), NEW].map((n) => `identity/entity/name/${n}`),
    ...[...(namespace.groups ?? []).map(({ id }) => id), NEW].map((id) => `identity/group/id/${id}`),
    ...[...(namespace.groups ?? []).map(({ name }) => name), NEW].map((n) => `identity/group/name/${n}`),
  ];
  return [
    {
      name: 'policy-write',
      requests: policies.flatMap((name) => [
        ...write(`sys/policies/acl/${name}`),
        ...write(`sys/policy/${name}`),
      ]),
    },
    { name: 'auth-role-write', requests: roles.flatMap((path) => write(path)) },
    { name: 'identity-write', requests: identity.flatMap((path) => write(path)) },
    // Without sudo a token can only be given what its maker has.
    {
      name: 'token-create',
      requests: [...write('auth/token/create', true), ...write('auth/token/create-orphan', true)],
    },
    { name: 'auth-enable', requests: write(`sys/auth/${NEW}`, true) },
  ];
}
