import { AzureFault, type Answer, type Request } from './http.ts';
import type { Audience, Callers } from './callers.ts';
import type { Estate } from './types.ts';

const TOKEN_SECONDS = 3599;

/** Entra's part in signing in with a client secret: discovery, and tokens by the client credentials grant (RFC 6749 §4.4). */
export function handleEntra(
  estate: Estate,
  callers: Callers,
  origins: ReadonlyMap<string, Audience>,
  request: Request,
): { operation: string; answer: () => Answer } {
  const [, tenant = '', rest = ''] = /^\/([^/]+)\/(.+)$/.exec(request.path) ?? [];
  if (request.method === 'GET' && rest === 'v2.0/.well-known/openid-configuration') {
    return { operation: 'entra.Discovery', answer: () => discovery(estate, request.origin, tenant) };
  }
  if (request.method === 'POST' && rest === 'oauth2/v2.0/token') {
    return { operation: 'entra.Token', answer: () => token(estate, callers, origins, tenant, request.body) };
  }
  return {
    operation: 'entra.Unknown',
    answer: () => {
      throw new AzureFault(404, 'NotFound', `The sample environment has no ${request.path}.`);
    },
  };
}

function assertTenant(estate: Estate, tenant: string): void {
  if (tenant.toLowerCase() === estate.tenantId) return;
  throw oauthFault(
    'invalid_request',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`,
  );
}

function discovery(estate: Estate, origin: string, tenant: string): Answer {
  assertTenant(estate, tenant);
  const base = `${origin}/${tenant}`;
  return {
    status: 200,
    body: {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_types_supported: ['code', 'id_token'],
      scopes_supported: ['openid', 'profile', 'offline_access'],
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    },
  };
}

function token(
  estate: Estate,
  callers: Callers,
  origins: ReadonlyMap<string, Audience>,
  tenant: string,
  body: string,
): Answer {
  assertTenant(estate, tenant);
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'client_credentials')
    throw oauthFault(
      'unsupported_grant_type',
      70003,
      'The sample environment signs in with client credentials only.',
    );
  const clientId = form.get('client_id') ?? '';
  const who = callers.signIn(clientId, form.get('client_secret') ?? '');
  if (who === 'unknown-client')
    throw oauthFault(
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory.`,
      400,
    );
  if (who === 'wrong-secret')
    throw oauthFault('invalid_client', 7000215, `Invalid client secret provided for app '${clientId}'.`, 401);
  const scope = form.get('scope') ?? '';
  const access_token = callers.issue(who, scope, origins);
  if (access_token === undefined)
    throw oauthFault(
      'invalid_resource',
      500011,
      `The resource principal named ${scope} was not found in the tenant.`,
    );
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: { token_type: 'Bearer', expires_in: TOKEN_SECONDS, ext_expires_in: TOKEN_SECONDS, access_token },
  };
}

function oauthFault(error: string, code: number, text: string, status = 400): AzureFault {
  const fault = new AzureFault(status, error, text);
  fault.answer.body = { error, error_description: `AADSTS${code}: ${text}`, error_codes: [code] };
  return fault;
}
