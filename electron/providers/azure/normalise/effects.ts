import type { AnswerStatus } from '../../../derive/answer.ts';
import { actionOf } from '../../../derive/answer.ts';
import { askedOperations } from '../operations/index.ts';
import { KEY_OPERATIONS } from './key-operations.ts';

/** What cannot be said when an operation has no answer, by its action. */
const EFFECTS: Record<string, string> = {
  ListTenants: 'the tenant’s name is not confirmed by Azure',
  ListSubscriptions: 'a subscription could be missing from the collection unnoticed',
  ListVaults: 'the vaults of this subscription are not all known; the inventory is incomplete there',
  ListDeletedVaults: 'vaults of this subscription that were deleted are not all known',
  ListManagedHsms:
    'the managed HSMs of this subscription are not all known; the inventory is incomplete there',
  ListDeletedManagedHsms: 'managed HSMs of this subscription that were deleted are not all known',
  ListVaultKeys: 'the keys of this vault are known from the vault’s own list at best',
  ListVaultKeyVersions: 'versions of this key are not known; tests of its age are undetermined',
  GetKeys: 'the vault itself gave no list of keys: keys are known from the control plane at best',
  GetDeletedKeys: 'keys of this vault that were deleted are not all known',
  ListLocalRoleDefinitions:
    'what local roles of this managed HSM allow is not known; tests of access are undetermined',
  ListLocalRoleAssignments:
    'who holds local roles of this managed HSM is not known; tests of access are undetermined',
  ListRoleAssignments:
    'who holds roles in this subscription is not all known; tests of access are undetermined',
  ListRoleDefinitions:
    'what roles allow in this subscription is not all known; tests of access are undetermined',
  ListDenyAssignments: 'what is denied in spite of roles is not known; rights may be fewer than shown',
  ListRoleAssignmentScheduleInstances: 'which roles are active for a time only is not known',
  ListRoleEligibilityScheduleInstances: 'who could activate a role is not known',
  ListLocks: 'locks against deletion are not known',
  ListDiagnosticSettings:
    'whether use of this vault’s keys is recorded is not known; tests of logging are undetermined',
  ListActivityLog: 'changes of vaults and roles in this subscription are not all known',
  ListActivityLogAlerts: 'alerts of this subscription are not all known; tests of alerts are undetermined',
  ListScheduledQueryRules: 'alerts of this subscription are not all known; tests of alerts are undetermined',
  GetDirectoryObjects:
    'who the principals are and who is in groups is not known: members of groups are unknown in the access matrix',
  ListGroupMembers: 'who is in this group is not known: its rights are shown with members unknown',
  GetWorkspace: 'how long this workspace keeps records is not known',
  GetWorkspaceTable: 'how long this table keeps records is not known',
  Query: 'records of key use in this workspace are not all known',
  GetStorageAccount: 'the storage account with exported records could not be looked at',
  GetManagementPolicy: 'after how many days exported records are deleted is not known',
  ListBlobs: 'exported records of key use are not all known',
  GetBlob: 'this hour of exported records could not be read; its events are missing',
  ...Object.fromEntries(KEY_OPERATIONS.map((o) => [o.action, o.effect])),
};

/** What is not known when this operation went unanswered. */
export function effectOf(op: string): string {
  const action = actionOf(op);
  return EFFECTS[action] ?? `the answer of ${action} is missing`;
}

/** What would close a gap, by the reason Azure gives; null for the ordinary advice. */
export function remedyOf(op: string, code: string | null): string | null {
  const asked = askedOperations.find((operation) => operation.id === op);
  switch (code) {
    case 'ForbiddenByFirewall':
      return 'The vault’s firewall refuses this network: allow the collector’s address in the vault’s network rules, or collect from an allowed network, then collect again.';
    case 'ForbiddenByConnection':
      return 'The vault answers through its private endpoint only: collect from a network that reaches it, then collect again.';
    case 'ForbiddenByPolicy':
    case 'AccessDenied':
      return `The vault is under access policies: give the collecting identity the key permission ${asked?.keyPermission ?? 'get, list and getrotationpolicy'} in its access policy, then collect again.`;
    case 'ForbiddenByRbac':
    case 'AuthorizationFailed':
    case 'AuthorizationPermissionMismatch':
    case 'InsufficientAccessError':
      return `Give the collecting identity ${permissionText(op)} (\`keywitness policy azure\` prints the role; a deny assignment may refuse it too), then collect again.`;
    case 'Authorization_RequestDenied':
      return `Give the collecting identity the application permission ${asked?.permissions.join(', ') ?? 'Directory.Read.All'} of Microsoft Graph, with an administrator’s consent (\`keywitness policy azure --part graph\` prints the command), then collect again.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The vault’s name is not known here: it answers through a private endpoint with a private DNS zone, or was purged. Collect from a network that resolves it.';
    case null:
    default:
      return /^Forbidden/.test(code ?? '') || code === 'Http403'
        ? `Give the collecting identity ${permissionText(op)}, then collect again.`
        : null;
  }
}

function permissionText(op: string): string {
  const asked = askedOperations.find((operation) => operation.id === op);
  if (!asked) return op;
  const plane = asked.dataPlane ? 'data action' : 'action';
  const hsm = asked.hsmAction === null ? '' : ` (in a managed HSM: a local role with ${asked.hsmAction})`;
  if (asked.permissions.length === 0) return `a local role with ${asked.hsmAction ?? op}`;
  return `${plane} ${asked.permissions.join(', ')}${hsm}`;
}

/** The advice for a gap of this reason and code. */
export const derivedRemedy = (op: string, _reason: AnswerStatus, code: string | null): string | null =>
  remedyOf(op, code);
