import type { ReadableDb } from '../../db/handle.ts';
import { inventoryOf } from '../../db/derived/inventory.ts';
import type { RightClass } from '../access/types.ts';
import { declare, latestDeclared } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import { approvedPrincipals, memberRoster } from '../engagement/records.ts';
import type { Work } from '../engine/with-engagement.ts';
import { attach, type GivenFile } from './attachments.ts';
import { ReviewError } from './error.ts';
import type { Holder } from './holders.ts';
import { isRoot } from './holders.ts';
import { keyFinder } from './inventory.ts';
import { glob, keySets } from './key-sets.ts';
import { onlyManagement } from './mode.ts';
import { cellOf, dayOf, listOf, readTable } from './table-file.ts';

const RIGHTS: readonly RightClass[] = ['administer', 'use', 'grant'];

/** The lists of approved principals that decide about a key. */
export interface ApprovedFor {
  lists: { subject: string; approver: string; approvedAt: string; seq: number }[];
  entries: { principal: string; rights: readonly RightClass[]; match: RegExp }[];
}

/** One right against the approved list. */
export interface ApprovalCheck {
  unapproved: { principal: string; right: RightClass; certainty: Holder['rights'][number]['certainty'] }[];
  approved: number;
  /** Approved, and not held. */
  absent: { principal: string; right: RightClass }[];
}

/**
 * Finds the list of a key: its own, else that of its nearest key set; the list for every key (`*`) counts besides. Null
 * without any.
 */
export function approvedFinder(db: ReadableDb, snapshot: string): (key: string) => ApprovedFor | null {
  const lists = latestDeclared(db, 'principals.approved');
  const opened = new Map(
    [...lists].map(([subject, { seq, value }]) => [
      subject,
      {
        list: { subject, approver: value.approver, approvedAt: value.approvedAt, seq },
        entries: value.principals.map((p) => ({ ...p, match: principalPattern(p.principal) })),
      },
    ]),
  );
  return (key) => {
    const sets = inventoryOf(db, snapshot, key)?.sets ?? [];
    const nearest = [key, ...sets].map((subject) => opened.get(subject)).find(Boolean);
    const found = [nearest, opened.get('*')].filter((list) => list !== undefined);
    if (found.length === 0) return null;
    return { lists: found.map(({ list }) => list), entries: found.flatMap(({ entries }) => entries) };
  };
}

/** An ARN or id as it is, or the end of one: `role/orders-api`, `orders-api`; `*` stands for any characters. */
function principalPattern(pattern: string): RegExp {
  return /^(arn:|\*|https?:|[0-9a-f]{8}-)/i.test(pattern)
    ? glob(pattern)
    : new RegExp(`(^|[/:])${glob(pattern).source.slice(1)}`, 's');
}

/**
 * Tests every right on a key against its list. Left out are the root user of the key's own account, which keeps keys
 * manageable, and cloud services that run a role: the role is tested itself.
 */
export function checkApproved(holders: readonly Holder[], approved: ApprovedFor): ApprovalCheck {
  const check: ApprovalCheck = { unapproved: [], approved: 0, absent: [] };
  const held = new Set<string>();
  for (const { principal, kind, rights } of holders) {
    if (isRoot(principal)) continue;
    for (const { right, certainty, itself } of rights) {
      if (kind === 'cloud-service' && !itself) continue;
      const entries = approved.entries.filter(
        (entry) => entry.match.test(principal) && entry.rights.includes(right),
      );
      for (const entry of entries) held.add(`${entry.principal}\n${right}`);
      if (entries.length > 0) check.approved += 1;
      else check.unapproved.push({ principal, right, certainty });
    }
  }
  for (const { principal, rights } of approved.entries) {
    for (const right of rights) {
      if (!held.has(`${principal}\n${right}`)) check.absent.push({ principal, right });
    }
  }
  return check;
}

/** Whether one right of one principal is approved. */
export const isApproved = (approved: ApprovedFor, principal: string, right: RightClass): boolean =>
  approved.entries.some((entry) => entry.match.test(principal) && entry.rights.includes(right));

/**
 * Records the approved principals of a key set (or key, or `*`) by hand.
 *
 * @throws ReviewError INDEPENDENCE, NOT_KNOWN
 */
export async function recordApproved(
  { db, writer }: Work,
  by: Operator,
  subject: string,
  value: Parameters<typeof approvedPrincipals.parse>[0],
): Promise<void> {
  onlyManagement(db, 'approve principals', 'Import the list that the client approved');
  await declare(writer, by, 'principals.approved', subject, approvedPrincipals.parse(value));
}

/**
 * Imports lists of approved principals: columns key_set (or key; `*` for every key), principal, rights, approver,
 * approved_at. Each subject's list is replaced as a whole.
 *
 * @throws ReviewError BAD_FILE, NOT_KNOWN (a key set or key)
 */
export async function importApproved(
  { db, writer }: Work,
  by: Operator,
  snapshot: string,
  file: GivenFile,
): Promise<{ lists: { subject: string; principals: number }[] }> {
  const { rows } = await readTable(file);
  const find = keyFinder(db, snapshot);
  const sets = keySets(db);
  const subjects = new Map<
    string,
    { approver: string; approvedAt: string; principals: { principal: string; rights: RightClass[] }[] }
  >();
  for (const { line, cells } of rows) {
    const where = `${file.name}, line ${line}`;
    const named = cellOf(cells, 'key_set', 'set', 'key') ?? '*';
    const keys = find(named);
    const subject = named === '*' || sets.has(named) ? named : keys.length === 1 ? keys[0]! : null;
    if (subject === null)
      throw new ReviewError(
        'NOT_KNOWN',
        `cannot read ${where}: "${named}" is no key set and no key. Define the set first, or write * for every key.`,
      );
    const principal = cellOf(cells, 'principal', 'who', 'arn');
    const approver = cellOf(cells, 'approver', 'approved_by');
    const approvedAt = dayOf(cellOf(cells, 'approved_at', 'approved_on', 'approval_date') ?? '', where);
    if (!principal || !approver || !approvedAt) {
      throw new ReviewError(
        'BAD_FILE',
        `cannot read ${where}: a list needs a principal, an approver and a day of approval in every row.`,
      );
    }
    const rights = rightsOf(cellOf(cells, 'rights', 'right') ?? '', where);
    const list = subjects.get(subject) ?? { approver, approvedAt, principals: [] };
    subjects.set(subject, list);
    // The latest approval of the list is the one that is judged.
    if (approvedAt > list.approvedAt) Object.assign(list, { approver, approvedAt });
    list.principals.push({ principal, rights });
  }
  if (subjects.size === 0) throw new ReviewError('BAD_FILE', `cannot import ${file.name}: it has no rows.`);
  const { sha256 } = await attach(writer, 'approved-principals', file);
  for (const [subject, list] of subjects) {
    await declare(
      writer,
      by,
      'principals.approved',
      subject,
      approvedPrincipals.parse({ ...list, attachment: sha256 }),
    );
  }
  return { lists: [...subjects].map(([subject, list]) => ({ subject, principals: list.principals.length })) };
}

function rightsOf(cell: string, where: string): RightClass[] {
  const words = listOf(cell.replaceAll(',', ';')).map((word) => word.toLowerCase());
  const rights = words.flatMap((word) => {
    if (word === 'all') return RIGHTS;
    const right = RIGHTS.find((r) => word === r || (r === 'administer' && /^admin/.test(word)));
    if (!right)
      throw new ReviewError(
        'BAD_FILE',
        `cannot read ${where}: "${word}" is no right. Write administer, use, grant or all.`,
      );
    return [right];
  });
  return rights.length === 0 ? ['use'] : [...new Set(rights)];
}

/**
 * Imports who is behind groups and federated roles: columns group (role, permission set), member, email. A group with no
 * members has one row with an empty member.
 *
 * @throws ReviewError BAD_FILE
 */
export async function importMembers(
  { writer }: Work,
  by: Operator,
  file: GivenFile,
  roster: { provider: string; asOf: string },
): Promise<{ groups: number; members: number }> {
  const { rows } = await readTable(file);
  const groups = new Map<string, { name: string; email: string | null }[]>();
  for (const { line, cells } of rows) {
    const name = cellOf(cells, 'group', 'role', 'permission_set', 'principal');
    if (!name)
      throw new ReviewError(
        'BAD_FILE',
        `cannot read ${file.name}, line ${line}: it names no group. Give a column "group".`,
      );
    const members = groups.get(name) ?? [];
    groups.set(name, members);
    const email = cellOf(cells, 'email', 'mail');
    const member = cellOf(cells, 'member', 'name', 'user') ?? email;
    if (member) members.push({ name: member, email });
  }
  if (groups.size === 0) throw new ReviewError('BAD_FILE', `cannot import ${file.name}: it has no rows.`);
  const { sha256 } = await attach(writer, 'members', file);
  const value = {
    attachment: sha256,
    ...roster,
    groups: [...groups].map(([name, members]) => ({ name, members })),
  };
  await declare(writer, by, 'principals.members', roster.provider, memberRoster.parse(value));
  return { groups: groups.size, members: [...groups.values()].reduce((sum, list) => sum + list.length, 0) };
}
