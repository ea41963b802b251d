import { vaultOperation } from '../operation.ts';

/** Transit: keys that Vault holds and uses for others. Never export, backup, encrypt, decrypt, sign. */
export const transit = {
  listKeys: vaultOperation({
    service: 'transit',
    method: 'LIST',
    action: 'ListKeys',
    policyPath: '{mount}/keys',
    purpose: 'Which transit keys exist: the population, listed at the start and again at the end.',
    docs: 'secret/transit#list-keys',
  }),
  readKey: vaultOperation({
    service: 'transit',
    method: 'GET',
    action: 'ReadKey',
    policyPath: '{mount}/keys/+',
    purpose:
      'Type, rotation period, the date of every version, and whether the key may be exported, backed up or deleted.',
    docs: 'secret/transit#read-key',
  }),
  readKeysConfig: vaultOperation({
    service: 'transit',
    method: 'GET',
    action: 'ReadKeysConfig',
    policyPath: '{mount}/config/keys',
    purpose: 'Whether using a name that does not exist makes a key.',
    docs: 'secret/transit#read-keys-configuration',
  }),
  readCacheConfig: vaultOperation({
    service: 'transit',
    method: 'GET',
    action: 'ReadCacheConfig',
    policyPath: '{mount}/cache-config',
    purpose: 'How many keys the engine holds in memory.',
    docs: 'secret/transit#read-transit-cache-configuration',
  }),
};

/** KV version 2: configuration and metadata. Never `data/`. */
export const kv = {
  readConfig: vaultOperation({
    service: 'kv',
    method: 'GET',
    action: 'ReadConfig',
    policyPath: '{mount}/config',
    purpose: 'How many versions of a secret are kept, and for how long.',
    docs: 'secret/kv/kv-v2#read-kv-engine-configuration',
  }),
  listMetadata: vaultOperation({
    service: 'kv',
    method: 'LIST',
    action: 'ListMetadata',
    policyPath: '{mount}/metadata/*',
    purpose: 'Names of secrets.',
    docs: 'secret/kv/kv-v2#list-secrets',
  }),
  readMetadata: vaultOperation({
    service: 'kv',
    method: 'GET',
    action: 'ReadMetadata',
    policyPath: '{mount}/metadata/*',
    purpose: 'When each version of a secret was written: evidence of its rotation.',
    notApplicable: [{ code: 'NotFound', meaning: 'the secret no longer exists' }],
    docs: 'secret/kv/kv-v2#read-secret-metadata',
  }),
};
