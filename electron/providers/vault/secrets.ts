import { CollectError } from '../../collect/error.ts';
import type { VaultSource } from '../../engagement/vault-source.ts';

/** A secret that signing in needs. */
export type SecretName = 'token' | 'secret id' | 'password';

/** A value to be found in audit logs, as the operator calls it. */
export type SoughtName = `value of ${string}`;

/** What the operator answers while signing in: secrets, and a browser. Nothing of it is stored. */
export interface Prompter {
  /** Asks for a secret; null when nobody can be asked. */
  secret(source: string, name: SecretName | SoughtName): Promise<string | null>;
  /** Opens the page where the operator signs in, or shows its address. */
  openPage(url: string): Promise<void>;
}

const VARIABLES: Record<SecretName, readonly string[]> = {
  token: ['VAULT_TOKEN', 'BAO_TOKEN'],
  'secret id': ['VAULT_SECRET_ID'],
  password: ['VAULT_PASSWORD'],
};

/**
 * A secret from the environment, else from the operator. In the sample environment only from whoever runs it: a token of a
 * real cluster must not go there.
 *
 * @throws CollectError CREDENTIALS when there is none
 */
export async function secretOf(
  source: VaultSource,
  name: SecretName,
  prompter: Prompter | null,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  // A source's own variable first, for several clusters in one engagement.
  const own = source.id.toUpperCase().replaceAll('-', '_');
  const variables = VARIABLES[name].flatMap((variable) => [`${variable}_${own}`, variable]);
  const set = source.sample ? undefined : variables.find((variable) => env[variable]);
  const secret = set === undefined ? await prompter?.secret(source.id, name) : env[set];
  if (secret) return secret.trim();
  throw new CollectError(
    'CREDENTIALS',
    `cannot sign in to source ${source.id}: there is no ${name}. Set ${VARIABLES[name][0]}, or run where it can be asked.`,
  );
}
