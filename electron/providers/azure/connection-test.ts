import type { Answer } from '../../collect/asker.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { AzureSource } from '../../engagement/engagement.ts';
import type { ConnectionTest, TestedPermission } from '../provider.ts';
import { isVaultHost } from './clouds.ts';
import type { AzureSecrets } from './credentials.ts';
import type { AzureInput, AzureOperation } from './operation.ts';
import {
  authorization,
  graph,
  insights,
  keys,
  logStores,
  managedHsm,
  resources,
  vaults,
} from './operations/index.ts';
import type { ListedVault } from './operations/vaults.ts';
import { answerStatus } from './normalise/outcome.ts';
import { signIn, type SignedIn } from './sign-in.ts';

const LABEL = 'connection-test';
const AN_HOUR = 3_600_000;

/**
 * Tries every permission with the cheapest real call, in one subscription and on its first vault. The calls are
 * exchanges like any other, under the label `connection-test` and in no snapshot.
 *
 * @throws CollectError CREDENTIALS, WRONG_ACCOUNT
 */
export async function testAzure(
  run: SourceRun<AzureSource>,
  given: AzureSecrets | null,
): Promise<ConnectionTest> {
  const signedIn = await signIn(run, given);
  try {
    const tried = trier(signedIn);
    const listed = await tried.try(resources.listSubscriptions, {});
    const found = listed?.value?.find(
      ({ subscriptionId, state }) =>
        subscriptionId !== undefined && !/^(disabled|deleted)$/i.test(state ?? ''),
    );
    const subscription = (run.source.subscriptions?.[0] ?? found?.subscriptionId)?.toLowerCase();
    if (subscription === undefined) {
      for (const op of everything) tried.skip(op, 'no subscription can be seen to try it in');
    } else {
      await trySubscription(tried, signedIn, run, subscription);
    }
    return {
      account: signedIn.tenant,
      arn: signedIn.name,
      region: subscription ?? 'no subscription',
      permissions: tried.results,
    };
  } finally {
    signedIn.close();
  }
}

const everything = [
  ...Object.values(vaults),
  ...Object.values(keys),
  ...Object.values(authorization),
  ...Object.values(graph),
  ...Object.values(insights),
  ...Object.values(logStores),
] as unknown as AzureOperation[];

type Trier = ReturnType<typeof trier>;

function trier({ ask }: SignedIn) {
  const results: TestedPermission[] = [];
  return {
    results,
    async try<O>(op: AzureOperation<O>, input: AzureInput): Promise<O | null> {
      const answer = await ask(op, input, LABEL);
      results.push(tested(op, answer));
      return answer.ok ? answer.output : null;
    },
    skip(op: Pick<AzureOperation, 'id' | 'permissions' | 'hsmAction'>, why: string): void {
      const permissions = named(op);
      results.push({ op: op.id, permissions, status: 'unknown', code: null, message: why });
    },
  };
}

/** Permissions as the role names them; for local roles of managed HSMs their data action. */
const named = ({ permissions, hsmAction }: Pick<AzureOperation, 'permissions' | 'hsmAction'>) =>
  permissions.length > 0 || hsmAction === null ? permissions : [hsmAction];

function tested(
  op: Pick<AzureOperation, 'id' | 'action' | 'permissions' | 'hsmAction'>,
  answer: Answer<unknown>,
): TestedPermission {
  const base = { op: op.id, permissions: named(op) };
  if (answer.ok || answer.notApplicable !== null) return { ...base, status: 'ok', code: null, message: null };
  // A firewall says nothing about the permission behind it.
  const network = /^ForbiddenBy(Firewall|Connection)$/.test(answer.code);
  const denied = !network && answerStatus(op.action, 'error', answer.code, null) === 'denied';
  return { ...base, status: denied ? 'denied' : 'unknown', code: answer.code, message: answer.message };
}

async function trySubscription(
  tried: Trier,
  signedIn: SignedIn,
  run: SourceRun<AzureSource>,
  subscription: string,
): Promise<void> {
  const input = { subscription };
  const live = await tried.try(vaults.listVaults, input);
  await tried.try(vaults.listDeletedVaults, input);
  const hsms = await tried.try(vaults.listManagedHsms, input);
  await tried.try(vaults.listDeletedManagedHsms, input);
  for (const op of Object.values(authorization)) await tried.try(op, input);
  await tryDirectory(tried, signedIn, run);
  const to = run.startedAt.toISOString();
  const from = new Date(run.startedAt.getTime() - AN_HOUR).toISOString();
  const filter = `eventTimestamp ge '${from}' and eventTimestamp le '${to}' and resourceProvider eq 'Microsoft.KeyVault'`;
  await tried.try(insights.listActivityLog, { ...input, filter });
  await tried.try(insights.listActivityLogAlerts, input);
  await tried.try(insights.listScheduledQueryRules, input);
  const stores = await tryVaults(tried, signedIn, [...(live?.value ?? [])]);
  await tryHsm(tried, signedIn, hsms?.value?.[0]);
  await tryStores(tried, signedIn, run.source.readLogs, stores);
}

/** One permission covers both questions: the identity is asked for itself. */
async function tryDirectory(
  tried: Trier,
  { userId }: SignedIn,
  { source }: SourceRun<AzureSource>,
): Promise<void> {
  const declined = source.readDirectory === false ? 'the directory is not read' : null;
  if (declined !== null || userId === '') {
    tried.skip(graph.getDirectoryObjects, declined ?? 'the token does not say who the identity is');
  } else await tried.try(graph.getDirectoryObjects, { ids: [userId] });
  tried.skip(graph.listGroupMembers, declined ?? 'the permission to read the directory covers members, too');
}

/** Destinations of diagnostic settings met on the way. */
interface Stores {
  workspace: string | null;
  storage: string | null;
}

async function tryVaults(tried: Trier, signedIn: SignedIn, found: readonly ListedVault[]): Promise<Stores> {
  const stores: Stores = { workspace: null, storage: null };
  const [vault] = found;
  if (!vault?.id) {
    const none = 'there is no vault in the subscription to try it on';
    for (const op of [
      vaults.listVaultKeys,
      vaults.getVaultKey,
      vaults.listVaultKeyVersions,
      insights.listDiagnosticSettings,
      ...Object.values(keys),
    ])
      tried.skip(op, none);
    return stores;
  }
  const resource = vault.id;
  const listed = await tried.try(vaults.listVaultKeys, { resource });
  const key = listed?.value?.[0]?.name?.split('/').at(-1);
  if (key === undefined) {
    for (const op of [vaults.getVaultKey, vaults.listVaultKeyVersions])
      tried.skip(op, 'there is no key to try it on');
  } else {
    await tried.try(vaults.getVaultKey, { resource, key });
    await tried.try(vaults.listVaultKeyVersions, { resource, key });
  }
  for (const { id } of found.slice(0, 5)) {
    const settings = id === resource ? await tried.try(insights.listDiagnosticSettings, { resource }) : null;
    const more = settings ?? (await signedIn.ask(insights.listDiagnosticSettings, { resource: id! }, LABEL));
    const value = 'value' in more ? more.value : 'output' in more ? more.output.value : undefined;
    for (const { properties } of value ?? []) {
      stores.workspace ??= properties?.workspaceId ?? null;
      stores.storage ??= properties?.storageAccountId ?? null;
    }
  }
  await tryDataPlane(tried, signedIn, vault, key);
  return stores;
}

async function tryDataPlane(
  tried: Trier,
  { cloud }: SignedIn,
  { id, properties }: ListedVault,
  key: string | undefined,
): Promise<void> {
  const uri = (properties?.vaultUri ?? properties?.hsmUri)?.replace(/\/+$/, '');
  if (uri === undefined || !URL.canParse(uri) || !isVaultHost(cloud, new URL(uri).host)) {
    for (const op of Object.values(keys)) tried.skip(op, 'the vault’s address is not known');
    return;
  }
  const input = { resource: id!, uri };
  await tried.try(keys.getKeys, input);
  await tried.try(keys.getDeletedKeys, input);
  for (const op of [keys.getKey, keys.getKeyVersions, keys.getKeyRotationPolicy] as AzureOperation[]) {
    if (key === undefined) tried.skip(op, 'there is no key to try it on');
    else await tried.try(op, { ...input, key });
  }
}

async function tryHsm(tried: Trier, { cloud }: SignedIn, hsm: ListedVault | undefined): Promise<void> {
  const uri = hsm?.properties?.hsmUri?.replace(/\/+$/, '');
  const known = uri !== undefined && URL.canParse(uri) && isVaultHost(cloud, new URL(uri).host);
  for (const op of Object.values(managedHsm)) {
    if (known) await tried.try(op, { resource: hsm!.id!, uri });
    else tried.skip(op, 'there is no managed HSM in the subscription to try it on');
  }
}

async function tryStores(
  tried: Trier,
  { cloud }: SignedIn,
  readLogs: boolean,
  stores: Stores,
): Promise<void> {
  const { workspace, storage } = stores;
  const inWorkspace = [
    logStores.getWorkspace,
    logStores.getWorkspaceTable,
    logStores.query,
  ] as AzureOperation[];
  if (workspace === null) {
    for (const op of inWorkspace) tried.skip(op, 'no diagnostic setting names a workspace to try it on');
  } else {
    const read = await tried.try(logStores.getWorkspace, { resource: workspace });
    await tried.try(logStores.getWorkspaceTable, { resource: workspace, table: 'AZKVAuditLogs' });
    const customer = read?.properties?.customerId;
    if (customer === undefined || !readLogs) {
      tried.skip(
        logStores.query,
        readLogs ? 'the workspace’s customer id is not known' : 'logs are not read',
      );
    } else {
      const query = 'AZKVAuditLogs | take 0';
      await tried.try(logStores.query, { resource: workspace, workspace: customer, query });
    }
  }
  const inStorage = [
    logStores.getStorageAccount,
    logStores.getManagementPolicy,
    logStores.listBlobs,
  ] as AzureOperation[];
  if (storage === null) {
    for (const op of inStorage) tried.skip(op, 'no diagnostic setting names a storage account to try it on');
  } else {
    const read = await tried.try(logStores.getStorageAccount, { resource: storage });
    await tried.try(logStores.getManagementPolicy, { resource: storage });
    const blob = read?.properties?.primaryEndpoints?.blob?.replace(/\/+$/, '');
    if (
      blob === undefined ||
      !URL.canParse(blob) ||
      !new URL(blob).host.endsWith(cloud.blobSuffix) ||
      !readLogs
    ) {
      tried.skip(
        logStores.listBlobs,
        readLogs ? 'the account’s blob address is not known' : 'logs are not read',
      );
    } else {
      await tried.try(logStores.listBlobs, { resource: storage, uri: blob, prefix: 'resourceId=/none' });
    }
  }
  tried.skip(logStores.getBlob, 'tried by the collection: reading one file proves nothing about another');
}
