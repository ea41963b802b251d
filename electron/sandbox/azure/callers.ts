import { createHash, timingSafeEqual } from 'node:crypto';
import { authorize, indexDefinitions, type AuthorizationAnswer } from '../../access/azure/authorize.ts';
import type { EstateVault, Estate, SignIn } from './types.ts';
import { AzureFault, type Request } from './http.ts';

/** Services a token can be for. Each accepts only tokens asked for it. */
export type Audience = 'arm' | 'vault' | 'hsm' | 'logs' | 'blob' | 'graph';

const RESOURCES: Record<Audience, string> = {
  arm: 'https://management.azure.com',
  vault: 'https://vault.azure.net',
  hsm: 'https://managedhsm.azure.net',
  logs: 'https://api.loganalytics.io',
  blob: 'https://storage.azure.com',
  graph: 'https://graph.microsoft.com',
};

export const resourceOf = (audience: Audience): string => RESOURCES[audience];

/** Who signed in, and what the company allows them. */
export interface Callers {
  /** The token for a scope, or undefined when the resource is not known. */
  issue(signIn: SignIn, scope: string, origins: ReadonlyMap<string, Audience>): string | undefined;
  signIn(clientId: string, clientSecret: string): SignIn | 'unknown-client' | 'wrong-secret';
  /** The caller of a request. @throws AzureFault 401 */
  caller(request: Request, audience: Audience, challenge?: string): SignIn;
  /** Azure RBAC. */
  may(who: SignIn, operation: string, scope: string, data?: boolean): AuthorizationAnswer;
  /** The local roles of a managed HSM. */
  mayLocally(who: SignIn, vault: EstateVault, operation: string, scope: string): boolean;
  /** True when the caller has any role at, above or below the subscription. */
  sees(who: SignIn, subscriptionId: string): boolean;
}

const same = (a: string, b: string): boolean => {
  const [x, y] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(x!, y!);
};

export function createCallers(estate: Estate): Callers {
  const known = Object.values(estate.signIns);
  const tokens = new Map<string, { who: SignIn; audience: Audience }>();
  const definitions = indexDefinitions(estate.roleDefinitions);
  const facts = {
    roleAssignments: estate.roleAssignments,
    definitions,
    denyAssignments: estate.denyAssignments,
    managementGroups: [estate.managementGroup],
  };
  const identities = (who: SignIn): string[] => [
    who.objectId,
    ...[...estate.directory.members].filter(([, ids]) => ids.includes(who.objectId)).map(([id]) => id),
  ];
  return {
    signIn(clientId, clientSecret) {
      const found = known.find((signIn) => signIn.clientId === clientId);
      if (found === undefined) return 'unknown-client';
      return same(found.clientSecret, clientSecret) ? found : 'wrong-secret';
    },
    issue(who, scope, origins) {
      const resource = scope
        .split(' ')
        .find((part) => part.endsWith('/.default'))
        ?.replace(/\/+\.default$/, '');
      const [audience] = Object.entries(RESOURCES).find(([, url]) => url === resource) ?? [
        origins.get(resource ?? ''),
      ];
      if (audience === undefined) return undefined;
      const secret = createHash('sha256')
        .update(`${estate.seed} ${who.clientSecret} ${audience}`)
        .digest('base64url');
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = {
        aud: RESOURCES[audience as Audience],
        iss: `https://sts.windows.net/${estate.tenantId}/`,
        tid: estate.tenantId,
        oid: who.objectId,
        appid: who.clientId,
        idtyp: 'app',
      };
      const token = `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.${secret}`;
      tokens.set(token, { who, audience: audience as Audience });
      return token;
    },
    caller(request, audience, challenge) {
      const headers = challenge === undefined ? undefined : { 'www-authenticate': challenge };
      const [, token] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
      const [missing, invalid] =
        audience === 'vault' || audience === 'hsm'
          ? (['Unauthorized', 'Unauthorized'] as const)
          : (['AuthenticationFailed', 'InvalidAuthenticationToken'] as const);
      if (token === undefined)
        throw new AzureFault(
          401,
          missing,
          'AKV10000: Request is missing a Bearer or PoP token.',
          undefined,
          headers,
        );
      const found = tokens.get(token);
      if (found === undefined)
        throw new AzureFault(401, invalid, 'The access token is invalid.', undefined, headers);
      if (found.audience !== audience)
        throw new AzureFault(
          401,
          invalid,
          `AKV10022: Invalid audience. Expected ${RESOURCES[audience]}, found: ${RESOURCES[found.audience]}.`,
          undefined,
          headers,
        );
      return found.who;
    },
    may: (who, operation, scope, data = false) =>
      authorize(facts, { identities: identities(who), operation, data, scope }),
    mayLocally(who, vault, operation, scope) {
      const local = vault.local ?? { roleDefinitions: [], roleAssignments: [] };
      const answer = authorize(
        {
          roleAssignments: local.roleAssignments,
          definitions: indexDefinitions(local.roleDefinitions),
          denyAssignments: [],
          managementGroups: [],
        },
        { identities: identities(who), operation, data: true, scope },
      );
      return answer.decision === 'allowed';
    },
    sees(who, subscriptionId) {
      const ids = identities(who);
      const prefix = `/subscriptions/${subscriptionId}`;
      const group = `/providers/Microsoft.Management/managementGroups/${estate.managementGroup}`;
      return estate.roleAssignments.some(
        ({ properties: { principalId, scope } }) =>
          ids.includes(principalId) && (scope === group || scope === '/' || scope.startsWith(prefix)),
      );
    },
  };
}
