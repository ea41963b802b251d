import type { ReadableDb } from '../../db/handle.ts';
import { latestDeclared } from '../engagement/declarations.ts';
import type { Holder } from './holders.ts';
import { glob } from './key-sets.ts';

/** The people behind a federated role or a group, and how that is known. */
export interface Members {
  members: { name: string; email: string | null }[];
  provider: string;
  asOf: string;
  /** Ledger entry of the roster. */
  seq: number;
}

/**
 * What a federated principal is called where people are given it; null for a principal that stands for itself, and for an
 * identity provider that only signs people in to a role: the role is looked at itself.
 */
export function federatedName({ principal, kind, kindReason, rights }: Holder): string | null {
  const set = /AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(principal)?.[1];
  if (set !== undefined) return set;
  if (kind === 'federated') return rights.some((held) => held.itself) ? lastPart(principal) : null;
  const throughProvider = kind === 'human' && /through SAML|through federation/.test(kindReason);
  return throughProvider || /members unknown/i.test(kindReason) ? lastPart(principal) : null;
}

const lastPart = (principal: string): string => principal.split('/').at(-1)!;

/**
 * Finds the members of federated roles and groups: as IAM Identity Center answered, else in the rosters that were
 * imported.
 */
export function memberFinder(
  db: ReadableDb,
  snapshot: string,
): (name: string, principal: string) => Members | null {
  const observed = identityCenterFinder(db, snapshot);
  const groups = [...latestDeclared(db, 'principals.members').values()].flatMap(({ seq, value }) =>
    value.groups.map((group) => ({
      ...group,
      seq,
      asOf: value.asOf,
      provider: value.provider,
      match: glob(group.name),
    })),
  );
  return (name, principal) => {
    const answered = observed(name, principal);
    if (answered) return answered;
    const found = groups.filter(({ match }) => match.test(name) || match.test(principal));
    const [first] = found;
    if (!first) return null;
    return {
      ...{ provider: first.provider, asOf: first.asOf, seq: first.seq },
      members: found.flatMap((g) => g.members),
    };
  };
}

/** Members of a permission set's role in its account; null when they are not all known. Who is disabled cannot sign in. */
function identityCenterFinder(
  db: ReadableDb,
  snapshot: string,
): (name: string, principal: string) => Members | null {
  const group = db.prepare<[string, string, string], { provider: string; asOf: string; seq: number }>(
    `SELECT provider, as_of AS asOf, seq FROM federated_group
      WHERE snapshot = ? AND account = ? AND name = ? AND unknown IS NULL`,
  );
  const members = db.prepare<[string, string, string], { name: string; email: string | null }>(
    `SELECT DISTINCT member AS name, email FROM federated_member
      WHERE snapshot = ? AND account = ? AND name = ? AND enabled = 1 ORDER BY member, email`,
  );
  return (name, principal) => {
    const account = /^arn:aws[a-z-]*:iam::(\d{12}):role\/aws-reserved\/sso\.amazonaws\.com\//.exec(
      principal,
    )?.[1];
    const found = account === undefined ? undefined : group.get(snapshot, account, name);
    return found ? { ...found, members: members.all(snapshot, account!, name) } : null;
  };
}
