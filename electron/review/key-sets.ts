import type { ReadableDb } from '../../db/handle.ts';
import { latestDeclared, type Declaration } from '../engagement/declarations.ts';

/** A set as last declared, with its id. */
export type DeclaredSet = Declaration<'key.set'> & { id: string };

/** Key sets as last declared, without removed ones, by id. */
export function keySets(db: ReadableDb): Map<string, DeclaredSet> {
  const removed = latestDeclared(db, 'key.set.removed');
  const sets = [...latestDeclared(db, 'key.set').values()]
    .filter((d) => (removed.get(d.subject)?.seq ?? 0) < d.seq)
    .map((d) => [d.subject, { ...d, id: d.subject }] as const);
  return new Map(sets.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What decides whether a key is in a set. */
export interface KeyTraits {
  id: string;
  account: string;
  aliases: readonly string[];
  tags: readonly { name: string; value: string }[];
}

/** Tells the sets of a key, nearest first: sets that name it, then sets by tag or alias, then by account, each followed by its parents. */
export function setFinder(sets: ReadonlyMap<string, DeclaredSet>): (key: KeyTraits) => DeclaredSet[] {
  const all = [...sets.values()];
  const named = new Map<string, DeclaredSet[]>();
  for (const set of all) {
    for (const key of set.value.members.keys) named.set(key, [...(named.get(key) ?? []), set]);
  }
  const byTrait = all.filter(({ value }) => value.members.tags.length + value.members.aliases.length > 0);
  const byAccount = all.filter(({ value }) => value.members.accounts.length > 0);
  const globs = new Map(
    byTrait.flatMap((set) => set.value.members.aliases.map((a) => [a, glob(a)] as const)),
  );
  return (key) => {
    const direct = [
      ...(named.get(key.id) ?? []),
      ...byTrait.filter(
        ({ value }) =>
          value.members.tags.some((tag) =>
            key.tags.some((t) => t.name === tag.name && t.value === tag.value),
          ) ||
          value.members.aliases.some((alias) => key.aliases.some((name) => globs.get(alias)!.test(name))),
      ),
      ...byAccount.filter(({ value }) => value.members.accounts.includes(key.account)),
    ];
    return [...new Set(direct.flatMap((set) => withParents(set, sets)))];
  };
}

/** A set and its parents, nearest first. A circle ends where it closes. */
export function withParents(set: DeclaredSet, sets: ReadonlyMap<string, DeclaredSet>): DeclaredSet[] {
  const line: DeclaredSet[] = [];
  for (let next: DeclaredSet | undefined = set; next && !line.includes(next);) {
    line.push(next);
    next = next.value.parent === null ? undefined : sets.get(next.value.parent);
  }
  return line;
}

/** A pattern in which `*` stands for any characters; the rest is literal, case counts. */
export function glob(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
}
