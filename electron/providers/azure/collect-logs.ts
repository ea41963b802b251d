import type { AzureRun } from './azure-run.ts';
import type { Vault } from './collect-vaults.ts';

/** Records of key use, from where the vaults' diagnostic settings send them. */
export async function collectLogs(_azure: AzureRun, _vaults: readonly Vault[]): Promise<void> {}
