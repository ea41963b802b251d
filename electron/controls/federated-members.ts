import type { KeyRow } from '../../db/derived/keys.ts';
import { holdersOf, type Holder } from '../review/holders.ts';
import { federatedName, memberFinder, type Members } from '../review/members.ts';
import { personNamed } from '../review/people.ts';
import {
  evidenceRequired,
  exception,
  notApplicable,
  pass,
  undetermined,
  type Answer,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';
import { recordOf } from './records.ts';
import { testKeys } from './test-keys.ts';

const ID = 'federated-members';

/** The people behind federated roles and groups with rights on a key are known, and are there. */
export const federatedMembers: Control = {
  id: ID,
  title: 'People behind federated access are known',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.2', 'CC6.3'],
  question:
    'Who are the people behind the federated roles and groups that hold rights on the key, and do they all still work for the client?',
  method:
    'Resolve each federated role or group to its members through the identity provider’s roster (IAM Identity Center where readable, or an imported list), and compare the members with the list of people. Where no roster names the role, its members are unknown.',
  permissions: [
    'kms:GetKeyPolicy',
    'kms:ListGrants',
    'iam:GetAccountAuthorizationDetails',
    'sso:ListInstances',
    'sso:ListPermissionSetsProvisionedToAccount',
    'sso:DescribePermissionSet',
    'sso:ListAccountAssignments',
    'identitystore:ListGroupMemberships',
    'identitystore:DescribeUser',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.KeyVault/vaults/read',
    'sys/policies/acl/+ [read]',
    'identity/entity/id/+ [read]',
  ],
  remediation: 'Provide the identity provider’s list of members, and remove those who left.',
  standards: [],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testKeys(context, ID, (key) => {
      const collection = answer(context, key);
      return {
        collection,
        period:
          collection.result === 'pass'
            ? evidenceRequired(
                `${collection.reason} Who was a member earlier in the period is not shown; the identity provider's history is required.`,
                collection.cites,
              )
            : collection,
      };
    }),
};

const finders = new WeakMap<
  ControlContext,
  {
    members: (name: string, principal: string) => Members | null;
    holders: (key: string) => readonly Holder[];
  }
>();

function answer(context: ControlContext, key: KeyRow): Answer {
  let find = finders.get(context);
  if (!find) {
    find = {
      members: memberFinder(context.db, context.snapshot),
      holders: holdersOf(context.db, context.snapshot),
    };
    finders.set(context, find);
  }
  const cites = key.seq === null ? [] : [key.seq];
  const roles = find.holders(key.id).flatMap((holder) => {
    const name = federatedName(holder);
    return name === null ? [] : [{ name, members: find.members(name, holder.principal) }];
  });
  if (roles.length === 0) {
    return context.access.available
      ? notApplicable(
          'No federated role or group holds a right on this key, as far as access could be evaluated.',
          cites,
        )
      : undetermined('Access to this key was not evaluated.', cites);
  }
  const known = roles.flatMap(({ name, members }) => (members ? [{ name, ...members }] : []));
  cites.push(...known.map(({ seq }) => seq));
  const roster = recordOf(context, 'people.roster');
  if (roster) {
    const left = known.flatMap(({ name, members }) =>
      members.flatMap((member) => {
        const person =
          personNamed(roster.value, member.email ?? member.name) ?? personNamed(roster.value, member.name);
        return person?.to && person.to < day(context.collectedAt)
          ? [`${person.name} (left on ${person.to}) in ${name}`]
          : [];
      }),
    );
    if (left.length > 0)
      return exception(
        `Members of federated roles with rights on this key have left: ${left.slice(0, 5).join(', ')}.`,
        [...cites, roster.seq],
      );
  }
  const unknown = [...new Set(roles.filter(({ members }) => !members).map(({ name }) => name))];
  if (unknown.length > 0)
    return undetermined(`Members unknown: no roster names the members of ${unknown.join(', ')}.`, cites);
  const people = new Set(known.flatMap(({ members }) => members.map((m) => m.email ?? m.name)));
  return pass(
    `The ${[...new Set(known.map(({ name }) => name))].join(', ')} with rights on this key stand for ${people.size} people (${[...new Set(known.map((k) => `${k.provider}, ${k.asOf}`))].join('; ')}).`,
    cites,
  );
}
