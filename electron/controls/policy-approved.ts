import { results, type Control } from './control.ts';
import { approvalAnswers } from './document-approval.ts';
import { recordOf } from './records.ts';

const ID = 'policy-approved';

/** There is an approved encryption and key management policy. */
export const policyApproved: Control = {
  id: ID,
  title: 'The encryption and key management policy is approved and reviewed',
  finding: 'protection',
  criteria: ['CC6.1'],
  question: 'Is there an encryption and key management policy that is approved and not due for review?',
  method:
    'Inspect the policy document that the client gave: approver, date of approval, next review. Its SHA-256 is in the pack.',
  permissions: [],
  remediation: 'Have the policy approved and reviewed at least annually, and provide it.',
  standards: [],
  appliesTo: 'the engagement',
  test: (context) => {
    const found = recordOf(context, 'policy.document');
    const answers = approvalAnswers(
      context,
      'encryption and key management policy',
      found ? { ...found.value, seq: found.seq } : null,
    );
    return results(ID, 'document', 'policy', answers);
  },
};
