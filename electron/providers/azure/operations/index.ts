import type { Operation } from '../../../collect/operation.ts';
import type { AzureOperation } from '../operation.ts';
import { authorization } from './authorization.ts';
import { graph } from './graph.ts';
import { insights } from './insights.ts';
import { keys } from './keys.ts';
import { logStores } from './log-stores.ts';
import { managedHsm } from './managed-hsm.ts';
import { resources } from './resources.ts';
import { challenge, signInOperations } from './sign-in.ts';
import { vaults } from './vaults.ts';

export { authorization, graph, insights, keys, logStores, managedHsm, resources, vaults };

/** Every operation the collector asks, in the order of the pack's table of calls. */
export const askedOperations: readonly AzureOperation[] = [
  ...Object.values(resources),
  ...Object.values(vaults),
  ...Object.values(keys),
  ...Object.values(managedHsm),
  ...Object.values(authorization),
  ...Object.values(graph),
  ...Object.values(insights),
  ...Object.values(logStores),
] as AzureOperation[];

/** Every Azure operation that can stand in the ledger, also those that only obtain tokens. */
export const azureOperations: readonly Operation[] = [
  ...askedOperations,
  ...Object.values(signInOperations),
  challenge,
];
