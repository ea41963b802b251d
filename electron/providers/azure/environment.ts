/**
 * Environment variables that would make evidence come from somewhere else, weaken the check of who answers, or sign in
 * as somebody the source does not name. All are ignored; the ledger names those that were set.
 */
export function ignoredEnvironment(env: NodeJS.ProcessEnv = process.env): string[] {
  return Object.keys(env)
    .filter((name) => NAMES.has(name))
    .sort();
}

const NAMES = new Set([
  'AZURE_AUTHORITY_HOST',
  'AZURE_REGIONAL_AUTHORITY_NAME',
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_ID',
  'AZURE_USERNAME',
  'AZURE_PASSWORD',
  'AZURE_ADDITIONALLY_ALLOWED_TENANTS',
]);
