import { createHash } from 'node:crypto';
import type { ReadableDb } from '../../db/handle.ts';
import type { RightClass } from '../access/types.ts';

export type Certainty = 'allowed' | 'conditional' | 'unknown';

/** One class of right that a principal holds on a key, over all paths that give it. */
export interface HeldRight {
  right: RightClass;
  /** encrypt, decrypt, sign …; empty unless the right is use. */
  uses: string[];
  /** The surest of its paths. */
  certainty: Certainty;
  /** What gives it, from the key outwards, one text a path. */
  via: string[];
  /** False when every path goes through a role that the principal would have to assume: logs then name the role. */
  itself: boolean;
}

/** Somebody with rights on a key. */
export interface Holder {
  principal: string;
  kind: string;
  kindReason: string;
  rights: HeldRight[];
}

interface RightRow {
  principal: string;
  principal_kind: string;
  kind_reason: string;
  access: RightClass;
  use_kind: string | null;
  via: string;
  certainty: Certainty;
  steps: string;
}

const CERTAINTIES: readonly Certainty[] = ['allowed', 'conditional', 'unknown'];
const RIGHTS: readonly RightClass[] = ['administer', 'use', 'grant'];
/** Sets of holders kept: keys that are alike share one. */
const MOST_KEPT = 200;

/** Gives the holders of rights on a key, by principal. Keys with the same paths share the answer. */
export function holdersOf(db: ReadableDb, snapshot: string): (key: string) => readonly Holder[] {
  const paths = db
    .prepare<[string, string], number>(
      'SELECT path FROM access_right_of_key WHERE snapshot = ? AND key = ? ORDER BY n',
    )
    .pluck();
  const right = db.prepare<[string, number], RightRow>(
    `SELECT principal, principal_kind, kind_reason, access, use_kind, via, certainty, steps FROM access_right
      WHERE snapshot = ? AND id = ?`,
  );
  const rights = new Map<number, RightRow & { itself: boolean }>();
  const rightOf = (id: number) => {
    let found = rights.get(id);
    if (!found) {
      const row = right.get(snapshot, id)!;
      found = { ...row, itself: !row.steps.includes('"type":"role-trust"') };
      rights.set(id, found);
    }
    return found;
  };
  const kept = new Map<string, readonly Holder[]>();
  return (key) => {
    const ids = paths.all(snapshot, key);
    const likeness = createHash('sha256').update(Float64Array.from(ids)).digest('base64');
    let holders = kept.get(likeness);
    if (!holders) {
      holders = group(ids.map(rightOf));
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(likeness, holders);
    }
    return holders;
  };
}

function group(rows: readonly (RightRow & { itself: boolean })[]): Holder[] {
  return [...Map.groupBy(rows, (row) => row.principal)]
    .map(([principal, held]) => ({
      principal,
      kind: held[0]!.principal_kind,
      kindReason: held[0]!.kind_reason,
      rights: RIGHTS.flatMap((right) => {
        const paths = held.filter((row) => row.access === right);
        return paths.length === 0 ? [] : [heldRight(right, paths)];
      }),
    }))
    .sort((a, b) => (a.principal < b.principal ? -1 : 1));
}

function heldRight(right: RightClass, paths: readonly (RightRow & { itself: boolean })[]): HeldRight {
  return {
    right,
    uses: [...new Set(paths.flatMap((path) => path.use_kind ?? []))].sort(),
    certainty: CERTAINTIES.find((certainty) => paths.some((path) => path.certainty === certainty))!,
    via: [...new Set(paths.map((path) => path.via))],
    itself: paths.some((path) => path.itself),
  };
}

/** The account's own root user: through it a key policy delegates to IAM, and it keeps every key manageable. */
export const isRoot = (principal: string): boolean => /^arn:aws[a-z-]*:iam::\d{12}:root$/.test(principal);

/** A session of a role; logs add its uses up under the role. */
export const isSession = (principal: string): boolean =>
  /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\//.test(principal);
