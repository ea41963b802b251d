import { CollectError } from '../../collect/error.ts';
import type { Answer } from '../../collect/asker.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { VaultSource } from '../../engagement/vault-source.ts';
import type { AskVault, VaultOutput } from './ask-vault.ts';
import { logInWithBrowser } from './oidc.ts';
import type { VaultOperation } from './operation.ts';
import { signInOperations } from './operations/index.ts';
import { secretOf, type Prompter } from './secrets.ts';

/** What signing in works with. */
export interface LogIn {
  run: SourceRun<VaultSource>;
  prompter: Prompter | null;
  ask: AskVault;
  /** Tells this run's sign-in from earlier ones. */
  label: (op: VaultOperation) => string;
}

/** Gets a token as the source says. @throws CollectError CREDENTIALS */
export async function logIn(context: LogIn): Promise<string> {
  const { run, prompter, ask, label } = context;
  const { source } = run;
  const { login } = source;
  const namespace = source.namespace ?? '';
  switch (login.from) {
    case 'token':
      return secretOf(source, 'token', prompter);
    case 'approle': {
      const secretId = await secretOf(source, 'secret id', prompter);
      const op = signInOperations.appRole;
      const path = `auth/${login.mount}/login`;
      const secret = { role_id: login.roleId, secret_id: secretId };
      return tokenIn(source, await ask(op, { namespace, path, label: label(op), secret }));
    }
    case 'userpass': {
      const password = await secretOf(source, 'password', prompter);
      const op = signInOperations.userpass;
      const path = `auth/${login.mount}/login/${login.username}`;
      return tokenIn(source, await ask(op, { namespace, path, label: label(op), secret: { password } }));
    }
    case 'oidc':
      return tokenIn(source, await logInWithBrowser(context, login));
  }
}

function tokenIn(source: VaultSource, answer: Answer<VaultOutput>): string {
  const token = answer.ok ? answer.output.auth?.client_token : undefined;
  if (typeof token === 'string' && token !== '') return token;
  // Some methods answer with a second factor to give; the collector has none.
  const second = answer.ok && answer.output.auth?.mfa_requirement;
  throw new CollectError(
    'CREDENTIALS',
    `cannot sign in to source ${source.id}: ` +
      (second
        ? 'the server asks for a second factor. Sign in with `vault login`, and give the token in VAULT_TOKEN.'
        : `the server gave no token (${answer.ok ? 'empty answer' : (answer.message ?? answer.code)}). Check the sign-in, then resume the snapshot.`),
  );
}
