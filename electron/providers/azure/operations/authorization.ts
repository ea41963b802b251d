import { json, restOperation, type AzureInput, type Page } from '../operation.ts';
import type { AzureCloud } from '../clouds.ts';
import { armReads } from './quotas.ts';

const common = {
  service: 'authorization',
  plane: 'arm',
  scopeKind: 'global',
  quota: armReads,
  answer: json('value'),
} as const;
const docs = (page: string) => `https://learn.microsoft.com/rest/api/authorization/${page}`;

const list =
  (type: string, version: string) =>
  (cloud: AzureCloud, { subscription, page }: AzureInput) => ({
    url:
      page ??
      `${cloud.arm}/subscriptions/${subscription}/providers/Microsoft.Authorization/${type}?api-version=${version}`,
  });

/** Who holds rights through Azure RBAC: everything at, above and below a subscription. */
export const authorization = {
  listRoleAssignments: restOperation<Page>({
    ...common,
    action: 'ListRoleAssignments',
    permissions: ['Microsoft.Authorization/roleAssignments/read'],
    purpose: 'Role assignments at, above and below the subscription, down to single keys.',
    rest: list('roleAssignments', '2022-04-01'),
    docs: docs('role-assignments/list-for-subscription'),
  }),
  listRoleDefinitions: restOperation<Page>({
    ...common,
    action: 'ListRoleDefinitions',
    permissions: ['Microsoft.Authorization/roleDefinitions/read'],
    purpose: 'What each role allows on the control plane and on keys.',
    rest: list('roleDefinitions', '2022-04-01'),
    docs: docs('role-definitions/list'),
  }),
  listDenyAssignments: restOperation<Page>({
    ...common,
    action: 'ListDenyAssignments',
    permissions: ['Microsoft.Authorization/denyAssignments/read'],
    purpose: 'What is denied in spite of roles.',
    rest: list('denyAssignments', '2022-04-01'),
    docs: docs('deny-assignments/list'),
  }),
  listRoleAssignmentScheduleInstances: restOperation<Page>({
    ...common,
    action: 'ListRoleAssignmentScheduleInstances',
    permissions: ['Microsoft.Authorization/roleAssignmentScheduleInstances/read'],
    purpose: 'Roles that are active through Privileged Identity Management, and until when.',
    rest: list('roleAssignmentScheduleInstances', '2020-10-01'),
    docs: docs('role-assignment-schedule-instances/list-for-scope'),
  }),
  listRoleEligibilityScheduleInstances: restOperation<Page>({
    ...common,
    action: 'ListRoleEligibilityScheduleInstances',
    permissions: ['Microsoft.Authorization/roleEligibilityScheduleInstances/read'],
    purpose: 'Roles that somebody can activate through Privileged Identity Management.',
    rest: list('roleEligibilityScheduleInstances', '2020-10-01'),
    docs: docs('role-eligibility-schedule-instances/list-for-scope'),
  }),
  listLocks: restOperation<Page>({
    ...common,
    action: 'ListLocks',
    permissions: ['Microsoft.Authorization/locks/read'],
    purpose: 'Locks that keep vaults from being deleted or changed.',
    rest: list('locks', '2020-05-01'),
    docs: 'https://learn.microsoft.com/rest/api/resources/management-locks/list-at-subscription-level',
  }),
};
