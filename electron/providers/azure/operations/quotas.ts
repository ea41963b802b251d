import type { Quota } from '../../../collect/operation.ts';

/** Reads through Azure Resource Manager: one bucket for a subscription and principal. */
export const armReads: Quota = {
  perSecond: 25,
  source:
    'Azure Resource Manager throttling (a bucket of 250 reads, refilled 25 a second, for each subscription and principal)',
  group: 'azure.arm',
  per: 'account',
};

/** Reads of a vault or managed HSM. */
export const vaultReads: Quota = {
  perSecond: 400,
  source: 'Azure Key Vault service limits (4,000 transactions in 10 seconds for each vault and region)',
  group: 'azure.vault',
};

/** Queries of Log Analytics. */
export const logQueries: Quota = {
  perSecond: 6,
  source: 'Azure Monitor query limits (200 requests in 30 seconds for each user)',
  group: 'azure.logs',
  per: 'account',
};

/** Reads of a storage account. */
export const storageReads: Quota = {
  perSecond: 200,
  source: 'assumed: a hundredth of the request rate of a storage account (20,000 a second)',
  group: 'azure.storage',
};

/** Reads of Microsoft Graph. */
export const graphReads: Quota = {
  perSecond: 50,
  source:
    'assumed: well under the limits of Microsoft Graph for identity (3,500 resource units in 10 seconds for each application and small tenant)',
  group: 'azure.graph',
  per: 'account',
};

/** Sign-in. */
export const signIns: Quota = { perSecond: 20, source: 'assumed: Entra publishes no quota for it' };
