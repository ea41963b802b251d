import { reconcile, plain, type Reconciliation } from '../review/reconcile.ts';
import { both, evidenceRequired, exception, pass, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { inventory, originsOf } from './records.ts';
import { notRead, testKeys } from './test-keys.ts';

const ID = 'key-has-system';

/** Every key names the system it protects. */
export const keyHasSystem: Control = {
  id: ID,
  title: 'Every key protects a known system',
  finding: 'ownership',
  criteria: ['CC6.1'],
  question:
    'Does the inventory name the system that the key protects, and is that system on the client’s list?',
  method:
    'Look for the systems of the key in the inventory (tags, records, key sets), then for them on the list that the client gave.',
  permissions: ['kms:ListResourceTags', 'Microsoft.KeyVault/vaults/keys/read'],
  remediation: 'Record the system that the key protects, or retire the key.',
  standards: [],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testKeys(context, ID, (key) => {
      const row = inventory(context).get(key.id);
      const systems = row?.systems ?? [];
      const tags = context.asked(key.id, 'ListResourceTags');
      if (systems.length === 0) {
        if (tags.status !== 'ok' && tags.status !== 'not-applicable') {
          return both(notRead(tags, 'No system is recorded, and the tags of the key could not be read'));
        }
        return both(
          exception('The inventory names no system for this key.', key.seq === null ? [] : [key.seq]),
        );
      }
      const list = reconciliation(context);
      const cites = [...originsOf(row!), ...(list ? [list.seq] : [])];
      const named = systems.join(', ');
      if (!list)
        return both(
          pass(
            `The inventory names the system ${named}; no list of systems was given to compare with.`,
            cites,
          ),
        );
      const known = new Set(list.systems.map((system) => plain(system.name)));
      const strange = systems.filter((system) => !known.has(plain(system)));
      return both(
        strange.length > 0
          ? evidenceRequired(
              `The inventory names ${strange.join(', ')}, which is not on the list of systems of ${list.asOf}.`,
              cites,
            )
          : pass(`The inventory names the system ${named}, which is on the list of ${list.asOf}.`, cites),
      );
    }),
};

const cache = new WeakMap<ControlContext, Reconciliation | null>();

function reconciliation(context: ControlContext): Reconciliation | null {
  if (!cache.has(context)) cache.set(context, reconcile(context.db, context.snapshot));
  return cache.get(context) ?? null;
}
