import { createHash } from 'node:crypto';
import { randomFor } from '../company/random.ts';
import { bare, data, errors } from './reply.ts';
import type { Reply } from './reply.ts';
import type { AuthMount, Namespace, VaultWorld } from './types.ts';

/*
 * Sign-in through an identity provider as the oidc auth method does it (api-docs/auth/jwt): Vault makes the address, with
 * state, nonce and PKCE (RFC 7636) of its own; the provider sends the browser back to the caller's loopback address with a
 * code; the caller hands the code to Vault, with the nonce that it began with. The provider here signs everybody in.
 */

/** A sign-in that was begun. */
interface Begun {
  role: string;
  mount: string;
  redirectUri: string;
  clientNonce: string;
  verifier: string;
}

/** Sign-ins under way in one server. */
export interface OidcState {
  begun: Map<string, Begun>;
  /** Codes that the provider gave, with the challenge that each is bound to. */
  codes: Map<string, string>;
}

export const newOidcState = (): OidcState => ({ begun: new Map(), codes: new Map() });

/** Where the provider of the sample lets people sign in. */
export const AUTHORIZE = '/sample-identity-provider/authorize';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `auth/<mount>/oidc/auth_url`: the page to sign in on. Empty when the role does not allow the address to go back to. */
export function authUrl(
  world: VaultWorld,
  state: OidcState,
  mount: AuthMount,
  body: Record<string, unknown>,
  origin: string,
): Reply {
  const named = typeof body['role'] === 'string' ? body['role'] : '';
  const role = mount.roles.find(({ name }) => name === (named === '' ? 'staff' : named));
  if (role === undefined) return errors(400, `role "${named}" could not be found`);
  const redirectUri = typeof body['redirect_uri'] === 'string' ? body['redirect_uri'] : '';
  if (redirectUri === '') return errors(400, 'missing redirect_uri');
  const allowed = (role.data['allowed_redirect_uris'] as string[] | undefined) ?? [];
  if (!allowed.some((one) => sameRedirect(one, redirectUri))) return data({ auth_url: '' });
  const random = randomFor(world.seed, 'vault-oidc', state.begun.size);
  const [id, verifier] = [`st_${random.hex(20)}`, random.hex(43)];
  state.begun.set(id, {
    ...{ role: role.name, mount: mount.path, redirectUri, verifier },
    clientNonce: typeof body['client_nonce'] === 'string' ? body['client_nonce'] : '',
  });
  const query = new URLSearchParams({
    client_id: 'vault',
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    nonce: `n_${random.hex(20)}`,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: id,
  });
  return data({ auth_url: `${origin}${AUTHORIZE}?${query.toString()}` });
}

/** The provider's page: signs in whoever comes, and sends the browser back. */
export function authorize(world: VaultWorld, state: OidcState, query: URLSearchParams): Reply {
  const begun = state.begun.get(query.get('state') ?? '');
  if (begun === undefined || query.get('redirect_uri') !== begun.redirectUri)
    return errors(400, 'invalid_request');
  const code = randomFor(world.seed, 'vault-oidc-code', state.codes.size).hex(32);
  state.codes.set(code, query.get('code_challenge') ?? '');
  const back = new URL(begun.redirectUri);
  back.searchParams.set('code', code);
  back.searchParams.set('state', query.get('state')!);
  return { ...bare(302, {}), headers: { location: back.href } };
}

/** `auth/<mount>/oidc/callback`: the role that was signed in to, or the refusal. A state is good once. */
export function callback(
  state: OidcState,
  mount: AuthMount,
  query: URLSearchParams,
): AuthMount['roles'][number] | Reply {
  const id = query.get('state') ?? '';
  const begun = state.begun.get(id);
  state.begun.delete(id);
  if (begun === undefined || begun.mount !== mount.path)
    return errors(400, 'Vault login failed. Expired or missing OAuth state.');
  if (begun.clientNonce !== '' && query.get('client_nonce') !== begun.clientNonce)
    return errors(400, 'Vault login failed. Invalid client_nonce.');
  const challenge = state.codes.get(query.get('code') ?? '');
  if (challenge === undefined || challenge !== challengeOf(begun.verifier))
    return errors(400, 'Vault login failed. Error exchanging oidc code: "invalid_grant".');
  state.codes.delete(query.get('code')!);
  return mount.roles.find(({ name }) => name === begun.role)!;
}

/** The oidc auth method of a path, and what is asked of it. */
export function oidcMount(
  namespace: Namespace,
  path: string,
): { mount: AuthMount; what: 'auth_url' | 'callback' } | undefined {
  const found = /^auth\/(.+)\/oidc\/(auth_url|callback)$/.exec(path);
  const mount = namespace.auth.find((one) => one.type === 'oidc' && one.path === `${found?.[1]}/`);
  return mount && { mount, what: found![2] as 'auth_url' | 'callback' };
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** Of an address on this machine the port may differ (RFC 8252, 7.3). */
function sameRedirect(allowed: string, asked: string): boolean {
  if (allowed === asked) return true;
  if (!URL.canParse(allowed) || !URL.canParse(asked)) return false;
  const [a, b] = [new URL(allowed), new URL(asked)];
  return (
    LOOPBACK.has(a.hostname) &&
    a.hostname === b.hostname &&
    a.protocol === b.protocol &&
    a.pathname === b.pathname
  );
}
