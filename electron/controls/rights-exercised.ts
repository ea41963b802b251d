import type { KeyRow } from '../../db/derived/keys.ts';
import { untold } from '../review/access-rows.ts';
import { holdersOf, isRoot, type Holder } from '../review/holders.ts';
import { usesOf, type KeyUses } from '../review/used.ts';
import {
  both,
  exception,
  notApplicable,
  pass,
  undetermined,
  type Answer,
  type Answers,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { count, earlier, later, periodText } from './dates.ts';
import { livedInPeriod, testKeys } from './test-keys.ts';

const ID = 'rights-exercised';

/** Rights to use a key that nobody exercised. */
export const rightsExercised: Control = {
  id: ID,
  title: 'Rights to use keys are exercised',
  finding: 'access',
  criteria: ['CC6.3'],
  question: 'Did everybody with a right to use the key use it in the period?',
  method:
    'Compare the principals that hold a right to use the key at collection with those that logs show using it in the period. Only where logs cover the whole period is a right that was not exercised an exception; else it is open, with the days that are missing. Principals whose use logs cannot tell apart (sessions, everyone, rights held by assuming a role) are left out and counted.',
  permissions: [
    'kms:GetKeyPolicy',
    'kms:ListGrants',
    'iam:GetAccountAuthorizationDetails',
    's3:GetObject',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.KeyVault/vaults/read',
    'Microsoft.OperationalInsights/workspaces/query/read',
    'sys/policies/acl/+ [read]',
    'identity/entity/id/+ [read]',
  ],
  remediation: 'Remove rights that are not needed, or record why they are kept (break-glass, seasonal).',
  standards: [],
  appliesTo: 'customer managed keys',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

const finders = new WeakMap<
  ControlContext,
  { uses: (key: string) => KeyUses; holders: (key: string) => readonly Holder[] }
>();

function test(context: ControlContext, key: KeyRow): Answers {
  const collection = notApplicable('Use is a matter of the period; see the answer for it.');
  const outside = livedInPeriod(context, key);
  if (outside) return both(outside);
  return { collection, period: answer(context, key) };
}

function answer(context: ControlContext, key: KeyRow): Answer {
  let find = finders.get(context);
  if (!find) {
    find = {
      uses: usesOf(context.db, context.engagement.period),
      holders: holdersOf(context.db, context.snapshot),
    };
    finders.set(context, find);
  }
  const cites = key.seq === null ? [] : [key.seq];
  if (!context.access.available) return undetermined('Access to this key was not evaluated.', cites);
  const uses = find.uses(key.id);
  let [used, left] = [0, 0];
  const idle: string[] = [];
  for (const holder of find.holders(key.id)) {
    const { principal, rights } = holder;
    const held = rights.find(({ right }) => right === 'use');
    if (!held || isRoot(principal)) continue;
    if (uses.get(principal)?.use) used += 1;
    else if (untold(holder, held) !== null) left += 1;
    else idle.push(principal);
  }
  const apart =
    left === 0
      ? ''
      : ` ${count(left, 'principal')} whose use logs cannot tell apart ${left === 1 ? 'is' : 'are'} left out.`;
  if (used + idle.length === 0)
    return notApplicable(`Nobody whose use logs can tell holds a right to use this key.${apart}`, cites);
  const { period } = context.engagement;
  const sentence = `${count(used, 'principal')} used the key in the period ${periodText(period)}, ${idle.length} with the right did not`;
  if (idle.length === 0) return pass(`${sentence}.${apart}`, cites);
  const names = `: ${idle.slice(0, 5).join(', ')}${idle.length > 5 ? ` and ${idle.length - 5} more (granted-versus-used.csv)` : ''}`;
  const from = later(period.from, key.created ?? period.from);
  const to = earlier(period.to, context.collectedAt);
  const holes = context.logs.holes(key.account, key.region, from, to, 'use');
  if (holes === null)
    return undetermined(
      `No log was read for ${key.account}/${key.region}: whether rights were exercised is not known.`,
      cites,
    );
  if (holes.length > 0) {
    const [first] = holes;
    return undetermined(
      `${sentence} as far as logs go${names}. Logs leave out ${count(holes.length, 'part')} of the period, the first from ${first!.from.slice(0, 10)} to ${first!.to.slice(0, 10)} (${first!.reason}).${apart}`,
      [...cites, ...holes.flatMap((hole) => hole.seqs)],
    );
  }
  return exception(`${sentence}${names}.${apart}`, cites);
}
