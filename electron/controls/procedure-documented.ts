import { currentProcedure } from '../review/procedure.ts';
import { approvalAnswers } from './document-approval.ts';
import { results, type Control } from './control.ts';

const ID = 'procedure-documented';

/** There is an approved key management procedure. */
export const procedureDocumented: Control = {
  id: ID,
  title: 'The key management procedure is documented, approved and reviewed',
  finding: 'protection',
  criteria: ['CC6.1', 'CC5.3'],
  question: 'Is there a key management procedure that is approved and not due for review?',
  method:
    'Inspect the procedure document that the client gave: version, approver, date of approval, next review. Its SHA-256 is in the pack.',
  permissions: [],
  remediation:
    'Write the procedure down (a template is filled from the inventory), have it approved, and review it annually.',
  standards: [
    { name: 'NIST SP 800-57 Part 2', version: 'Rev. 1', ref: '3.4 (key management practices statement)' },
  ],
  appliesTo: 'the engagement',
  test: (context) =>
    results(
      ID,
      'document',
      'procedure',
      approvalAnswers(context, 'key management procedure', currentProcedure(context.db)),
    ),
};
