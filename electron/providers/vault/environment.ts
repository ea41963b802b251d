/**
 * Environment variables of the Vault command line that would weaken TLS or send requests elsewhere. None of them is
 * used (only VAULT_TOKEN, VAULT_SECRET_ID and VAULT_PASSWORD are, for signing in); the ledger names those that were set.
 */
export function ignoredVaultEnvironment(env: NodeJS.ProcessEnv = process.env): string[] {
  return Object.keys(env)
    .filter((name) => IGNORED.test(name))
    .sort();
}

const IGNORED =
  /^(VAULT|BAO)_(ADDR|AGENT_ADDR|PROXY_ADDR|PREFIX|NAMESPACE|SKIP_VERIFY|CACERT|CACERT_BYTES|CAPATH|CLIENT_CERT|CLIENT_KEY|TLS_SERVER_NAME|HTTP_PROXY|SRV_LOOKUP|REDIRECT_ADDR|DISABLE_REDIRECTS|WRAP_TTL|HEADERS)$/;
