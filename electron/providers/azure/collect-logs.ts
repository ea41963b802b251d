import { all, forEach } from '../../collect/for-each.ts';
import type { AzureRun } from './azure-run.ts';
import { collectBlobs } from './collect-blobs.ts';
import type { Vault } from './collect-vaults.ts';
import { logStores } from './operations/index.ts';
import { scopeOf } from './scope.ts';
import { readTable } from './read-table.ts';

/** The two tables that a vault's records can be in. */
export const LOG_TABLES = ['AZKVAuditLogs', 'AzureDiagnostics'] as const;

const VAULTS_AT_ONCE = 4;

/** Where records of key use are sent, how long they are kept there, and the records. */
export async function collectLogs(azure: AzureRun, vaults: readonly Vault[]): Promise<void> {
  const workspaces = new Map<string, { id: string; senders: Vault[] }>();
  const accounts = new Map<string, { id: string; senders: Vault[] }>();
  for (const vault of vaults) {
    for (const { properties } of vault.settings.items) {
      add(workspaces, properties?.workspaceId, vault);
      add(accounts, properties?.storageAccountId, vault);
    }
  }
  await all([
    ...[...workspaces.values()].map(({ id, senders }) => collectWorkspace(azure, id, senders)),
    ...[...accounts.values()].map(({ id, senders }) => collectAccount(azure, id, senders)),
  ]);

  function add(
    into: Map<string, { id: string; senders: Vault[] }>,
    id: string | null | undefined,
    vault: Vault,
  ): void {
    if (!id) return;
    const known = into.get(id.toLowerCase()) ?? { id, senders: [] };
    if (!known.senders.includes(vault)) known.senders.push(vault);
    into.set(id.toLowerCase(), known);
  }
}

async function collectWorkspace(azure: AzureRun, resource: string, senders: readonly Vault[]): Promise<void> {
  const [workspace, ...tables] = await Promise.all([
    azure.ask(logStores.getWorkspace, { resource }),
    ...LOG_TABLES.map((table) => azure.ask(logStores.getWorkspaceTable, { resource, table })),
  ]);
  const customer = workspace.ok ? workspace.output.properties?.customerId : undefined;
  if (!azure.run.source.readLogs || customer === undefined) {
    const why = azure.run.source.readLogs
      ? 'its customer id is not known'
      : 'the source is set not to read logs';
    for (const vault of senders) await noteUnread(azure, vault, logStores.query.id, resource, why);
    return;
  }
  // A table the workspace does not have holds nothing; one that could not be looked at is asked all the same.
  const present = LOG_TABLES.filter((_, i) => tables[i]!.ok || !tables[i]!.notApplicable);
  await forEach(senders, VAULTS_AT_ONCE, async (vault) => {
    for (const table of present)
      await readTable(azure, { workspace: customer, resource, table, vault: vault.id });
  });
}

async function collectAccount(azure: AzureRun, resource: string, senders: readonly Vault[]): Promise<void> {
  const [account] = await Promise.all([
    azure.ask(logStores.getStorageAccount, { resource }),
    azure.ask(logStores.getManagementPolicy, { resource }),
  ]);
  const uri = account.ok ? account.output.properties?.primaryEndpoints?.blob?.replace(/\/+$/, '') : undefined;
  const why = !azure.run.source.readLogs
    ? 'the source is set not to read logs'
    : !azure.run.recorder.ingestLines
      ? 'this run has no log ingest'
      : uri === undefined || !URL.canParse(uri) || !new URL(uri).host.endsWith(azure.cloud.blobSuffix)
        ? 'its blob address is not known, or is none of this cloud'
        : null;
  for (const vault of senders) {
    if (why !== null) await noteUnread(azure, vault, logStores.getBlob.id, resource, why);
    else await collectBlobs(azure, { resource, uri: uri!, vault: vault.id });
  }
}

/** A store that was not read, said at the vault whose records it holds. */
function noteUnread(azure: AzureRun, vault: Vault, op: string, store: string, why: string): Promise<void> {
  return azure.run.asking.note({
    scope: scopeOf(azure.tenant, { resource: vault.id }),
    op,
    what: 'log-files-not-read',
    from: null,
    to: null,
    reason: `records in ${store.split('/').at(-1)} were not read: ${why}`,
  });
}
