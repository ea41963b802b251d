import type { SettingChange } from '../derivation.ts';
import type { LogChange } from '../log-facts.ts';

/** Operations on a key that set one setting of it, with the value they set. */
const KEY_OPERATIONS: Record<string, { setting: string; value: string | null }[]> = {
  KeyCreate: [
    { setting: 'state', value: 'Enabled' },
    { setting: 'material', value: 'CREATED' },
  ],
  KeyImport: [{ setting: 'material', value: 'IMPORTED' }],
  KeyRestore: [{ setting: 'state', value: null }],
  KeyRecover: [{ setting: 'state', value: 'Enabled' }],
  KeyDelete: [{ setting: 'state', value: 'PendingDeletion' }],
  KeyPurge: [{ setting: 'state', value: 'Deleted' }],
  KeyRotate: [{ setting: 'material', value: 'NEW_VERSION' }],
  KeyRotateIfDue: [{ setting: 'material', value: 'NEW_VERSION' }],
  // What it was set to is not in the record.
  KeyRotationPolicySet: [{ setting: 'rotation', value: null }],
  KeyUpdate: [{ setting: 'attributes', value: null }],
};

/** The settings that a logged change set. A refused request changed none. */
export function azureSettingChanges({ event, error, subject, account }: LogChange): SettingChange[] {
  if (error !== null || subject === null) return [];
  const ofKey = KEY_OPERATIONS[event];
  if (ofKey) return ofKey.map((change) => ({ subject, ...change }));
  const operation = event.toLowerCase();
  const vault =
    /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.keyvault\/(?:vaults|managedhsms)\/[^/]+)/.exec(
      subject,
    )?.[1];
  const gone = operation.endsWith('/delete');
  if (operation.startsWith('microsoft.authorization/')) {
    return [
      { subject: account, setting: 'iam', value: null },
      ...(vault ? [{ subject: vault, setting: 'roles', value: null }] : []),
    ];
  }
  if (operation.startsWith('microsoft.insights/diagnosticsettings/')) {
    return vault ? [{ subject: vault, setting: 'diagnostics', value: gone ? 'deleted' : 'written' }] : [];
  }
  if (operation.startsWith('microsoft.insights/')) {
    return [{ subject: `${account}/global`, setting: 'alerts', value: null }];
  }
  if (!vault) return [];
  if (/\/accesspolicies\//.test(operation)) return [{ subject: vault, setting: 'policy', value: null }];
  return [{ subject: vault, setting: 'vault', value: gone ? 'deleted' : null }];
}

/** Whether a change is in Azure's words. */
export const isAzureChange = ({ eventSource }: LogChange): boolean => /^microsoft\./i.test(eventSource);
