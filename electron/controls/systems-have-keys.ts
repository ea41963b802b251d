import { reconcile } from '../review/reconcile.ts';
import { both, evidenceRequired, exception, pass, results, type Control, type Result } from './control.ts';
import type { ControlContext } from './context.ts';
import { count } from './dates.ts';

const ID = 'systems-have-keys';

/** Every system that needs encryption has a key. */
export const systemsHaveKeys: Control = {
  id: ID,
  title: 'Every system that needs encryption has a key',
  finding: 'ownership',
  criteria: ['CC6.1'],
  question:
    'Does the inventory name a key for every system on the client’s list of systems and data that need encryption?',
  method:
    'Reconcile the list of systems that the client gave with the systems named in the inventory of keys, by name.',
  permissions: [],
  remediation: 'Record which key protects the system, or encrypt it.',
  standards: [],
  appliesTo: 'systems that need encryption',
  test,
};

function* test(context: ControlContext): Generator<Result> {
  const found = reconcile(context.db, context.snapshot);
  if (!found) {
    yield* results(
      ID,
      'engagement',
      '',
      both(
        evidenceRequired(
          'No list of systems and data that need encryption was given; it is required to say that none is without a key.',
        ),
      ),
    );
    return;
  }
  for (const { name, keys } of found.systems) {
    const answer =
      keys.length === 0
        ? exception(
            `The system ${name} is on the list of ${found.asOf}, and no key of the inventory names it.`,
            [found.seq],
          )
        : pass(`The inventory names ${count(keys.length, 'key')} for the system ${name}.`, [found.seq]);
    yield* results(ID, 'system', name, {
      collection: answer,
      period:
        answer.result === 'pass'
          ? evidenceRequired(
              `${answer.reason} It does not show since when; the inventory of the period is required.`,
              answer.cites,
            )
          : answer,
    });
  }
}
