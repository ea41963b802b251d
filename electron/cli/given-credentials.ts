import type { GivenCredentials } from '../collect/run-options.ts';
import { askSecret } from './sealing.ts';

/** What a provider may ask while it signs in, on the terminal. Nothing of it is stored. */
export function askOnTerminal(): GivenCredentials {
  const secret = async (source: string, name: string): Promise<string | null> =>
    (await askSecret(`${capital(name)} for ${source}: `)) || null;
  return {
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
