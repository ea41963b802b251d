import type { KeyRow } from '../../db/derived/keys.ts';
import { approvedFinder, checkApproved, type ApprovedFor } from '../review/approved.ts';
import { holdersOf, type Holder } from '../review/holders.ts';
import type { AccessFact } from './access-facts.ts';
import { both, evidenceRequired, type Answer, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { count } from './dates.ts';
import { accessAnswers } from './test-access.ts';
import { testKeys } from './test-keys.ts';

const ID = 'access-approved';

/** Whoever holds a right on a key is approved for it. */
export const accessApproved: Control = {
  id: ID,
  title: 'Access to keys is approved',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question:
    'Is everybody who can administer, use or grant the key on the list of approved principals of its key set?',
  method:
    'Evaluate what decides who reaches the key (AWS: key policy, grants and IAM; Azure: roles and the access policies of the vault; Vault: ACL policies and identities), and compare each right of each principal with the list of approved principals: that of the key, else of its nearest key set, and the list for all keys. Left out are the root user of an AWS key’s account, because it keeps every key manageable, and cloud services that run a role, because the role is tested itself. Approved principals without the right are named.',
  permissions: [
    'kms:GetKeyPolicy',
    'kms:ListGrants',
    'iam:GetAccountAuthorizationDetails',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.KeyVault/vaults/read',
    'sys/policies/acl/+ [read]',
    'identity/entity/id/+ [read]',
  ],
  remediation: 'Remove the right, or have the owner approve it and renew the list.',
  standards: [],
  appliesTo: 'customer managed keys',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

const finders = new WeakMap<
  ControlContext,
  { approved: (key: string) => ApprovedFor | null; holders: (key: string) => readonly Holder[] }
>();

function test(context: ControlContext, key: KeyRow): Answers {
  let find = finders.get(context);
  if (!find) {
    find = {
      approved: approvedFinder(context.db, context.snapshot),
      holders: holdersOf(context.db, context.snapshot),
    };
    finders.set(context, find);
  }
  const approved = find.approved(key.id);
  if (!approved) {
    return both(
      evidenceRequired(
        'No list of approved principals covers this key; it is required to say whether access is approved.',
        key.seq === null ? [] : [key.seq],
      ),
    );
  }
  const check = checkApproved(find.holders(key.id), approved);
  const facts = unapprovedFacts(check.unapproved);
  const rights = check.unapproved.length;
  const lists = approved.lists
    .map((l) => `${l.subject === '*' ? 'all keys' : l.subject} (${l.approver}, ${l.approvedAt})`)
    .join(' and ');
  const answers = accessAnswers(
    context,
    {
      id: ID,
      facts: () => facts,
      needs: ['GetKeyPolicy', 'ListGrants', 'iam'],
      finding: `${count(rights, 'right is', 'rights are')} not on the list of approved principals of ${lists}`,
      none: `all ${count(check.approved, 'right')} on this key were on the list of approved principals of ${lists}`,
    },
    key,
  );
  const absent = check.absent.map(({ principal, right }) => `${principal} (${right})`);
  const more =
    absent.length === 0
      ? ''
      : ` Approved but absent: ${absent.slice(0, 5).join(', ')}${absent.length > 5 ? ` and ${absent.length - 5} more` : ''}.`;
  const cite = (answer: Answer, note: string): Answer => ({
    ...answer,
    reason: answer.reason + note,
    cites: [...answer.cites, ...approved.lists.map((list) => list.seq)],
  });
  return { collection: cite(answers.collection, more), period: cite(answers.period, '') };
}

/** One fact for each principal, with all its rights: a reader looks for people, not for rights. */
function unapprovedFacts(unapproved: ReturnType<typeof checkApproved>['unapproved']): AccessFact[] {
  const groups = Map.groupBy(unapproved, ({ principal, certainty }) => `${certainty} ${principal}`);
  return [...groups.values()].map((held) => {
    const { principal, certainty } = held[0]!;
    const rights = [...new Set(held.map(({ right }) => right))];
    const how = rights.length === 1 ? `a right to ${rights[0]}` : `rights to ${rights.join(', ')}`;
    return { who: principal, how, condition: null, certainty };
  });
}
