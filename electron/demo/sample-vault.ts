import type { LedgerWriter } from '../../db/ledger/writer.ts';
import type { GivenCredentials } from '../collect/run-options.ts';
import { declare } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import type { VaultSource } from '../engagement/vault-source.ts';
import type { VaultSandbox } from '../sandbox/vault/index.ts';

/** Declares the sample company's Vault as a source, signed in to as an auditor would be: with AppRole. */
export async function declareSampleVault(
  writer: LedgerWriter,
  operator: Operator,
  vault: VaultSandbox,
): Promise<void> {
  const source: VaultSource = {
    provider: 'vault',
    id: 'vault',
    title: 'Vault of the sample company',
    address: vault.endpoint,
    sample: true,
    namespace: null,
    namespaces: null,
    mounts: null,
    caFile: null,
    login: { from: 'approle', mount: 'approle', roleId: vault.approle.roleId },
    kvMetadata: true,
    auditLogs: [],
  };
  await declare(writer, operator, 'source', source.id, source);
}

/** The secret id of the sample's auditor, in memory only. */
export function sampleVaultCredentials(vault: VaultSandbox): GivenCredentials {
  return {
    vault: {
      secret: () => Promise.resolve(vault.approle.secretId),
      openPage: () => Promise.resolve(),
    },
  };
}
