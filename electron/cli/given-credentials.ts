import type { GivenCredentials } from '../collect/run-options.ts';
import { askSecret } from './sealing.ts';

/**
 * Variables that providers read themselves for real sources. In a sample engagement they are read here: its endpoints were
 * named by the same person on the same command line.
 */
const VARIABLES: Readonly<Record<string, string>> = {
  'client secret': 'AZURE_CLIENT_SECRET',
  token: 'VAULT_TOKEN',
  'secret id': 'VAULT_SECRET_ID',
  password: 'VAULT_PASSWORD',
};

/** What a provider may ask while it signs in: from its variable, else on the terminal. Nothing of it is stored. */
export function askOnTerminal(): GivenCredentials {
  const secret = async (source: string, name: string): Promise<string | null> =>
    process.env[VARIABLES[name] ?? ''] || (await askSecret(`${capital(name)} for ${source}: `)) || null;
  return {
    // Without a terminal nobody can be asked: the source then says what it lacks.
    ...(process.stdin.isTTY ? { awsMfaCode: (device: string) => askSecret(`Code of ${device}: `) } : {}),
    azure: { secret, onDeviceCode: (message) => void process.stderr.write(`${message}\n`) },
    vault: {
      secret,
      openPage: (url) => {
        process.stderr.write(`Sign in with your browser on this machine, within five minutes:\n${url}\n`);
        return Promise.resolve();
      },
    },
  };
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
