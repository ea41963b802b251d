import { KMS_ACTIONS, usableActions } from './kms-actions.ts';
import type { Right } from '../types.ts';
import { glob } from './text-match.ts';

/**
 * A set of actions as two bit masks, so that intersecting a key policy with thousands of IAM policies costs a few
 * machine instructions. `a` holds administration, grants and role assumption; `u` holds use and view.
 */
export interface ActionSet {
  readonly a: number;
  readonly u: number;
}

interface Bit {
  /** Full name, e.g. `kms:Decrypt`. */
  name: string;
  lower: string;
  word: 'a' | 'u';
  mask: number;
}

const STS = ['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'TagSession'] as const;

const BITS: readonly Bit[] = layOut();

function layOut(): Bit[] {
  const next = { a: 0, u: 0 };
  const place = (name: string, word: 'a' | 'u'): Bit => {
    const mask = 1 << next[word]++;
    return { name, lower: name.toLowerCase(), word, mask };
  };
  const kms = KMS_ACTIONS.filter((action) => action.class !== 'account').map((action) =>
    place(`kms:${action.name}`, action.class === 'use' || action.class === 'view' ? 'u' : 'a'),
  );
  const all = [...kms, ...STS.map((name) => place(`sts:${name}`, 'a'))];
  // A 32nd bit would still work with & and |, a 33rd would silently overlap the first.
  if (next.a > 32 || next.u > 32) throw new Error('cannot lay out KMS actions: more than 32 in one mask');
  return all;
}

export const EMPTY: ActionSet = { a: 0, u: 0 };
export const isEmpty = (s: ActionSet): boolean => s.a === 0 && s.u === 0;
export const union = (x: ActionSet, y: ActionSet): ActionSet => ({ a: x.a | y.a, u: x.u | y.u });
export const both = (x: ActionSet, y: ActionSet): ActionSet => ({ a: x.a & y.a, u: x.u & y.u });
export const without = (x: ActionSet, y: ActionSet): ActionSet => ({ a: x.a & ~y.a, u: x.u & ~y.u });
export const overlaps = (x: ActionSet, y: ActionSet): boolean => ((x.a & y.a) | (x.u & y.u)) !== 0;
export const covers = (x: ActionSet, y: ActionSet): boolean => (y.a & ~x.a) === 0 && (y.u & ~x.u) === 0;

function select(test: (bit: Bit) => boolean): ActionSet {
  let a = 0;
  let u = 0;
  for (const bit of BITS) {
    if (!test(bit)) continue;
    if (bit.word === 'a') a |= bit.mask;
    else u |= bit.mask;
  }
  return { a, u };
}

/** The set of exactly these KMS operations, by their names without prefix; names KMS does not have are ignored. */
export function kmsSet(names: Iterable<string>): ActionSet {
  const wanted = new Set([...names].map((name) => `kms:${name.toLowerCase()}`));
  return select((bit) => wanted.has(bit.lower));
}

const inCatalogue = (test: (action: (typeof KMS_ACTIONS)[number]) => boolean): ActionSet =>
  kmsSet(KMS_ACTIONS.filter(test).map((action) => action.name));

/** Everything that can be done to one key. */
export const KEY_ACTIONS = inCatalogue((action) => action.class !== 'account');
/** What an access path can be about: administer, use and grant, without the right to look. */
export const RIGHTS = inCatalogue((action) => action.class !== 'account' && action.class !== 'view');
export const CRYPTOGRAPHIC = inCatalogue((action) => action.class === 'use');
export const CROSS_ACCOUNT = inCatalogue((action) => action.crossAccount);
/** How IAM users, roles and services assume a role, and how federated identities do. */
export const ASSUME_ROLE = select((bit) => bit.lower === 'sts:assumerole');
export const ASSUME_FEDERATED = select((bit) => bit.lower.startsWith('sts:assumerolewith'));
export const TAG_SESSION = select((bit) => bit.lower === 'sts:tagsession');

const PATTERNS = new Map<string, ActionSet>();

/** The actions a policy's `Action` value names. Wildcards `*` and `?`, any case (IAM guide, "Action element"). */
export function actionsOf(pattern: string): ActionSet {
  const lower = pattern.toLowerCase();
  let found = PATTERNS.get(lower);
  if (found === undefined) {
    const matches = glob(lower);
    found = select((bit) => matches(bit.lower));
    PATTERNS.set(lower, found);
  }
  return found;
}

/** What `NotAction` with these values leaves. */
export const allActionsBut = (set: ActionSet): ActionSet =>
  without(
    select(() => true),
    set,
  );

const NAMES = new Map<string, readonly string[]>();

/** Names of the actions in a set, sorted; the same array for the same set. */
export function namesOf(set: ActionSet): readonly string[] {
  const id = `${set.a}/${set.u}`;
  let names = NAMES.get(id);
  if (names === undefined) {
    names = Object.freeze(
      BITS.filter((bit) => (set[bit.word] & bit.mask) !== 0)
        .map((bit) => bit.name)
        .sort(),
    );
    NAMES.set(id, names);
  }
  return names;
}

export interface RightGroup {
  right: Right;
  set: ActionSet;
}

/** The rights that access paths are listed by, each with its actions. */
export const RIGHT_GROUPS: readonly RightGroup[] = [
  { right: { class: 'administer' }, set: inCatalogue((action) => action.class === 'administer') },
  ...(['encrypt', 'decrypt', 'data-key', 'sign', 'verify', 'mac', 'derive'] as const).map((use) => ({
    right: { class: 'use' as const, use },
    set: inCatalogue((action) => action.use === use),
  })),
  { right: { class: 'grant' }, set: inCatalogue((action) => action.class === 'grant') },
];

/** All actions that make sense on a key of this usage. */
export function applicableTo(keyUsage?: string, keySpec?: string): ActionSet {
  const usable = usableActions(keyUsage, keySpec);
  return usable === undefined ? KEY_ACTIONS : union(without(KEY_ACTIONS, CRYPTOGRAPHIC), kmsSet(usable));
}
