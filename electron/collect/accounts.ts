/**
 * Which accounts the sources of a run turned out to be. A log bucket may hold the files of all of them, and the source
 * that can read it cannot know the others' accounts before they have signed in.
 */
export interface Accounts {
  /** Says what account a source is, or null for one that has none or stopped before it was known. First word counts. */
  tell(source: string, account: string | null): void;
  /** Accounts of all sources, sorted, as soon as each has told. */
  all(): Promise<readonly string[]>;
}

export function createAccounts(sources: readonly string[]): Accounts {
  const told = new Map(sources.map((source) => [source, Promise.withResolvers<string | null>()]));
  return {
    tell: (source, account) => told.get(source)?.resolve(account),
    async all() {
      const known = await Promise.all([...told.values()].map(({ promise }) => promise));
      return [...new Set(known.filter((account) => account !== null))].sort();
    },
  };
}
