import { randomFor } from '../company/random.ts';
import type { Callers } from './callers.ts';
import { resourceOf } from './callers.ts';
import { AzureFault, page, type Answer, type Request } from './http.ts';
import type { Estate, EstateKey, EstateVault, KeyVersion, SignIn } from './types.ts';

/** Key Vault and Managed HSM answer lists in pages of 25 at most. */
const PAGE = 25;

interface Route {
  operation: string;
  pattern: RegExp;
  /** Data action below Microsoft.KeyVault/vaults, access-policy permission, data action below …/managedHsm. */
  action: string;
  permission: string;
  local: string;
  answer(vault: EstateVault, request: Request, parts: string[]): Answer['body'];
}

const unix = (ms: number): number => Math.floor(ms / 1000);

const live = (vault: EstateVault): EstateKey[] => vault.keys.filter((key) => key.deletedAt === undefined);

function find(vault: EstateVault, name: string | undefined): EstateKey {
  const key = live(vault).find((k) => k.name.toLowerCase() === name?.toLowerCase());
  if (key) return key;
  throw new AzureFault(404, 'KeyNotFound', `A key with (name/id) ${name} was not found in this key vault.`);
}

const attributes = (vault: EstateVault, key: EstateKey, version: KeyVersion): Record<string, unknown> => ({
  enabled: version.enabled,
  ...(version.expiresAt === undefined ? {} : { exp: unix(version.expiresAt) }),
  created: unix(version.createdAt),
  updated: unix(version.updatedAt),
  recoveryLevel: vault.properties['enablePurgeProtection'] === true ? 'Recoverable' : 'Recoverable+Purgeable',
  recoverableDays: 90,
  exportable: key.exportable ?? false,
  ...(key.kty.endsWith('-HSM') ? { hsmPlatform: '2' } : {}),
});

const newest = (key: EstateKey): KeyVersion => key.versions.at(-1)!;
const tagsOf = (key: EstateKey): Record<string, unknown> => ({
  ...(key.tags ? { tags: key.tags } : {}),
  ...(key.managed ? { managed: true } : {}),
});

/** Public parts of the right length; nobody has the private ones. */
function publicKey(vault: EstateVault, key: EstateKey, version: KeyVersion): Record<string, unknown> {
  const random = randomFor('azure-public-key', vault.name, key.name, version.id);
  const part = (bytes: number): string => {
    const buffer = Buffer.from(random.hex(bytes * 2), 'hex');
    buffer[0]! |= 0x80;
    return buffer.toString('base64url');
  };
  if (key.kty.startsWith('RSA')) return { n: part(Number(key.size) / 8), e: 'AQAB' };
  if (key.kty.startsWith('EC')) return { crv: key.size, x: part(32), y: part(32) };
  return {};
}

const bundle = (
  vault: EstateVault,
  origin: string,
  key: EstateKey,
  version: KeyVersion,
): Record<string, unknown> => ({
  key: {
    kid: `${origin}/keys/${key.name}/${version.id}`,
    kty: key.kty,
    key_ops: key.keyOps,
    ...publicKey(vault, key, version),
  },
  attributes: attributes(vault, key, version),
  ...tagsOf(key),
  ...(key.exportable
    ? {
        release_policy: {
          contentType: 'application/json; charset=utf-8',
          immutable: true,
          data: Buffer.from('{"version":"1.0.0","anyOf":[]}').toString('base64url'),
        },
      }
    : {}),
});

const ROUTES: Route[] = [
  {
    operation: 'keyvault.GetKeys',
    pattern: /^\/keys$/,
    action: 'keys/read',
    permission: 'list',
    local: 'keys/read/action',
    answer: (vault, request) => {
      const items = live(vault).map((key) => ({
        kid: `${request.origin}/keys/${key.name}`,
        attributes: attributes(vault, key, newest(key)),
        ...tagsOf(key),
      }));
      return page(request, items, PAGE);
    },
  },
  {
    operation: 'keyvault.GetDeletedKeys',
    pattern: /^\/deletedkeys$/,
    action: 'keys/read',
    permission: 'list',
    local: 'keys/deletedKeys/read/action',
    answer: (vault, request) => {
      const items = vault.keys.flatMap((key) =>
        key.deletedAt === undefined
          ? []
          : [
              {
                kid: `${request.origin}/keys/${key.name}`,
                recoveryId: `${request.origin}/deletedkeys/${key.name}`,
                deletedDate: unix(key.deletedAt),
                scheduledPurgeDate: unix(key.deletedAt + 90 * 86_400_000),
                attributes: attributes(vault, key, newest(key)),
                ...tagsOf(key),
              },
            ],
      );
      return page(request, items, PAGE);
    },
  },
  {
    operation: 'keyvault.GetKeyVersions',
    pattern: /^\/keys\/([^/]+)\/versions$/,
    action: 'keys/read',
    permission: 'list',
    local: 'keys/read/action',
    answer: (vault, request, [name]) => {
      const key = find(vault, name);
      const items = key.versions.map((version) => ({
        kid: `${request.origin}/keys/${key.name}/${version.id}`,
        attributes: attributes(vault, key, version),
        ...tagsOf(key),
      }));
      return page(request, items, PAGE);
    },
  },
  {
    operation: 'keyvault.GetKeyRotationPolicy',
    pattern: /^\/keys\/([^/]+)\/rotationpolicy$/,
    action: 'keyrotationpolicies/read',
    permission: 'getrotationpolicy',
    local: 'keys/read/action',
    answer: (vault, request, [name]) => {
      const key = find(vault, name);
      // A key without a policy of its own answers with the default: a notice a month before expiry.
      const policy = key.rotationPolicy ?? {
        lifetimeActions: [{ trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } }],
        attributes: {},
      };
      return { id: `${request.origin}/keys/${key.name}/rotationpolicy`, ...policy };
    },
  },
  {
    operation: 'keyvault.GetKey',
    pattern: /^\/keys\/([^/]+)(?:\/([^/]+))?$/,
    action: 'keys/read',
    permission: 'get',
    local: 'keys/read/action',
    answer: (vault, request, [name, id]) => {
      const key = find(vault, name);
      const version = id ? key.versions.find((v) => v.id === id) : newest(key);
      if (version === undefined)
        throw new AzureFault(
          404,
          'KeyNotFound',
          `A key with (name/id) ${name}/${id} was not found in this key vault.`,
        );
      return bundle(vault, request.origin, key, version);
    },
  },
];

const LOCAL_ROLES = '/providers/Microsoft.Authorization/';

/** The data plane of one vault or managed HSM, signing in by its challenge. */
export function handleVault(
  estate: Estate,
  callers: Callers,
  loginEndpoint: string,
  vault: EstateVault,
  request: Request,
): { operation: string; answer: () => Answer } {
  const audience = vault.kind;
  const challenge = `Bearer authorization="${loginEndpoint}/${estate.tenantId}", resource="${resourceOf(audience)}"`;
  const signedIn = (): SignIn => {
    const who = callers.caller(request, audience, challenge);
    if (vault.firewalled)
      throw new AzureFault(
        403,
        'Forbidden',
        'Public network access is disabled and request is not from a trusted service nor via an approved private link.',
        'ForbiddenByFirewall',
      );
    return who;
  };
  if (vault.kind === 'hsm' && request.path.startsWith(`/${LOCAL_ROLES.slice(1)}`)) {
    const kind = request.path.slice(LOCAL_ROLES.length);
    return {
      operation:
        kind === 'roleDefinitions' ? 'managedhsm.GetRoleDefinitions' : 'managedhsm.GetRoleAssignments',
      answer: () => localRoles(callers, signedIn(), vault, request, kind),
    };
  }
  const route =
    request.method === 'GET' ? ROUTES.find(({ pattern }) => pattern.test(request.path)) : undefined;
  if (route === undefined) {
    return {
      operation: 'keyvault.Unknown',
      answer: () => {
        signedIn();
        throw new AzureFault(
          405,
          'MethodNotAllowed',
          `The sample environment answers reading only, not ${request.method} ${request.path}.`,
        );
      },
    };
  }
  return {
    operation: route.operation,
    answer: () => {
      const who = signedIn();
      const parts = (route.pattern.exec(request.path) ?? []).slice(1);
      assertMay(callers, who, vault, route, parts[0]);
      return { status: 200, body: route.answer(vault, request, parts) };
    },
  };
}

function assertMay(
  callers: Callers,
  who: SignIn,
  vault: EstateVault,
  route: Route,
  key: string | undefined,
): void {
  const scope = key === undefined ? '' : `/keys/${key}`;
  if (vault.kind === 'hsm') {
    const action = `Microsoft.KeyVault/managedHsm/${route.local}`;
    if (!callers.mayLocally(who, vault, action, scope === '' ? '/keys' : scope))
      throw hsmDenied(who, action, scope);
    return;
  }
  if (vault.properties['enableRbacAuthorization'] === true) {
    const action = `Microsoft.KeyVault/vaults/${route.action}`;
    if (callers.may(who, action, `${vault.id}${scope}`, true).decision === 'allowed') return;
    throw new AzureFault(
      403,
      'Forbidden',
      `Caller is not authorized to perform action on resource.\r\nCaller: appid=${who.clientId};oid=${who.objectId}\r\nAction: '${action}'\r\nResource: '${vault.id.toLowerCase()}${scope}'\r\nVault: ${vault.name};location=${vault.location}\r\n`,
      'ForbiddenByRbac',
    );
  }
  const entries = vault.properties['accessPolicies'] as {
    objectId: string;
    permissions: { keys: string[] };
  }[];
  const own = entries.find(({ objectId }) => objectId === who.objectId)?.permissions.keys ?? [];
  const wanted = route.permission.toLowerCase();
  if (own.some((permission) => permission.toLowerCase() === wanted || permission === 'all')) return;
  throw new AzureFault(
    403,
    'Forbidden',
    `The user, group or application 'appid=${who.clientId};oid=${who.objectId}' does not have keys ${route.permission} permission on key vault '${vault.name};location=${vault.location}'.`,
    'ForbiddenByPolicy',
  );
}

const hsmDenied = (who: SignIn, action: string, scope: string): AzureFault =>
  new AzureFault(
    403,
    'Forbidden',
    `User '${who.objectId}' does not have '${action}' permission on '${scope || '/'}'.`,
    'ForbiddenByRbac',
  );

function localRoles(
  callers: Callers,
  who: SignIn,
  vault: EstateVault,
  request: Request,
  kind: string,
): Answer {
  const definitions = kind === 'roleDefinitions';
  if (!definitions && kind !== 'roleAssignments')
    throw new AzureFault(404, 'NotFound', `The managed HSM has no ${request.path}.`);
  const action = `Microsoft.KeyVault/managedHsm/${kind}/read/action`;
  if (!callers.mayLocally(who, vault, action, '/')) throw hsmDenied(who, action, '/');
  const local = vault.local ?? { roleDefinitions: [], roleAssignments: [] };
  const items = definitions ? local.roleDefinitions : local.roleAssignments;
  const type = `Microsoft.Authorization/${kind}`;
  return {
    status: 200,
    body: { value: items.map((item) => ({ ...item, name: item.id.split('/').at(-1), type })) },
  };
}
