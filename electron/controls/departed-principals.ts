import {
  both,
  evidenceRequired,
  notApplicable,
  pass,
  results,
  undetermined,
  type Answer,
  type Control,
  type Result,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { count, periodText } from './dates.ts';

const ID = 'departed-principals';

/** Keys used by principals that no longer exist. */
export const departedPrincipals: Control = {
  id: ID,
  title: 'Principals that used keys and no longer exist are explained',
  finding: 'access',
  criteria: ['CC6.2', 'CC6.3'],
  question: 'Did users or roles that are gone at collection use keys in the period?',
  method:
    'Compare the users and roles of each AWS account that logs show using or changing keys in the period with the users and roles that IAM lists at collection. For each that is gone, the record of its removal is required.',
  permissions: ['iam:GetAccountAuthorizationDetails', 's3:GetObject'],
  remediation:
    'Provide the record of the removal (leaver, decommissioned system), and remove what policies still name it.',
  standards: [],
  appliesTo: 'AWS accounts with keys',
  test,
};

function* test(context: ControlContext): Generator<Result> {
  const accounts = [
    ...new Set(context.keys.filter((key) => key.provider === 'aws').map((key) => key.account)),
  ].sort();
  const { period } = context.engagement;
  const seen = context.db.prepare<
    [number, number, string],
    { principal: string; events: number; last: number }
  >(
    `SELECT principal, sum(events) AS events, max(last) AS last FROM usage_total
        WHERE day >= ? AND day < ? AND service = 'kms.amazonaws.com' AND error_code IS NULL AND principal LIKE ?
        GROUP BY principal ORDER BY principal`,
  );
  const [from, to] = [Date.parse(period.from) / DAY_MS, Math.ceil(Date.parse(period.to) / DAY_MS)];
  for (const account of accounts) {
    yield* results(
      ID,
      'account',
      account,
      both(answer(context, account, seen.all(from, to, `arn:aws%:iam::${account}:%`))),
    );
  }
}

const DAY_MS = 86_400_000;

function answer(
  context: ControlContext,
  account: string,
  seen: readonly { principal: string; events: number; last: number }[],
): Answer {
  const why = context.access.iamMissing.get(account);
  if (why !== undefined)
    return undetermined(`The users and roles of account ${account} were not read: ${why}.`);
  const cites = [...context.iam(account)];
  const there = new Set(
    context.db
      .prepare<[string, string], string>(
        "SELECT id FROM principal WHERE snapshot = ? AND account = ? AND kind IN ('user', 'role')",
      )
      .pluck()
      .all(context.snapshot, account),
  );
  const named = seen.filter(({ principal }) => /:(user|role)\//.test(principal));
  if (named.length === 0)
    return notApplicable(`Logs show no user or role of account ${account} using keys in the period.`, cites);
  const gone = named.filter(({ principal }) => !there.has(principal));
  const sentence = `${count(named.length, 'user or role', 'users and roles')} of account ${account} used or changed keys in the period ${periodText(context.engagement.period)}`;
  if (gone.length === 0) return pass(`${sentence}; all exist at collection.`, cites);
  const shown = gone
    .slice(0, 5)
    .map(
      (g) =>
        `${g.principal} (${count(g.events, 'event')}, last ${new Date(g.last).toISOString().slice(0, 10)})`,
    );
  return evidenceRequired(
    `${sentence}; ${gone.length} ${gone.length === 1 ? 'is' : 'are'} gone at collection: ${shown.join(', ')}${gone.length > 5 ? ` and ${gone.length - 5} more` : ''}. The record of the removal is required.`,
    cites,
  );
}
