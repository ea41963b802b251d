import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Command } from 'commander';
import { defaultNetwork, type NetworkOptions } from '../recorder/agents.ts';
import { readCertificates, certificatePem } from '../seal/trust.ts';
import { readGivenFile } from './given-file.ts';

/** Options that say whom to trust on the way out, besides the ordinary certificate authorities. */
export interface NetworkChoice {
  caFile?: string;
  systemCa?: boolean;
}

/**
 * Adds --ca-file and --system-ca, which hold for everything the verb calls: providers, timestamp authorities, sources of
 * revocation data.
 */
export function withNetworkOptions(command: Command): Command {
  return command
    .option(
      '--ca-file <file>',
      'certificate authorities (PEM) of a proxy or a private cloud, trusted besides the ordinary ones; the pack says so',
    )
    .option('--system-ca', 'also trust what the operating system trusts; the pack says so')
    .hook('preAction', (called) => trustAlso(called.opts<NetworkChoice>()));
}

/** How the recorder reaches the providers, for the ledger. */
export function networkOf({ caFile, systemCa }: NetworkChoice): NetworkOptions {
  return { ...defaultNetwork, extraCaFile: caFile ?? null, systemCa: systemCa ?? false };
}

/** @throws Error when the file cannot be read or holds no certificate. */
function trustAlso({ caFile, systemCa }: NetworkChoice): void {
  if (!caFile && !systemCa) return;
  const given = caFile ? readCertificates(readGivenFile(caFile), caFile).map(certificatePem) : [];
  const system = systemCa ? getCACertificates('system') : [];
  setDefaultCACertificates([...getCACertificates('default'), ...system, ...given]);
}
