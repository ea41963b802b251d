import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import type { Signer } from '../seal/signer.ts';
import { openPkcs12 } from '../seal/signers/pkcs12.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import { readCertificates } from '../seal/trust.ts';

/** Options that say who signs and who says when. */
export interface SealingOptions {
  signer?: string;
  signerRoot?: string[];
  tsa?: string[];
  tsaRoot?: string[];
}

/** Environment variable with the passphrase, for runs without a terminal. */
const PASSPHRASE = 'KEYWITNESS_PASSPHRASE';

/** Adds --tsa and --tsa-root. */
export function withTimestampOptions(command: Command): Command {
  return command
    .option('--tsa <url...>', 'timestamp authorities (RFC 3161), tried in this order; only a hash is sent')
    .option('--tsa-root <file...>', 'certificates (PEM or DER) that the authority must lead to');
}

/** Adds --signer, --signer-root, --tsa and --tsa-root. */
export function withSealingOptions(command: Command): Command {
  return withTimestampOptions(
    command
      .option(
        '--signer <file>',
        `PKCS#12 file (.p12, .pfx) to sign with; the passphrase is asked, or read from ${PASSPHRASE}`,
      )
      .option(
        '--signer-root <file...>',
        'certificates (PEM or DER) of the authority that issued the signer, to put into the pack',
      ),
  );
}

export const certificatesOf = (files: readonly string[] | undefined): Uint8Array[] =>
  (files ?? []).flatMap((path) => readCertificates(readFileSync(path), path));

/** The authorities asked for, or null. */
export function timestampOf(options: SealingOptions): TimestampOptions | null {
  if (!options.tsa?.length) return null;
  const trusted = certificatesOf(options.tsaRoot);
  return { urls: options.tsa, ...(trusted.length > 0 ? { trusted } : {}) };
}

/** Opens the signer, asking for the passphrase; null when none was named. @throws SealError */
export async function signerOf(options: SealingOptions): Promise<Signer | null> {
  if (!options.signer) return null;
  const passphrase = process.env[PASSPHRASE] ?? (await askSecret(`Passphrase of ${options.signer}: `));
  return openPkcs12(readFileSync(options.signer), passphrase);
}

/** Asks on the terminal without showing what is typed. Without a terminal the passphrase is empty. */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return '';
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve) => terminal.once('line', resolve));
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
