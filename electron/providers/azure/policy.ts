import { askedOperations } from './operations/index.ts';
import type { AzureOperation } from './operation.ts';

/** A custom role as `az role definition create --role-definition` takes it. */
export interface AzureRole {
  Name: string;
  IsCustom: true;
  Description: string;
  Actions: string[];
  NotActions: string[];
  DataActions: string[];
  NotDataActions: string[];
  AssignableScopes: string[];
}

export interface AzurePolicy {
  /** For subscriptions or a management group: vaults under Azure RBAC need nothing else. */
  role: AzureRole;
  /** Key permissions for vaults under access policies. */
  accessPolicy: string[];
  /** Data actions of a local role for managed HSMs. */
  managedHsm: string[];
  /** Application permissions of Microsoft Graph: names of principals and members of groups. */
  graph: string[];
}

export interface AzurePolicyOptions {
  /** Scopes the role can be given at; a placeholder to fill in without. */
  scopes?: readonly string[];
  /** Leave records of key use in workspaces and storage accounts out. */
  readLogs?: boolean;
  /** Leave names of principals and members of groups out. */
  readDirectory?: boolean;
}

const READS_LOGS = new Set(['azure.loganalytics.Query', 'azure.blob.ListBlobs', 'azure.blob.GetBlob']);

/** The least privilege for a collection, made from the declared operations. It reads; no key can be used with it. */
export function azurePolicy(options: AzurePolicyOptions = {}): AzurePolicy {
  const operations = askedOperations.filter(
    (op) =>
      (options.readLogs !== false || !READS_LOGS.has(op.id)) &&
      (options.readDirectory !== false || op.plane !== 'graph'),
  );
  const of = (dataPlane: boolean): string[] =>
    sorted(
      operations
        .filter((op) => op.plane !== 'graph' && op.dataPlane === dataPlane)
        .flatMap((op) => op.permissions),
    );
  const each = (what: (op: AzureOperation) => string | null): string[] =>
    sorted(operations.flatMap((op) => what(op) ?? []));
  return {
    role: {
      Name: 'Key evidence reader',
      IsCustom: true,
      Description: 'Reads settings of keys, roles and logs for an audit. Uses no key and changes nothing.',
      Actions: of(false),
      NotActions: [],
      DataActions: of(true),
      NotDataActions: [],
      AssignableScopes: [...(options.scopes ?? ['/subscriptions/SUBSCRIPTION-ID'])],
    },
    accessPolicy: each((op) => op.keyPermission),
    managedHsm: each((op) => op.hsmAction),
    graph: sorted(operations.filter(({ plane }) => plane === 'graph').flatMap((op) => op.permissions)),
  };
}

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
