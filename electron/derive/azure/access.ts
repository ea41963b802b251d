import { evaluateAzureAccess } from '../../access/azure/access-paths.ts';
import type { AzureAccessInput, AzureSubscription, AzureVault } from '../../access/azure/model.ts';
import { iterateKeys } from '../../../db/derived/keys.ts';
import type { WritableDb } from '../../../db/handle.ts';
import { asObject, objects, text, type JsonObject } from '../../providers/aws/normalise/wire.ts';
import type {
  Directory,
  DirectoryList,
  LocalRights,
  SubscriptionRights,
} from '../../providers/azure/normalise/directory.ts';
import type { EntraDirectory } from '../../providers/azure/normalise/entra.ts';
import type { NormalisedAzure } from '../../providers/azure/normalise/normalise.ts';
import type { VaultFacts } from '../../providers/azure/normalise/vault-index.ts';
import type { EvaluatedAccess } from '../derivation.ts';
import { azureAccessFacts } from './access-facts.ts';

/** Who may reach the keys of a snapshot's vaults; null when it has none. */
export function azureAccess(
  db: WritableDb,
  snapshot: string,
  { directory, entra, vaults, vaultOfKey, shapes, at }: NormalisedAzure,
): EvaluatedAccess | null {
  const rows = [...iterateKeys(db, snapshot)].filter(
    (key) =>
      key.provider === 'azure' &&
      key.belongs === 'inventory' &&
      key.basis !== 'logged' &&
      vaultOfKey.has(key.id),
  );
  if (rows.length === 0) return null;
  const input: AzureAccessInput = {
    subscriptions: [...directory.subscriptions].map(([id, rights]) => subscription(id, rights)),
    vaults: [...vaults.values()].map((vault) => vaultOf(vault, directory)),
    keys: rows.map((row) => {
      const shape = shapes.get(row.id);
      return {
        id: row.id,
        vaultId: vaultOfKey.get(row.id)!.id,
        name: row.native_id,
        ...(shape?.kty ? { kty: shape.kty } : {}),
        ...(shape && shape.ops.length > 0 ? { keyOps: shape.ops } : {}),
      };
    }),
    ...(entra === null ? {} : { directory: entra }),
    ...(at === null ? {} : { at }),
  };
  const cites = new Map(
    rows.map((row) => {
      const vault = vaultOfKey.get(row.id)!;
      const rights = directory.subscriptions.get(vault.subscription);
      const local = directory.local.get(vault.id);
      const seqs = [
        vault.answer.seq,
        ...(row.seq === null ? [] : [row.seq]),
        ...listsIn(rights).flatMap(({ seqs }) => seqs),
        ...listsIn(local).flatMap(({ seqs }) => seqs),
        ...(entra === null ? [] : [...entra.seqs, ...memberSeqs(entra, vault, rights, local)]),
      ];
      return [row.id, [...new Set(seqs)].sort((a, b) => a - b)] as const;
    }),
  );
  return {
    cites,
    chunks: () => evaluateAzureAccess(input).chunks(),
    facts: () => azureAccessFacts(input),
  };
}

/** Entries with the members of groups that hold rights over a vault, nested groups too. */
function memberSeqs(
  { members, memberSeqs: seqs }: EntraDirectory,
  vault: VaultFacts,
  rights: SubscriptionRights | undefined,
  local: LocalRights | undefined,
): number[] {
  const { accessPolicies } = asObject(asObject(vault.item).properties);
  const named = [
    ...[...listsIn(rights), ...listsIn(local)].flatMap(({ items }) =>
      (items as { properties?: { principalId?: string } }[]).map(({ properties }) => properties?.principalId),
    ),
    ...objects(accessPolicies).map(({ objectId }) => text(objectId)),
  ];
  const groups = new Set(named.flatMap((id) => id?.toLowerCase() ?? []).filter((id) => members.has(id)));
  // A set is walked in order of insertion, also over what is added while walking.
  for (const group of groups) for (const id of members.get(group) ?? []) if (members.has(id)) groups.add(id);
  return [...groups].flatMap((group) => seqs.get(group) ?? []);
}

/** The lists of a directory of rights. */
const listsIn = (rights: SubscriptionRights | LocalRights | undefined): DirectoryList<unknown>[] =>
  rights === undefined ? [] : Object.values<DirectoryList<unknown>>({ ...rights });

function subscription(
  id: string,
  rights: NonNullable<ReturnType<Directory['subscriptions']['get']>>,
): AzureSubscription {
  const { roleAssignments, roleDefinitions, denyAssignments, eligibilities, activeInstances } = rights;
  const given = <T>(list: DirectoryList<T>): readonly T[] | null =>
    list.missing === null ? list.items : null;
  return {
    subscriptionId: id,
    roleDefinitions: roleDefinitions.items,
    roleAssignments: given(roleAssignments),
    ...(roleAssignments.missing === null ? {} : { roleAssignmentsMissing: roleAssignments.missing }),
    denyAssignments: given(denyAssignments),
    ...(denyAssignments.missing === null ? {} : { denyAssignmentsMissing: denyAssignments.missing }),
    eligibilities: given(eligibilities),
    ...(eligibilities.missing === null ? {} : { eligibilitiesMissing: eligibilities.missing }),
    activeInstances: given(activeInstances),
  };
}

function vaultOf(vault: VaultFacts, { local }: Directory): AzureVault {
  const item: JsonObject = asObject(vault.item);
  const properties =
    Object.keys(asObject(item.properties)).length === 0
      ? null
      : (asObject(item.properties) as AzureVault['properties']);
  const base: AzureVault = {
    id: vault.id,
    properties,
    ...(properties === null ? { propertiesMissing: 'the list of vaults was not read' } : {}),
  };
  if (vault.kind === 'vault') return base;
  const rights = local.get(vault.id);
  const missing = rights?.roleAssignments.missing ?? rights?.roleDefinitions.missing ?? null;
  if (!rights || missing !== null) return { ...base, local: null, localMissing: missing ?? 'not asked' };
  return {
    ...base,
    local: { roleAssignments: rights.roleAssignments.items, roleDefinitions: rights.roleDefinitions.items },
  };
}
