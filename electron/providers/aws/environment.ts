/**
 * Environment variables that would make evidence come from somewhere else, or from an unchecked peer. All of them are
 * ignored; the ledger names those that were set.
 */
export function ignoredEnvironment(env: NodeJS.ProcessEnv = process.env): string[] {
  return Object.keys(env)
    .filter((name) => /^AWS_ENDPOINT_URL(_|$)/.test(name) || others.has(name))
    .sort();
}

const others = new Set([
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_CA_BUNDLE',
  'NODE_TLS_REJECT_UNAUTHORIZED',
]);
