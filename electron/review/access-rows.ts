import type { ReadableDb } from '../../db/handle.ts';
import { iterateInventory } from '../../db/derived/inventory.ts';
import type { RightClass } from '../access/types.ts';
import { currentEngagement } from '../engagement/current.ts';
import { coverageOf } from '../pack/report/coverage-part.ts';
import { approvedFinder, isApproved } from './approved.ts';
import { holdersOf, isRoot, isSession, type HeldRight, type Holder } from './holders.ts';
import { federatedName, memberFinder } from './members.ts';
import { usesOf } from './used.ts';

/** One right of one principal on one key, as the review looks at it: approved or not, used or not. */
export interface AccessRow {
  key: string;
  principal: string;
  kind: string;
  kindReason: string;
  right: RightClass;
  uses: string[];
  certainty: HeldRight['certainty'];
  via: string[];
  /** Against the approved list; no list: there is none. */
  approval: 'approved' | 'unapproved' | 'no list' | 'root user' | 'runs a role';
  /** Times the right was exercised in the covered part of the period; null where logs cannot tell, with the reason in `usedWhy`. */
  used: number | null;
  usedWhy: string | null;
  lastUsed: string | null;
  /** Members of a federated role; null for one that stands for itself, `[]` with `membersUnknown` when not known. */
  members: string[] | null;
  membersUnknown: boolean;
}

/** Rights of every principal on every key, in key order. @param key only of this key */
export function* accessRows(db: ReadableDb, snapshot: string, key?: string): Generator<AccessRow> {
  const { period } = currentEngagement(db);
  const holders = holdersOf(db, snapshot);
  const uses = usesOf(db, period);
  const approvedFor = approvedFinder(db, snapshot);
  const membersOf = memberFinder(db, snapshot);
  const keys = key === undefined ? [...iterateInventory(db, snapshot)].map((row) => row.key) : [key];
  for (const id of keys) {
    const approved = approvedFor(id);
    const used = uses(id);
    for (const { principal, kind, kindReason, rights } of holders(id)) {
      const name = federatedName({ principal, kind, kindReason, rights });
      const members = name === null ? null : membersOf(name, principal);
      for (const held of rights) {
        const exercised = used.get(principal)?.[held.right];
        const why = exercised ? null : untold({ principal, kind, kindReason }, held);
        yield {
          ...{ key: id, principal, kind, kindReason, right: held.right, uses: held.uses },
          ...{ certainty: held.certainty, via: held.via },
          approval: isRoot(principal)
            ? 'root user'
            : kind === 'cloud-service' && !held.itself
              ? 'runs a role'
              : approved === null
                ? 'no list'
                : isApproved(approved, principal, held.right)
                  ? 'approved'
                  : 'unapproved',
          used: why === null ? (exercised?.events ?? 0) : null,
          usedWhy: why,
          lastUsed: exercised?.last ?? null,
          members: name === null ? null : (members?.members.map((m) => m.email ?? m.name) ?? []),
          membersUnknown: name !== null && members === null,
        };
      }
    }
  }
}

/** Why logs cannot say whether a principal exercised a right; null when they can. */
export function untold(
  { principal, kind, kindReason }: Pick<Holder, 'principal' | 'kind' | 'kindReason'>,
  held: HeldRight,
): string | null {
  if (isSession(principal)) return 'logs add a session up under its role';
  if (kind === 'federated' || /members unknown/i.test(kindReason))
    return 'stands for its members: logs name them';
  if (!held.itself) return 'held only by assuming a role: logs name the role';
  if (kind === 'everyone' || principal.endsWith('/*') || principal.includes('*'))
    return 'stands for many principals';
  if (kind === 'external-account' && isRoot(principal)) return 'stands for every principal of an account';
  return null;
}

/** How much of the period logs of a key's place cover, in words; printed beside every count of uses. */
export function coverageCaveat(
  db: ReadableDb,
  snapshot: string,
): (account: string, region: string) => string {
  const { period } = currentEngagement(db);
  const days = Math.round((Date.parse(period.to) - Date.parse(period.from)) / DAY_MS);
  const known = new Map<string, string>();
  return (account, region) => {
    const place = `${account}/${region}`;
    let text = known.get(place);
    if (text === undefined) {
      const covered = coverageOf(db, snapshot, account, region);
      let whole = 0;
      for (let d = 0; d < days; d += 1) {
        const from = Date.parse(period.from) + d * DAY_MS;
        if (covered(from, from + DAY_MS) === true) whole += 1;
      }
      text = `${whole} of ${days} days covered by logs`;
      known.set(place, text);
    }
    return text;
  };
}

const DAY_MS = 86_400_000;
