import { all } from '../../collect/for-each.ts';
import { allPages, type AzureRun } from './azure-run.ts';
import { authorization } from './operations/index.ts';

/** Of an assignment, an eligibility or a deny assignment: whom it is about. */
interface Rights {
  properties?: {
    principalId?: string;
    principals?: { id?: string }[];
    excludePrincipals?: { id?: string }[];
  };
}

/** Everything that gives or takes rights at, above and below a subscription. */
export async function collectAuthorization(azure: AzureRun, subscription: string): Promise<void> {
  await all(
    Object.values(authorization).map(async (op) => {
      const { items } = await allPages(azure, op, { subscription });
      for (const { properties } of items as Rights[]) {
        azure.principals.add(properties?.principalId);
        for (const { id } of properties?.principals ?? []) azure.principals.add(id);
        for (const { id } of properties?.excludePrincipals ?? []) azure.principals.add(id);
      }
    }),
  );
}
