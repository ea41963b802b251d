import { source as sourceSchema, type Source } from '../../engagement/engagement.ts';
import { ownSignIn, type OwnSignIn } from '../../engagement/own-sign-in.ts';
import { ReviewError } from '../error.ts';

/**
 * A source of a pack with the auditor's own way to sign in. What the pack declares is the client's: without a choice it is
 * the standard credential chain (AWS), the Azure CLI, or a token (Vault).
 *
 * @throws ReviewError NOT_KNOWN when this provider cannot be signed in to that way
 */
export function withOwnSignIn(source: Source, own: OwnSignIn | undefined): Source {
  switch (source.provider) {
    case 'files':
      return source;
    case 'aws':
      return fitting(source, own, {
        credentials: own?.how ?? { from: 'default-chain' },
        ...(own?.assumeRole === undefined ? {} : { assumeRole: own.assumeRole }),
      });
    case 'azure':
      return fitting(source, own, { credentials: own?.how ?? { from: 'azure-cli' } });
    case 'vault':
      return fitting(source, own, {
        login: own?.how ?? { from: 'token' },
        // A path on the client's machine says nothing here.
        caFile: own?.caFile ?? null,
      });
  }
}

function fitting(source: Source, own: OwnSignIn | undefined, change: Record<string, unknown>): Source {
  const parsed = sourceSchema.safeParse({ ...source, ...change });
  if (parsed.success) return parsed.data;
  throw new ReviewError(
    'NOT_KNOWN',
    `cannot sign in to ${source.id} with ${own?.how.from}: that is no way to sign in to ${TITLES[source.provider]}. Use one of ${WAYS[source.provider]}.`,
  );
}

const TITLES = { aws: 'AWS', azure: 'Azure', vault: 'Vault', files: 'files' };

/** Ways to sign in as they are written on the command line. */
export const WAYS = {
  aws: 'default, environment, profile:NAME, sso:NAME',
  azure:
    'azure-cli, browser[:CLIENT_ID], device-code[:CLIENT_ID], client-secret:CLIENT_ID, client-certificate:CLIENT_ID:FILE, managed-identity[:CLIENT_ID]',
  vault: 'token, approle:ROLE_ID[@MOUNT], userpass:NAME[@MOUNT], oidc[:ROLE][@MOUNT]',
  files: 'none',
};

/** Reads a way to sign in as written on the command line. @throws ReviewError NOT_KNOWN */
export function signInFrom(text: string): OwnSignIn['how'] {
  const [word = '', ...rest] = text.split(':');
  const value = rest.join(':');
  const [name = '', mount] = value.split('@');
  const at = (type: string) => (mount ?? (word.split('@')[1] || type)).replace(/^\/+|\/+$/g, '');
  const [client, ...path] = rest;
  const candidates: Record<string, unknown> = {
    default: { from: 'default-chain' },
    environment: { from: 'environment' },
    profile: { from: 'profile', profile: value },
    sso: { from: 'sso', profile: value },
    'azure-cli': { from: 'azure-cli' },
    browser: { from: 'interactive-browser', clientId: value || null },
    'device-code': { from: 'device-code', clientId: value || null },
    'client-secret': { from: 'client-secret', clientId: value },
    'client-certificate': { from: 'client-certificate', clientId: client, path: path.join(':') },
    'managed-identity': { from: 'managed-identity', clientId: value || null },
    token: { from: 'token' },
    approle: { from: 'approle', mount: at('approle'), roleId: name },
    userpass: { from: 'userpass', mount: at('userpass'), username: name },
    oidc: { from: 'oidc', mount: at('oidc'), role: name || null },
  };
  const parsed = ownSignIn.shape.how.safeParse(candidates[word.split('@')[0]!]);
  if (parsed.success) return parsed.data;
  throw new ReviewError(
    'NOT_KNOWN',
    `cannot sign in with "${text}": there is no such way, or a part of it is missing. AWS: ${WAYS.aws}. Azure: ${WAYS.azure}. Vault: ${WAYS.vault}.`,
  );
}
