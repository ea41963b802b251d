/** Where an auth method keeps what gives policies: the path that lists, and the one that is read with a name behind it. */
export interface RoleFolder {
  list: string;
  read: string;
}

const same = (...paths: string[]): RoleFolder[] => paths.map((path) => ({ list: path, read: path }));

/** By type of auth method (api-docs/auth). A type that is not here is noted as not read. */
export const ROLE_FOLDERS: Readonly<Record<string, readonly RoleFolder[]>> = {
  alicloud: [{ list: 'roles', read: 'role' }],
  approle: same('role'),
  aws: [{ list: 'roles', read: 'role' }],
  azure: same('role'),
  cert: same('certs'),
  cf: same('roles'),
  gcp: [{ list: 'roles', read: 'role' }],
  github: same('map/teams', 'map/users'),
  jwt: same('role'),
  kerberos: same('groups'),
  kubernetes: same('role'),
  ldap: same('groups', 'users'),
  oci: same('role'),
  oidc: same('role'),
  okta: same('groups', 'users'),
  radius: same('users'),
  saml: same('role'),
  token: same('roles'),
  userpass: same('users'),
};

export function roleFolders(type: string): readonly RoleFolder[] | null {
  return ROLE_FOLDERS[authType(type)] ?? null;
}

/** Type of an auth method without what says that it is a plugin, or that it is the built-in one of a namespace (`ns_token`). */
export function authType(type: string): string {
  return type.replace(/^(vault-plugin-auth-|ns_)/, '');
}
