import { readReview, reviewIds } from '../review/review.ts';
import { both, exception, notApplicable, pass, results, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { count } from './dates.ts';

const ID = 'review-independent';

/** The reviewer administers none of the keys under review. */
export const reviewIndependent: Control = {
  id: ID,
  title: 'The reviewer of access administers none of the keys',
  finding: 'access',
  criteria: ['CC6.3'],
  question: 'Does the reviewer hold a right to administer a key that is under review?',
  method:
    'Compare the reviewer’s name and address with the users that administer each key, and with the members of federated roles that do, as far as these are known.',
  permissions: ['kms:GetKeyPolicy', 'iam:GetAccountAuthorizationDetails'],
  remediation: 'Have these keys reviewed by somebody who does not administer them.',
  standards: [],
  appliesTo: 'reviews made in this engagement',
  test: (context) => results(ID, 'review', 'review', both(answer(context))),
};

function answer(context: ControlContext): Answer {
  const id = reviewIds(context.db).at(-1);
  if (id === undefined) return notApplicable('No review was made in this engagement; see review-performed.');
  const { opened } = readReview(context.db, id);
  const { reviewer, notIndependent, items } = opened.value;
  if (notIndependent.length === 0) {
    return pass(
      `${reviewer.name}, the reviewer of ${id}, administers none of the keys among its ${count(items, 'item')}, as far as members of roles are known.`,
      [opened.seq],
    );
  }
  const shown = notIndependent.slice(0, 3).map(({ key, as }) => `${key} as ${as}`);
  return exception(
    `${reviewer.name}, the reviewer of ${id}, administers ${count(notIndependent.length, 'key')} under review: ${shown.join('; ')}${notIndependent.length > 3 ? ' …' : ''}.`,
    [opened.seq],
  );
}
