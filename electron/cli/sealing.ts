import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import type { Signer } from '../seal/signer.ts';
import { SettingsFile } from '../engine/service/settings.ts';
import { StampingQueue } from '../engine/service/stamping-queue.ts';
import { homeFolder } from '../host/home.ts';
import { readGivenFile } from './given-file.ts';
import { withNetworkOptions, type NetworkChoice } from './network.ts';
import { openSigner } from '../seal/signers/open.ts';
import { parseSignerPlace, SIGNER_FORMS } from '../seal/signers/place.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import { readCertificates } from '../seal/trust.ts';

/** Options that say who signs and who says when. */
export interface SealingOptions extends NetworkChoice {
  signer?: string;
  signerCertificate?: string[];
  signerRoot?: string[];
  tsa?: string[];
  secondTsa?: string[];
  tsaRoot?: string[];
  withoutTsa?: boolean;
}

/** Environment variable with the passphrase, for runs without a terminal. */
const PASSPHRASE = 'KEYWITNESS_PASSPHRASE';

/** Adds --tsa and --tsa-root, and whom to trust on the way there. */
export function withTimestampOptions(command: Command): Command {
  return withNetworkOptions(command)
    .option(
      '--tsa <url...>',
      'timestamp authorities (RFC 3161), tried in this order; without it those that "keywitness tsa set" remembered; only a hash is sent',
    )
    .option('--second-tsa <url...>', 'authorities to ask besides, for a second time by somebody else')
    .option('--without-tsa', 'ask no authority, also none of those that "keywitness tsa set" remembered')
    .option('--tsa-root <file...>', 'certificates (PEM or DER) that the authority must lead to');
}

/** Adds --signer, --signer-root, --tsa and --tsa-root. */
export function withSealingOptions(command: Command): Command {
  return withTimestampOptions(
    command
      .option(
        '--signer <signer>',
        `what to sign with: ${SIGNER_FORMS}; passphrase or PIN is asked, or read from ${PASSPHRASE}`,
      )
      .option(
        '--signer-certificate <file...>',
        "the signer's certificate and those above it (PEM or DER), for keys that come without",
      )
      .option(
        '--signer-root <file...>',
        'certificates (PEM or DER) of the authority that issued the signer, to put into the pack',
      ),
  );
}

export const certificatesOf = (files: readonly string[] | undefined): Uint8Array[] =>
  (files ?? []).flatMap((path) => readCertificates(readGivenFile(path), path));

/** The authorities asked for, else those remembered, else null. */
export function timestampOf(options: SealingOptions): TimestampOptions | null {
  if (options.withoutTsa) return null;
  const remembered = options.tsa?.length ? null : new SettingsFile(homeFolder()).value.timestamp;
  const urls = options.tsa ?? remembered?.urls;
  if (!urls?.length) return null;
  const second = options.secondTsa ?? remembered?.second;
  const trusted = certificatesOf(options.tsaRoot ?? remembered?.roots);
  return {
    urls,
    ...(second?.length ? { second } : {}),
    ...(trusted.length > 0 ? { trusted } : {}),
  };
}

/** Packs that wait for their time, shared with the window. */
export const stampingQueue = (): StampingQueue => new StampingQueue(homeFolder());

/** Opens the signer, asking for passphrase or PIN; null when none was named. @throws SealError */
export async function signerOf(options: SealingOptions): Promise<Signer | null> {
  if (!options.signer) return null;
  return openSigner(
    parseSignerPlace(options.signer),
    signingSecret,
    certificatesOf(options.signerCertificate),
  );
}

/** Passphrase or PIN from the environment, or asked. */
export const signingSecret = async (question: string): Promise<string> =>
  process.env[PASSPHRASE] ?? askSecret(question);

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
