import type { SourceRun } from '../../collect/source-run.ts';
import type { VaultSource } from '../../engagement/vault-source.ts';
import type { AskAgain } from '../provider.ts';
import { ROOT } from './ask-vault.ts';
import { sys, vaultOperations } from './operations/index.ts';
import type { Prompter } from './secrets.ts';
import { signIn } from './sign-in.ts';

/** Asks recorded questions again with the credentials at hand. */
export async function askVaultAgain(
  run: SourceRun<VaultSource>,
  prompter: Prompter | null,
): Promise<AskAgain> {
  const { ask } = await signIn(run, prompter);
  const operations = new Map(vaultOperations.map((op) => [op.id, op]));
  return {
    ask({ op: id, scope, params, label }) {
      const op = operations.get(id);
      const { path, ...body } = params;
      // The value that was hashed is not on record, so that it cannot be asked again.
      if (!op || op === sys.auditHash || typeof path !== 'string') return null;
      const namespace = scope.slice(scope.indexOf('/') + 1);
      return ask(op, {
        ...{ namespace: namespace === ROOT ? '' : namespace, path, label },
        ...(Object.keys(body).length === 0 ? {} : { body }),
      });
    },
    explain: () => Promise.resolve([]),
    close: () => undefined,
  };
}
