import type { Operation } from '../../../collect/operation.ts';
import { signIns, vaultReads } from './quotas.ts';

/** A call that only turns a sign-in into a token. The library makes it; its answer is never kept. */
function signIn(action: string, purpose: string, docs: string): Operation {
  return {
    id: `azure.entra.${action}`,
    service: 'entra',
    action,
    permissions: [],
    scopeKind: 'global',
    purpose,
    bodyClass: 'none',
    // The library waits as long as a busy endpoint asks.
    keepHeaders: ['retry-after'],
    answer: { format: 'bytes' },
    quota: signIns,
    notApplicable: [],
    resource: 'any',
    docs,
  };
}

const PROTOCOL = 'https://learn.microsoft.com/entra/identity-platform/';

/** Calls that @azure/identity makes by itself. */
export const signInOperations = {
  discovery: signIn(
    'Discovery',
    'Where the tenant’s sign-in answers; nothing of it is kept.',
    `${PROTOCOL}v2-protocols-oidc`,
  ),
  token: signIn(
    'Token',
    'How the collector’s token was obtained; its answer is a credential and is not kept.',
    `${PROTOCOL}v2-oauth2-client-creds-grant-flow`,
  ),
  deviceCode: signIn(
    'DeviceCode',
    'How the collector’s operator was asked to sign in; its answer is not kept.',
    `${PROTOCOL}v2-oauth2-device-code`,
  ),
  managedIdentity: signIn(
    'ManagedIdentityToken',
    'How the machine’s own identity gave a token; its answer is a credential and is not kept.',
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token',
  ),
};

/** A vault is asked once without a token, and says which tenant and service a token must be from. */
export const challenge: Operation = {
  ...signIn(
    'Challenge',
    'Which tenant and service a vault takes tokens of: it says so when asked without one.',
    'https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses',
  ),
  id: 'azure.keys.Challenge',
  service: 'keys',
  scopeKind: 'region',
  keepHeaders: ['www-authenticate'],
  quota: vaultReads,
  notApplicable: [{ code: 'Unauthorized', meaning: 'the vault says where to get a token' }],
};

/** Which of them a request is. */
export function signInOperationOf(url: URL): Operation {
  const path = url.pathname.toLowerCase();
  if (path.endsWith('/devicecode')) return signInOperations.deviceCode;
  if (path.endsWith('/token') && !path.includes('/identity/')) return signInOperations.token;
  if (path.includes('/identity/') || path.includes('/msi/')) return signInOperations.managedIdentity;
  return signInOperations.discovery;
}
