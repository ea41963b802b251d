import { json, restOperation } from '../operation.ts';
import { armReads, logQueries, storageReads } from './quotas.ts';

export interface Workspace {
  id?: string;
  location?: string;
  properties?: { customerId?: string; retentionInDays?: number };
}
/** Answer of a query. `error` beside tables: part of the rows is missing. */
export interface QueryResult {
  tables?: { name?: string; columns?: { name?: string; type?: string }[]; rows?: unknown[][] }[];
  error?: { code?: string; message?: string };
}
export interface StorageAccount {
  id?: string;
  properties?: { primaryEndpoints?: { blob?: string } };
}

const inWorkspace = {
  service: 'operationalinsights',
  plane: 'arm',
  scopeKind: 'global',
  quota: armReads,
} as const;
const inStorage = { service: 'storage', plane: 'arm', scopeKind: 'global', quota: armReads } as const;
const BLOB_HEADERS = { 'x-ms-version': '2024-11-04' };

/** Where records of key use are kept, and the records. */
export const logStores = {
  getWorkspace: restOperation<Workspace>({
    ...inWorkspace,
    action: 'GetWorkspace',
    permissions: ['Microsoft.OperationalInsights/workspaces/read'],
    purpose: 'How long a log workspace keeps records.',
    answer: json('properties'),
    rest: (cloud, { resource }) => ({ url: `${cloud.arm}${resource}?api-version=2023-09-01` }),
    docs: 'https://learn.microsoft.com/rest/api/loganalytics/workspaces/get',
  }),
  getWorkspaceTable: restOperation<object>({
    ...inWorkspace,
    action: 'GetWorkspaceTable',
    permissions: ['Microsoft.OperationalInsights/workspaces/tables/read'],
    purpose: 'How long the table with records of key use is kept, also in the archive.',
    answer: json('properties'),
    notApplicable: [{ code: 'ResourceNotFound', meaning: 'the workspace has no such table' }],
    rest: (cloud, { resource, table }) => ({
      url: `${cloud.arm}${resource}/tables/${table}?api-version=2023-09-01`,
    }),
    docs: 'https://learn.microsoft.com/rest/api/loganalytics/tables/get',
  }),
  query: restOperation<QueryResult>({
    service: 'loganalytics',
    plane: 'logs',
    scopeKind: 'global',
    quota: logQueries,
    action: 'Query',
    permissions: [
      'Microsoft.OperationalInsights/workspaces/query/read',
      'Microsoft.OperationalInsights/workspaces/query/AZKVAuditLogs/read',
      'Microsoft.OperationalInsights/workspaces/query/AzureDiagnostics/read',
    ],
    purpose: 'Records of key use in the period, counted first and then read in slices of time.',
    answer: json('tables'),
    rest: (cloud, { workspace, query }) => ({
      url: `${cloud.logs}/v1/workspaces/${workspace}/query`,
      method: 'POST',
      body: { query },
    }),
    docs: 'https://learn.microsoft.com/rest/api/loganalytics/query/execute',
  }),
  getStorageAccount: restOperation<StorageAccount>({
    ...inStorage,
    action: 'GetStorageAccount',
    permissions: ['Microsoft.Storage/storageAccounts/read'],
    purpose: 'Where the storage account that records are exported to answers, and how it is protected.',
    answer: json('properties'),
    rest: (cloud, { resource }) => ({ url: `${cloud.arm}${resource}?api-version=2023-05-01` }),
    docs: 'https://learn.microsoft.com/rest/api/storagerp/storage-accounts/get-properties',
  }),
  getManagementPolicy: restOperation<object>({
    ...inStorage,
    action: 'GetManagementPolicy',
    permissions: ['Microsoft.Storage/storageAccounts/managementPolicies/read'],
    purpose: 'After how many days exported records are deleted.',
    answer: json('properties'),
    notApplicable: [
      { code: 'ManagementPolicyNotFound', meaning: 'no rule deletes records' },
      { code: 'ResourceNotFound', meaning: 'no rule deletes records' },
    ],
    rest: (cloud, { resource }) => ({
      url: `${cloud.arm}${resource}/managementPolicies/default?api-version=2023-05-01`,
    }),
    docs: 'https://learn.microsoft.com/rest/api/storagerp/management-policies/get',
  }),
  listBlobs: restOperation<string>({
    service: 'blob',
    plane: 'storage',
    scopeKind: 'global',
    quota: storageReads,
    action: 'ListBlobs',
    permissions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
    dataPlane: true,
    purpose: 'Which hours of records the container of exported key use holds for each vault.',
    answer: { format: 'xml', root: 'EnumerationResults' },
    notApplicable: [
      {
        code: 'ContainerNotFound',
        meaning: 'no record of key use was ever exported to this storage account',
      },
    ],
    resource: 'log-bucket',
    rest: (_cloud, { uri, prefix, page }) => ({
      url: `${uri}/insights-logs-auditevent?restype=container&comp=list&maxresults=5000&prefix=${encodeURIComponent(prefix ?? '')}${page === undefined ? '' : `&marker=${encodeURIComponent(page)}`}`,
      headers: BLOB_HEADERS,
    }),
    docs: 'https://learn.microsoft.com/rest/api/storageservices/list-blobs',
  }),
  getBlob: restOperation<null>({
    service: 'blob',
    plane: 'storage',
    scopeKind: 'global',
    quota: storageReads,
    action: 'GetBlob',
    permissions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
    dataPlane: true,
    bodyClass: 'lines',
    keepHeaders: ['etag', 'last-modified'],
    purpose: 'Records of key use of one vault and hour, as exported.',
    answer: { format: 'bytes' },
    resource: 'log-objects',
    rest: (_cloud, { uri, blob }) => ({
      url: `${uri}/insights-logs-auditevent/${(blob ?? '').split('/').map(encodeURIComponent).join('/')}`,
      headers: BLOB_HEADERS,
    }),
    docs: 'https://learn.microsoft.com/rest/api/storageservices/get-blob',
  }),
};
