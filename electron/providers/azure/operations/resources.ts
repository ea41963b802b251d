import { json, restOperation, type Page } from '../operation.ts';
import { armReads } from './quotas.ts';

const common = { service: 'resources', plane: 'arm', scopeKind: 'global', quota: armReads } as const;
const VERSION = '2022-12-01';

export interface Tenant {
  tenantId?: string;
  displayName?: string;
}
export interface Subscription {
  subscriptionId?: string;
  displayName?: string;
  state?: string;
  tenantId?: string;
}

export const resources = {
  listTenants: restOperation<Page<Tenant>>({
    ...common,
    action: 'ListTenants',
    purpose: 'The tenant’s name and domains, as the collecting identity sees them.',
    answer: json('value'),
    rest: (cloud, { page }) => ({ url: page ?? `${cloud.arm}/tenants?api-version=${VERSION}` }),
    docs: 'https://learn.microsoft.com/rest/api/resources/tenants/list',
  }),
  listSubscriptions: restOperation<Page<Subscription>>({
    ...common,
    action: 'ListSubscriptions',
    permissions: ['Microsoft.Resources/subscriptions/read'],
    purpose: 'Which subscriptions the identity can read: each is collected or named as left out.',
    answer: json('value'),
    rest: (cloud, { page }) => ({ url: page ?? `${cloud.arm}/subscriptions?api-version=${VERSION}` }),
    docs: 'https://learn.microsoft.com/rest/api/resources/subscriptions/list',
  }),
};
