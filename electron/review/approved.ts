import type { z } from 'zod';
import type { ReadableDb } from '../../db/handle.ts';
import { inventoryOf } from '../../db/derived/inventory.ts';
import type { RightClass } from '../access/types.ts';
import { declare, latestDeclared, type Declaration } from '../engagement/declarations.ts';
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

/** Lists as last recorded, without those taken away, by subject. */
export function approvedLists(db: ReadableDb): Map<string, Declaration<'principals.approved'>> {
  const removed = latestDeclared(db, 'principals.approved.removed');
  const lists = [...latestDeclared(db, 'principals.approved')];
  return new Map(lists.filter(([subject, { seq }]) => (removed.get(subject)?.seq ?? 0) < seq));
}

/**
 * Finds the list of a key: its own, else that of its nearest key set; the list for every key (`*`) counts besides. Null
 * without any.
 */
export function approvedFinder(db: ReadableDb, snapshot: string): (key: string) => ApprovedFor | null {
  const lists = approvedLists(db);
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

/** A list as it is recorded by hand. */
export type ApprovedByHand = Omit<z.infer<typeof approvedPrincipals>, 'attachment'>;

/**
 * Records the approved principals of a key set (or key, or `*` for every key) by hand; replaces its list as a whole.
 *
 * @throws ReviewError INDEPENDENCE, NOT_KNOWN
 */
export async function recordApproved(
  { db, writer }: Work,
  by: Operator,
  snapshot: string,
  named: string,
  value: ApprovedByHand,
): Promise<{ subject: string }> {
  onlyManagement(db, 'approve principals', 'Import the list that the client approved');
  const subject = approvedSubject(db, snapshot)(named);
  if (subject === null) throw notASubject(`record approved principals of "${named}"`, 'it');
  await declare(
    writer,
    by,
    'principals.approved',
    subject,
    approvedPrincipals.parse({ ...value, attachment: null }),
  );
  return { subject };
}

/** Takes a list away: its keys are tested against those that stay. @throws ReviewError INDEPENDENCE, NOT_KNOWN */
export async function removeApproved(
  { db, writer }: Work,
  by: Operator,
  subject: string,
  reason: string,
): Promise<void> {
  onlyManagement(db, 'take an approved list away', 'Import the list that the client approved');
  const lists = approvedLists(db);
  if (!lists.has(subject)) {
    throw new ReviewError(
      'NOT_KNOWN',
      `cannot remove the approved list of ${subject}: there is none. Lists: ${[...lists.keys()].join(', ') || 'none'}.`,
    );
  }
  await declare(writer, by, 'principals.approved.removed', subject, { reason });
}

/** What a list is of, by the name it was given: a key set, a key by ARN, id or alias, or `*`; null for none of them. */
function approvedSubject(db: ReadableDb, snapshot: string): (named: string) => string | null {
  const find = keyFinder(db, snapshot);
  const sets = keySets(db);
  return (named) => {
    if (named === '*' || sets.has(named)) return named;
    const [key, more] = find(named);
    return key !== undefined && more === undefined ? key : null;
  };
}

const notASubject = (what: string, it: string): ReviewError =>
  new ReviewError(
    'NOT_KNOWN',
    `cannot ${what}: ${it} is no key set and no key. Define the set first, or write * for every key.`,
  );

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
  const subjectOf = approvedSubject(db, snapshot);
  const subjects = new Map<
    string,
    { approver: string; approvedAt: string; principals: { principal: string; rights: RightClass[] }[] }
  >();
  for (const { line, cells } of rows) {
    const where = `${file.name}, line ${line}`;
    const named = cellOf(cells, 'key_set', 'set', 'key') ?? '*';
    const subject = subjectOf(named);
    if (subject === null) throw notASubject(`read ${where}`, `"${named}"`);
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

/** Rights by their words, separated by semicolon or comma; use when none is given. @throws ReviewError BAD_FILE */
export function rightsOf(cell: string, where: string): RightClass[] {
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
