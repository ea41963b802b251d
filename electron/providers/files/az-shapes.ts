import { asObject, asText, type JsonObject } from '../../logs/cloudtrail/parse-record.ts';

interface Shape {
  /** Operation id whose answer it stands for. */
  op: string;
  /** Whether one item of it can be nothing else. */
  fits: (item: JsonObject) => boolean;
}

const idHolds = (part: string) => (item: JsonObject) => (asText(item.id) ?? '').toLowerCase().includes(part);
const typeIs = (pattern: RegExp) => (item: JsonObject) => pattern.test(asText(item.type) ?? '');
/** The address of a key, with its version or without. */
const kidOf = (versioned: boolean) => (item: JsonObject) =>
  (versioned ? /\/keys\/[^/]+\/[^/]+$/ : /\/keys\/[^/]+\/?$/).test(asText(item.kid) ?? '');

/**
 * What the commands of the Azure CLI save (`--output json`), told apart by one item: `az` prints a list as a bare array,
 * `az rest` as `{"value": […]}`. The first that fits counts.
 */
const SHAPES: readonly Shape[] = [
  // az monitor activity-log list
  {
    op: 'azure.insights.ListActivityLog',
    fits: (item) => 'eventTimestamp' in item && 'operationName' in item,
  },
  // az monitor diagnostic-settings list --resource <vault>
  { op: 'azure.insights.ListDiagnosticSettings', fits: idHolds('/microsoft.insights/diagnosticsettings/') },
  // az role assignment list --all
  {
    op: 'azure.authorization.ListRoleAssignments',
    fits: idHolds('/microsoft.authorization/roleassignments/'),
  },
  // az role definition list
  {
    op: 'azure.authorization.ListRoleDefinitions',
    fits: idHolds('/microsoft.authorization/roledefinitions/'),
  },
  // az keyvault list, show, and list-deleted; --hsm-name of each
  { op: 'azure.vaults.ListVaults', fits: typeIs(/^microsoft\.keyvault\/(vaults|managedhsms)$/i) },
  { op: 'azure.vaults.ListDeletedVaults', fits: typeIs(/^microsoft\.keyvault\/deletedvaults$/i) },
  { op: 'azure.vaults.ListDeletedManagedHsms', fits: typeIs(/^microsoft\.keyvault\/deletedmanagedhsms$/i) },
  // az keyvault key list-deleted, list-versions, list, show
  { op: 'azure.keys.GetDeletedKeys', fits: (item) => 'recoveryId' in item && 'deletedDate' in item },
  { op: 'azure.keys.GetKeyVersions', fits: kidOf(true) },
  { op: 'azure.keys.GetKeys', fits: kidOf(false) },
  { op: 'azure.keys.GetKey', fits: (item) => kidOf(true)(asObject(item.key)) },
  // az keyvault key rotation-policy show
  { op: 'azure.keys.GetKeyRotationPolicy', fits: (item) => Array.isArray(item.lifetimeActions) },
];

/** Names of a vault (or the host of one) and a key, neither of which can hold an underscore. */
const OF_KEY = /rotation-?policy(?:[-_ ]show)?_([A-Za-z0-9.-]+)_([A-Za-z0-9-]+)\.json(?:\.gz)?$/i;

/**
 * Recognises what the Azure CLI saved. A rotation policy may not say whose it is: then the file's name must, as in
 * `rotation-policy_<vault>_<key>.json`.
 *
 * @returns null when it is nothing of Azure; the reason, in words, when it is but cannot be used.
 */
export function recogniseAz(
  value: unknown,
  name: string,
): { op: string; params: Record<string, string> | null } | { reason: string } | null {
  const answer = asObject(value);
  const items: unknown[] = Array.isArray(value)
    ? value
    : Array.isArray(answer.value)
      ? answer.value
      : [answer];
  if (items.length === 0) {
    return { reason: 'it is an empty list, which does not say what was asked' };
  }
  const shape = SHAPES.find(({ fits }) => items.every((item) => fits(asObject(item))));
  if (!shape) return null;
  if (asText(answer.nextLink) !== null) {
    return { reason: 'it is one page of a longer list. Save the whole list with the "az" command' };
  }
  const first = asObject(items[0]);
  if (isLocalRole(first)) {
    return { reason: 'it holds local roles of a managed HSM, which are read from the HSM itself only' };
  }
  if (shape.op.endsWith('ListDiagnosticSettings') && !idHolds('/microsoft.keyvault/')(first)) {
    return { reason: 'it holds diagnostic settings of something that is no vault' };
  }
  if (shape.op.endsWith('GetKeyRotationPolicy') && !/\/keys\/[^/]+/.test(asText(first.id) ?? '')) {
    const [, vault, key] = OF_KEY.exec(name) ?? [];
    if (vault && key) return { op: shape.op, params: { vault, key } };
    return {
      reason:
        'the answer of "az keyvault key rotation-policy show" does not say which key it is about. Name the file after it: rotation-policy_<vault>_<key>.json',
    };
  }
  return { op: shape.op, params: null };
}

/** Roles inside a managed HSM have ids like those of Resource Manager, and another provider before them. */
function isLocalRole(item: JsonObject): boolean {
  const role = asText(item.roleDefinitionId) ?? asText(item.id) ?? '';
  return /^\/?microsoft\.keyvault\/providers\//i.test(role);
}
