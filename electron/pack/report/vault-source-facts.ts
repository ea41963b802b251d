import type { VaultSource } from '../../engagement/vault-source.ts';

/** A Vault source as the list of sources in the report names it. */
export function vaultSourceFacts(source: VaultSource) {
  const { login } = source;
  const how = {
    token: 'token given by the operator',
    approle: 'AppRole',
    userpass: 'user name and password',
    oidc: 'OpenID Connect, in the browser',
  };
  const where = source.namespace === null ? '' : `, namespace ${source.namespace}`;
  return {
    id: source.id,
    provider: 'HashiCorp Vault',
    title: source.title,
    authentication: `${how[login.from]} at ${source.address}${where}`,
  };
}
