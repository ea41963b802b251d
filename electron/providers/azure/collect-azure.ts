import { all } from '../../collect/for-each.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { AzureSource } from '../../engagement/engagement.ts';
import type { AzureRun } from './azure-run.ts';
import { collectActivity } from './collect-activity.ts';
import { collectAuthorization } from './collect-authorization.ts';
import { collectDirectory, namedPrincipals } from './collect-directory.ts';
import { collectLogs } from './collect-logs.ts';
import { collectSubscriptions } from './collect-subscriptions.ts';
import { collectVaults, listVaults } from './collect-vaults.ts';
import type { AzureSecrets } from './credentials.ts';
import { signIn } from './sign-in.ts';

/**
 * Collects one Azure tenant. The same snapshot always asks the same questions in the same words: what is answered is not
 * asked again, so running it once more is resuming it.
 *
 * @throws CollectError CREDENTIALS, WRONG_ACCOUNT, CANCELLED; a failure of one item is an exchange, never thrown
 */
export async function collectAzure(run: SourceRun<AzureSource>, given: AzureSecrets | null): Promise<void> {
  const signedIn = await signIn(run, given);
  try {
    const azure: AzureRun = { ...signedIn, run, principals: namedPrincipals() };
    const subscriptions = await collectSubscriptions(azure);
    await all(subscriptions.map((subscription) => collectSubscription(azure, subscription)));
    // Who they are is asked once, of all subscriptions together.
    await collectDirectory(azure);
  } finally {
    signedIn.close();
  }
}

async function collectSubscription(azure: AzureRun, subscription: string): Promise<void> {
  const vaults = await listVaults(azure, subscription);
  await all([
    collectVaults(azure, vaults),
    collectLogs(azure, vaults),
    collectAuthorization(azure, subscription),
    collectActivity(azure, subscription),
  ]);
}
