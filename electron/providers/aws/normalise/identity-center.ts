import type { Answer } from '../../../derive/answer.ts';
import { followPages, type Pages } from './pages.ts';
import type { Target } from './target.ts';
import { asObject, objects, text, type JsonObject } from './wire.ts';

/** Answers of IAM Identity Center by action. */
export interface IdentityCenterAnswers {
  sets: readonly Answer[];
  assignments: readonly Answer[];
  groups: readonly Answer[];
  memberships: readonly Answer[];
  users: readonly Answer[];
}

interface Person {
  id: string;
  name: string;
  email: string | null;
  enabled: boolean;
  group: string | null;
  seq: number;
}

/**
 * Who is behind each permission set in each account. Where any part was not answered, the set stands with the reason why
 * its members are not all known.
 */
export function identityCenter(answers: IdentityCenterAnswers, to: Target): void {
  const group = to.into('federated_group', [
    ...['source', 'account', 'name', 'provider', 'as_of', 'unknown', 'seq'],
  ]);
  const member = to.into('federated_member', [
    ...['account', 'name', 'n', 'member_id', 'member', 'email', 'enabled', 'via_group', 'seq'],
  ]);
  const names = ok(answers.sets, 'PermissionSetArn', (body) => text(asObject(body.PermissionSet).Name));
  const groupNames = ok(answers.groups, 'GroupId', (body) => text(body.DisplayName));
  const users = ok(answers.users, 'UserId', (body) => body);
  const userSeqs = new Map(answers.users.map((answer) => [text(answer.params().UserId), answer.seq]));
  const memberships = followPages(answers.memberships, (a) => text(a.params().GroupId) ?? '');

  const assignments = followPages(answers.assignments, (a) =>
    [a.source, text(a.params().AccountId), text(a.params().PermissionSetArn)].join('\n'),
  );
  for (const [id, pages] of assignments) {
    const [source = '', account = '', arn = ''] = id.split('\n');
    const name = names.get(arn);
    // Without its name nothing says which roles it is.
    if (name === undefined || name === null) continue;
    const people: Person[] = [];
    let unknown = reasonOf(pages, 'ListAccountAssignments');
    const add = (userId: string, through: string | null): void => {
      const body = users.get(userId);
      if (!body) unknown ??= `DescribeUser did not answer for ${userId}`;
      const found = body ?? {};
      people.push({
        ...{ id: userId, name: nameOf(found) ?? userId, email: emailOf(found), group: through },
        enabled: text(found.UserStatus) !== 'DISABLED',
        seq: userSeqs.get(userId) ?? pages.last.seq,
      });
    };
    for (const item of pages.pages.flatMap(({ body }) => objects(body.AccountAssignments))) {
      const principal = text(item.PrincipalId) ?? '';
      if (text(item.PrincipalType) !== 'GROUP') {
        add(principal, null);
        continue;
      }
      const list = memberships.get(principal);
      if (!list) unknown ??= `ListGroupMemberships was not asked for ${principal}`;
      else unknown ??= reasonOf(list, 'ListGroupMemberships');
      for (const { MemberId } of list?.pages.flatMap(({ body }) => objects(body.GroupMemberships)) ?? [])
        add(text(asObject(MemberId ?? {}).UserId) ?? '', groupNames.get(principal) ?? principal);
    }
    group({
      ...{ source, account, name, provider: 'IAM Identity Center', unknown },
      ...{ as_of: pages.last.at.slice(0, 10), seq: pages.last.seq },
    });
    people.forEach(({ id: member_id, name: who, email, enabled, group: via_group, seq }, n) => {
      member({ account, name, n, member_id, member: who, email, enabled, via_group, seq });
    });
  }
}

/** What each answered question says, by what was asked. */
function ok<T>(answers: readonly Answer[], param: string, read: (body: JsonObject) => T): Map<string, T> {
  return new Map(
    answers
      .filter(({ status }) => status === 'ok')
      .map((answer) => [text(answer.params()[param]) ?? '', read(answer.body())]),
  );
}

const reasonOf = ({ complete, status, code }: Pages, action: string): string | null =>
  complete ? null : `${action} was ${status}${code === null ? '' : ` (${code})`}`;

function nameOf(user: JsonObject): string | null {
  const { GivenName, FamilyName, Formatted } = asObject(user.Name ?? {});
  const whole = [text(GivenName), text(FamilyName)].filter((part) => part !== null).join(' ');
  return text(user.DisplayName) ?? text(Formatted) ?? (whole || text(user.UserName));
}

/** The primary address; a user name that is one counts too. */
function emailOf(user: JsonObject): string | null {
  const emails = objects(user.Emails);
  const primary = emails.find((email) => email.Primary === true) ?? emails[0];
  const name = text(user.UserName);
  return text(primary?.Value) ?? (name?.includes('@') ? name : null);
}
