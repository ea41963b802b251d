import { currentProcedure, notCovered, STEPS, SYSTEMS, systemsInUse } from '../review/procedure.ts';
import { both, evidenceRequired, exception, pass, results, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';

const ID = 'procedure-covers';

/** The procedure says how keys are created, rotated, revoked and deleted, in every system in use. */
export const procedureCovers: Control = {
  id: ID,
  title: 'The key management procedure covers the life of keys and every system in use',
  finding: 'protection',
  criteria: ['CC6.1', 'CC5.3'],
  question:
    'Does the procedure say how keys are created, rotated, revoked and deleted, and does it name every key management system in which keys were found?',
  method:
    'Read the words of the document; look in sentences about keys for each step, and anywhere for the name of each system in which the collection found keys. That it is good is for the reader to judge.',
  permissions: [],
  remediation: 'Add the missing part to the procedure, and have it approved again.',
  standards: [],
  appliesTo: 'the engagement',
  test: (context) => results(ID, 'document', 'procedure', both(answer(context))),
};

function answer(context: ControlContext): Answer {
  const procedure = currentProcedure(context.db);
  if (!procedure) return evidenceRequired('The key management procedure was not given; it is required.');
  const cites = [procedure.seq];
  if (procedure.words === null) {
    return evidenceRequired(
      `The words of "${procedure.title}" could not be read: ${procedure.unreadable ?? ''}. A document with text is required.`,
      cites,
    );
  }
  const providers = systemsInUse(context.db, context.snapshot);
  const { steps, systems } = notCovered(procedure.words, providers);
  const missing = [
    ...(steps.length > 0 ? [`does not say how to ${steps.join(', ')} keys`] : []),
    ...(systems.length > 0 ? [`does not name ${systems.join(', ')}, where keys were found`] : []),
  ];
  const name = `"${procedure.title}" version ${procedure.version}`;
  if (missing.length > 0) return exception(`${name} ${missing.join(' and ')}.`, cites);
  const named = providers.flatMap((id) => SYSTEMS[id]?.name ?? []);
  return pass(
    `${name} says how to ${Object.keys(STEPS).join(', ')} keys, and names ${named.join(', ') || 'the systems in use'}.`,
    cites,
  );
}
