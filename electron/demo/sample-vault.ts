import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import type { GivenCredentials } from '../collect/run-options.ts';
import { declare } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import type { VaultSource } from '../engagement/vault-source.ts';
import type { Company } from '../sandbox/company/types.ts';
import { startVaultSandbox, writeVaultAuditLogs, type VaultSandbox } from '../sandbox/vault/index.ts';

const DAY_MS = 24 * 60 * 60_000;

/** The sample company's Vault while it runs, with the log files of its audit devices as the client would give them. */
export interface SampleVault {
  sandbox: VaultSandbox;
  /** Folders by audit device. */
  auditLogs: VaultSource['auditLogs'];
  close(): Promise<void>;
}

export async function startSampleVault(company: Company): Promise<SampleVault> {
  const sandbox = await startVaultSandbox(company);
  const folder = await mkdtemp(join(tmpdir(), 'keywitness-vault-'));
  const { devices } = await writeVaultAuditLogs(sandbox.world, folder, {
    // Files that were rotated before the period began and after it ended, as they lie on a real server.
    from: sandbox.world.period.from - 8 * DAY_MS,
    to: Math.max(sandbox.world.now, Date.now()),
  });
  return {
    sandbox,
    auditLogs: devices.map(({ path, files }) => ({ device: path, paths: files })),
    async close() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Declares the sample company's Vault as a source, signed in to as an auditor would be: with AppRole. */
export async function declareSampleVault(
  writer: LedgerWriter,
  operator: Operator,
  { sandbox, auditLogs }: SampleVault,
): Promise<void> {
  const source: VaultSource = {
    provider: 'vault',
    id: 'vault',
    title: 'Vault of the sample company',
    address: sandbox.endpoint,
    sample: true,
    namespace: null,
    namespaces: null,
    mounts: null,
    caFile: null,
    login: { from: 'approle', mount: 'approle', roleId: sandbox.approle.roleId },
    kvMetadata: true,
    auditLogs,
  };
  await declare(writer, operator, 'source', source.id, source);
}

/** The secret id of the sample's auditor, in memory only. */
export function sampleVaultCredentials({ sandbox }: SampleVault): GivenCredentials {
  return {
    vault: {
      secret: () => Promise.resolve(sandbox.approle.secretId),
      openPage: () => Promise.resolve(),
    },
  };
}
