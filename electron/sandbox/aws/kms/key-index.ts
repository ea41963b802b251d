import type { Company, PolicyDocument, SandboxKey } from '../../company/types.ts';

export interface AliasEntry {
  name: string;
  arn: string;
  key?: SandboxKey;
}

/** The keys of one account in one Region, as they exist at asOf. */
export interface KeyShelf {
  /** By key id, the order of ListKeys. */
  keys: SandboxKey[];
  byId: Map<string, SandboxKey>;
  /** By name. */
  aliases: AliasEntry[];
  byAlias: Map<string, AliasEntry>;
}

export interface KeyIndex {
  shelf(accountId: string, region: string): KeyShelf;
  /** Parsed key policy. */
  policyOf(key: SandboxKey): PolicyDocument;
}

const EMPTY: KeyShelf = { keys: [], byId: new Map(), aliases: [], byAlias: new Map() };

export function createKeyIndex(company: Company): KeyIndex {
  const shelves = new Map<string, KeyShelf>();
  const shelfFor = (accountId: string, region: string): KeyShelf => {
    const id = `${accountId}/${region}`;
    let shelf = shelves.get(id);
    if (!shelf) {
      shelf = { keys: [], byId: new Map(), aliases: [], byAlias: new Map() };
      shelves.set(id, shelf);
    }
    return shelf;
  };
  const addAlias = (accountId: string, region: string, name: string, key?: SandboxKey): void => {
    const entry: AliasEntry = {
      name,
      arn: `arn:aws:kms:${region}:${accountId}:${name}`,
      ...(key ? { key } : {}),
    };
    const shelf = shelfFor(accountId, region);
    shelf.aliases.push(entry);
    shelf.byAlias.set(name, entry);
  };
  for (const key of company.keys) {
    if (key.deletedAt !== undefined) continue;
    const shelf = shelfFor(key.accountId, key.region);
    shelf.keys.push(key);
    shelf.byId.set(key.keyId, key);
    for (const name of key.aliases) addAlias(key.accountId, key.region, name, key);
  }
  for (const alias of company.predefinedAliases) addAlias(alias.accountId, alias.region, alias.name);
  for (const shelf of shelves.values()) {
    shelf.keys.sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
    shelf.aliases.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  const parsed = new Map<string, PolicyDocument>();
  return {
    shelf: (accountId, region) => shelves.get(`${accountId}/${region}`) ?? EMPTY,
    policyOf(key) {
      const text = key.policy;
      let document = parsed.get(text);
      if (!document) {
        document = JSON.parse(text) as PolicyDocument;
        parsed.set(text, document);
      }
      return document;
    },
  };
}
