import type { AccessPath, Certainty, Principal } from '../types.ts';

export interface HolderEvidence {
  key: string;
  principal: Principal;
  /** The least certain of what the finding rests on. */
  certainty: Certainty;
  /** Paths that give the use right. */
  use: readonly AccessPath[];
}

export interface AdministratorEvidence extends HolderEvidence {
  administer: readonly AccessPath[];
}

/**
 * Principals that can both administer and use the same key. The root user that a key policy delegates to is left out:
 * that is how every account keeps its keys manageable, not a person with two duties. Paths of one key must come
 * together, as the evaluator yields them; only one key is held in memory.
 */
export function* administratorsWhoUse(paths: Iterable<AccessPath>): Generator<AdministratorEvidence> {
  for (const { key, principal, paths: held } of byHolder(paths)) {
    if (principal.form === 'account-root') continue;
    const administer = held.filter((path) => path.right.class === 'administer');
    const use = held.filter((path) => path.right.class === 'use');
    if (administer.length === 0 || use.length === 0) continue;
    yield { key, principal, administer, use, certainty: weaker(best(administer), best(use)) };
  }
}

/** People who hold a right to use a key, themselves or through a role. */
export function* humansWithUse(paths: Iterable<AccessPath>): Generator<HolderEvidence> {
  for (const { key, principal, paths: held } of byHolder(paths)) {
    if (principal.kind !== 'human') continue;
    const use = held.filter((path) => path.right.class === 'use');
    if (use.length > 0) yield { key, principal, use, certainty: best(use) };
  }
}

interface Holder {
  key: string;
  principal: Principal;
  paths: AccessPath[];
}

function* byHolder(paths: Iterable<AccessPath>): Generator<Holder> {
  let key: string | undefined;
  let holders = new Map<string, Holder>();
  for (const path of paths) {
    if (path.key !== key) {
      yield* holders.values();
      holders = new Map();
      key = path.key;
    }
    const holder = holders.get(path.principal.id);
    if (holder) holder.paths.push(path);
    else holders.set(path.principal.id, { key, principal: path.principal, paths: [path] });
  }
  yield* holders.values();
}

const ORDER: readonly Certainty[] = ['allowed', 'conditional', 'unknown'];

const best = (paths: readonly AccessPath[]): Certainty =>
  ORDER.find((certainty) => paths.some((path) => path.certainty === certainty)) ?? 'unknown';

const weaker = (x: Certainty, y: Certainty): Certainty => (ORDER.indexOf(x) > ORDER.indexOf(y) ? x : y);
