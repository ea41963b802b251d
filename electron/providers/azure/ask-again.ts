import type { SourceRun } from '../../collect/source-run.ts';
import type { AzureSource } from '../../engagement/engagement.ts';
import type { AskAgain } from '../provider.ts';
import type { AzureSecrets } from './credentials.ts';
import { askedOperations } from './operations/index.ts';
import { signIn } from './sign-in.ts';

/** Asks recorded questions again with the credentials at hand. */
export async function askAzureAgain(
  run: SourceRun<AzureSource>,
  given: AzureSecrets | null,
): Promise<AskAgain> {
  const signedIn = await signIn(run, given);
  const operations = new Map(askedOperations.map((op) => [op.id, op]));
  return {
    ask({ op: id, params, label }) {
      const op = operations.get(id);
      return op ? signedIn.ask(op, params, label) : null;
    },
    explain: () => Promise.resolve([]),
    close: () => signedIn.close(),
  };
}
