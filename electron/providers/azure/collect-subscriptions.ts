import { allPages, type AzureRun } from './azure-run.ts';
import { resources, type Subscription } from './operations/resources.ts';
import { scopeOf } from './scope.ts';

/**
 * Subscriptions to collect: those the source names, else every one of the tenant that the identity can read. What is
 * left out, or named and not there, is said in a note.
 */
export async function collectSubscriptions(azure: AzureRun): Promise<string[]> {
  const [listed] = await Promise.all([
    allPages<Subscription>(azure, resources.listSubscriptions, {}),
    allPages(azure, resources.listTenants, {}),
  ]);
  const mine = listed.items
    .filter((s) => s.subscriptionId !== undefined)
    .filter((s) => s.tenantId === undefined || s.tenantId.toLowerCase() === azure.tenant)
    .map((s) => ({ ...s, id: s.subscriptionId!.toLowerCase() }));
  const named = azure.run.source.subscriptions?.map((id) => id.toLowerCase()) ?? null;
  if (named === null) {
    if (listed.complete && mine.length === 0) {
      await noteNone(
        azure,
        'no subscription of the tenant can be seen: Microsoft.Resources/subscriptions/read is missing',
      );
    }
    for (const { id, state } of mine) {
      if (!isReadable(state)) await note(azure, id, `the subscription is ${state ?? 'in no known state'}`);
    }
    return mine
      .filter(({ state }) => isReadable(state))
      .map(({ id }) => id)
      .sort();
  }
  for (const { id } of mine) {
    if (!named.includes(id)) await note(azure, id, 'the source names other subscriptions only');
  }
  const known = new Set(mine.map(({ id }) => id));
  for (const id of named) {
    if (listed.complete && !known.has(id)) {
      await note(azure, id, 'the source names it, and the identity cannot see it in this tenant');
    }
  }
  // Asked all the same when the list could not be read: each answer then speaks for itself.
  return (listed.complete ? named.filter((id) => known.has(id)) : named).sort();
}

/** Deleted and disabled subscriptions answer nothing of use. */
const isReadable = (state: string | undefined): boolean => !/^(deleted|disabled)$/i.test(state ?? '');

function note(azure: AzureRun, subscription: string, why: string): Promise<void> {
  return azure.run.asking.note({
    scope: scopeOf(azure.tenant, { subscription }),
    op: null,
    what: 'place-not-collected',
    from: null,
    to: null,
    reason: `subscription ${subscription} was not collected: ${why}`,
  });
}

function noteNone(azure: AzureRun, reason: string): Promise<void> {
  const scope = scopeOf(azure.tenant, {});
  return azure.run.asking.note({
    scope,
    op: null,
    what: 'place-not-collected',
    from: null,
    to: null,
    reason,
  });
}
