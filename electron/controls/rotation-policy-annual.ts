import { both, exception, notApplicable, pass, results, type Control } from './control.ts';
import { count } from './dates.ts';

const ID = 'rotation-policy-annual';
/** A year with a leap day: a policy that says "every year" and counts 366 days is annual. */
const YEAR = 366;

/** The policy itself asks for rotation at least once a year. */
export const rotationPolicyAnnual: Control = {
  id: ID,
  title: 'Policy asks for rotation at least annually',
  finding: 'rotation',
  criteria: ['CC6.1'],
  question: "Does the client's policy ask for rotation at least once a year?",
  method:
    'Read the policy parameter and its clause. SOC 2 sets no rotation interval: this is reported apart from the tests that measure against the policy, so that a weak policy cannot hide behind keys that follow it.',
  permissions: [],
  remediation: 'Shorten the interval in the policy, or record why a longer one is acceptable.',
  standards: [{ name: 'NIST SP 800-57 Part 1', version: 'Rev. 5', ref: '5.3.6' }],
  appliesTo: "the client's key management policy",
  test({ engagement }) {
    const { value, clause } = engagement.parameters.rotationDays;
    const answer =
      clause === null
        ? notApplicable(
            `No policy of the client is recorded; tests measure against the default of ${count(value, 'day')}.`,
          )
        : value > YEAR
          ? exception(
              `The client policy, clause ${clause}, allows ${count(value, 'day')} between rotations: less often than once a year.`,
            )
          : pass(
              `The client policy, clause ${clause}, asks for rotation every ${count(value, 'day')} at the latest.`,
            );
    return results(ID, 'engagement', 'policy', both(answer));
  },
};
