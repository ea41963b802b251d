import { all } from '../../collect/for-each.ts';
import { allPages, type AzureRun } from './azure-run.ts';
import { authorization } from './operations/index.ts';

/** Everything that gives or takes rights at, above and below a subscription. */
export async function collectAuthorization(azure: AzureRun, subscription: string): Promise<void> {
  await all(Object.values(authorization).map((op) => allPages(azure, op, { subscription })));
}
