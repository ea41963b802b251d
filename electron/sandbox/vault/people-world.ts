import { randomFor } from '../company/random.ts';
import type { Random } from '../company/random.ts';
import type { AuthMount, Entity, Group } from './types.ts';

const PEOPLE: Record<string, string[]> = {
  'maria.lopez': ['platform-admin'],
  'tom.becker': ['key-administrator'],
  'priya.nair': ['own-space'],
  'lena.fischer': ['data-engineers'],
  'ines.carvalho': ['keywitness-auditor'],
};

const SERVICES = ['orders-api', 'billing-batch', 'payments-tokenizer', 'keywitness-auditor'];

export const roleDefaults = {
  token_bound_cidrs: [] as string[],
  token_explicit_max_ttl: 0,
  token_max_ttl: 14_400,
  token_no_default_policy: false,
  token_num_uses: 0,
  token_period: 0,
  token_ttl: 3600,
  token_type: 'default',
};

export function rootAuth(): AuthMount[] {
  const role = (name: string, data: Record<string, unknown>): AuthMount['roles'][number] => ({
    name,
    data: { ...roleDefaults, ...data },
  });
  return [
    {
      path: 'approle/',
      type: 'approle',
      roles: SERVICES.map((name) =>
        role(name, {
          bind_secret_id: true,
          local_secret_ids: false,
          secret_id_bound_cidrs: null,
          secret_id_num_uses: 0,
          secret_id_ttl: 0,
          token_policies: [name],
        }),
      ),
    },
    {
      path: 'kubernetes/',
      type: 'kubernetes',
      roles: [
        role('device-signer', {
          bound_service_account_names: ['device-signer'],
          bound_service_account_namespaces: ['identity'],
          token_policies: ['device-signer'],
        }),
      ],
    },
    {
      path: 'github/',
      type: 'jwt',
      roles: [
        role('infrastructure', {
          role_type: 'jwt',
          bound_claims: { sub: 'repo:meridian-freight/infrastructure:*' },
          bound_claims_type: 'glob',
          user_claim: 'repository',
          token_policies: ['infrastructure-deployer'],
        }),
        role('release', {
          role_type: 'jwt',
          bound_claims: { sub: 'repo:meridian-freight/release:ref:refs/heads/main' },
          user_claim: 'repository',
          token_policies: ['release-signing'],
        }),
      ],
    },
    {
      path: 'oidc/',
      type: 'oidc',
      roles: [
        role('staff', {
          ...{ role_type: 'oidc', user_claim: 'email', groups_claim: 'groups', token_policies: [] },
          allowed_redirect_uris: ['http://localhost:8250/oidc/callback'],
        }),
        role('auditor', {
          ...{ role_type: 'oidc', user_claim: 'email', token_policies: ['keywitness-auditor'] },
          allowed_redirect_uris: ['http://localhost:8250/oidc/callback'],
        }),
      ],
    },
    {
      path: 'userpass/',
      type: 'userpass',
      roles: Object.entries(PEOPLE).map(([name, token_policies]) => role(name, { token_policies })),
    },
    {
      path: 'token/',
      type: 'token',
      roles: [
        {
          name: 'ci-runner',
          data: {
            name: 'ci-runner',
            allowed_policies: ['release-signing'],
            allowed_policies_glob: [],
            disallowed_policies: [],
            orphan: true,
            renewable: true,
            token_no_default_policy: false,
            token_explicit_max_ttl: 0,
            token_period: 0,
          },
        },
      ],
    },
  ];
}

export function logisticsAuth(): AuthMount[] {
  const role = (name: string): AuthMount['roles'][number] => ({
    name,
    data: { ...roleDefaults, bind_secret_id: true, token_policies: [name] },
  });
  return [
    { path: 'approle/', type: 'approle', roles: [role('fleet-gateway'), role('scanner-fleet')] },
    { path: 'token/', type: 'ns_token', roles: [] },
  ];
}

export function rootIdentity(seed: string): { entities: Entity[]; groups: Group[] } {
  const random = (word: string): Random => randomFor(seed, 'vault-identity', word);
  const entity = (name: string, mount: string, policies: string[] = []): Entity => ({
    id: random(name).uuid(),
    name,
    policies,
    metadata: {},
    aliases: [{ id: random(`alias ${name}`).uuid(), name, mount }],
  });
  const people = Object.keys(PEOPLE).map((name) => entity(name, 'userpass/'));
  const services = SERVICES.map((name) => entity(name, 'approle/'));
  const idOf = (name: string): string => people.find((one) => one.name === name)!.id;
  const group = (name: string, type: Group['type'], policies: string[], members: string[]): Group => ({
    id: random(`group ${name}`).uuid(),
    name,
    type,
    policies,
    memberEntities: members.map(idOf),
    memberGroups: [],
  });
  const developers = group('developers', 'internal', ['developers'], ['priya.nair']);
  const engineering = {
    ...group('engineering', 'internal', ['own-space'], ['tom.becker']),
    memberGroups: [developers.id],
  };
  const external = group('sso-platform', 'external', ['platform-admin'], []);
  return { entities: [...people, ...services], groups: [developers, engineering, external] };
}
