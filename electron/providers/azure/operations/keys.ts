import type { PagedAsyncIterableIterator } from '@azure/core-paging';
import { json, keyOperation, type AzureInput } from '../operation.ts';
import { vaultReads } from './quotas.ts';

const common = { service: 'keys', plane: 'vault', scopeKind: 'region', quota: vaultReads } as const;
const docs = (page: string) => `https://learn.microsoft.com/rest/api/keyvault/keys/${page}`;
const READ = 'Microsoft.KeyVault/vaults/keys/read';
const gone = [{ code: 'KeyNotFound', meaning: 'the key was deleted while the collection ran' }];

/** Key Vault gives at most 25 items a page. */
const PAGE = 25;

/** One page of a list, and the link to the next. */
export interface KeyPage {
  names: { name: string; version: string | undefined; managed: boolean }[];
  next: string | undefined;
}

interface Listed {
  name: string;
  version?: string | undefined;
  managed?: boolean | undefined;
  properties?: { managed?: boolean | undefined };
}

/** Takes one page and no more: each page is a call of its own. */
async function onePage<T extends Listed>(
  list: PagedAsyncIterableIterator<T, T[]>,
  { page }: AzureInput,
): Promise<KeyPage> {
  const settings = page === undefined ? { maxPageSize: PAGE } : { continuationToken: page };
  const first = await list.byPage(settings)[Symbol.asyncIterator]().next();
  const items = first.done ? [] : first.value;
  return {
    names: items.map((item) => ({
      name: item.name,
      version: item.version,
      managed: item.managed ?? item.properties?.managed ?? false,
    })),
    // The library maps pages and loses the link on the way: the collector reads it from the recorded bytes.
    next: undefined,
  };
}

/** The data plane of a vault or managed HSM: settings of keys, never a key operation. */
export const keys = {
  getKeys: keyOperation<KeyPage>({
    ...common,
    action: 'GetKeys',
    permissions: [READ],
    keyPermission: 'list',
    hsmAction: 'Microsoft.KeyVault/managedHsm/keys/read/action',
    purpose:
      'Which keys the vault holds, also those that back certificates. Listed at the start and at the end.',
    answer: json('value'),
    sdk: (client, input, abortSignal) => onePage(client.listPropertiesOfKeys({ abortSignal }), input),
    docs: docs('get-keys/get-keys'),
  }),
  getKey: keyOperation<object>({
    ...common,
    action: 'GetKey',
    permissions: [READ],
    keyPermission: 'get',
    hsmAction: 'Microsoft.KeyVault/managedHsm/keys/read/action',
    purpose:
      'Newest version of a key: type, permitted operations, state, expiry, protection, release policy.',
    answer: json('key'),
    notApplicable: gone,
    sdk: (client, { key = '' }, abortSignal) => client.getKey(key, { abortSignal }),
    docs: docs('get-key/get-key'),
  }),
  getKeyVersions: keyOperation<KeyPage>({
    ...common,
    action: 'GetKeyVersions',
    permissions: [READ],
    keyPermission: 'list',
    hsmAction: 'Microsoft.KeyVault/managedHsm/keys/read/action',
    purpose: 'Every version of a key with its dates: what rotation really took place.',
    answer: json('value'),
    notApplicable: gone,
    sdk: (client, input, abortSignal) =>
      onePage(client.listPropertiesOfKeyVersions(input.key ?? '', { abortSignal }), input),
    docs: docs('get-key-versions/get-key-versions'),
  }),
  getKeyRotationPolicy: keyOperation<object>({
    ...common,
    action: 'GetKeyRotationPolicy',
    permissions: ['Microsoft.KeyVault/vaults/keyrotationpolicies/read'],
    keyPermission: 'getrotationpolicy',
    hsmAction: 'Microsoft.KeyVault/managedHsm/keys/read/action',
    purpose: 'Rotation policy of a key, where the control plane shows none.',
    answer: json('lifetimeActions'),
    notApplicable: gone,
    sdk: (client, { key = '' }, abortSignal) => client.getKeyRotationPolicy(key, { abortSignal }),
    docs: docs('get-key-rotation-policy/get-key-rotation-policy'),
  }),
  getDeletedKeys: keyOperation<KeyPage>({
    ...common,
    action: 'GetDeletedKeys',
    permissions: [READ],
    keyPermission: 'list',
    hsmAction: 'Microsoft.KeyVault/managedHsm/keys/deletedKeys/read/action',
    purpose: 'Keys that were deleted and can still be recovered, with dates of deletion and purge.',
    answer: json('value'),
    sdk: (client, input, abortSignal) => onePage(client.listDeletedKeys({ abortSignal }), input),
    docs: docs('get-deleted-keys/get-deleted-keys'),
  }),
};
