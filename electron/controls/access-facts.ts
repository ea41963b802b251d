import type { ReadableDb } from '../../db/handle.ts';

/*
 * What the tests of access need to know of who may reach keys. The evaluation itself is electron/access; this is the
 * little of it that controls judge, so that they need to know no provider's policy language.
 */

/** One way in which access is wider than it should be. */
export interface AccessFact {
  /** Who, as it can be printed: an ARN, an account, "anyone". */
  who: string;
  /** Through what, in words: the statement, grant or policy. */
  how: string;
  /** Conditions that narrow it but could not be decided; null when there are none. */
  condition: string | null;
  /** unknown: a document that decides it could not be read. */
  certainty: 'allowed' | 'conditional' | 'unknown';
}

/** Facts about access, by key id (or account id where said so). A subject that is not in a map has no such fact. */
export interface AccessFacts {
  /** False when access was not evaluated at all. */
  available: boolean;
  publicAccess: ReadonlyMap<string, readonly AccessFact[]>;
  wildcardPrincipals: ReadonlyMap<string, readonly AccessFact[]>;
  crossAccount: ReadonlyMap<string, readonly (AccessFact & { account: string })[]>;
  unconstrainedGrants: ReadonlyMap<string, readonly AccessFact[]>;
  administratorsWhoUse: ReadonlyMap<string, readonly AccessFact[]>;
  humansWithUse: ReadonlyMap<string, readonly AccessFact[]>;
  /** By account id: identities with decrypt rights on every key. */
  decryptOnAllKeys: ReadonlyMap<string, readonly AccessFact[]>;
  /** Policies with wildcards that reach a key (Vault). */
  wildcardPolicies: ReadonlyMap<string, readonly AccessFact[]>;
  /** By account id: policies that give sudo through wildcards (Vault). */
  wildcardSudo: ReadonlyMap<string, readonly AccessFact[]>;
  /** By account id: who is given the root policy (Vault). */
  rootHolders: ReadonlyMap<string, readonly AccessFact[]>;
  /** By resource id of a vault: who can write himself into its access policies (Azure). */
  selfGrants: ReadonlyMap<string, readonly AccessFact[]>;
  /**
   * By resource id of a vault, or by subscription id for roles at or above it: who holds roles that are everything over
   * vaults (Azure). people: standing, by anybody but an application. limited: for a time, after activation, or under a
   * condition. services: by applications.
   */
  vaultAdministrators: Record<'people' | 'limited' | 'services', ReadonlyMap<string, readonly AccessFact[]>>;
  /** By account id: why its identities could not be evaluated. */
  iamMissing: ReadonlyMap<string, string>;
}

interface FactRow {
  kind: string;
  subject: string;
  who: string;
  how: string;
  condition: string | null;
  certainty: AccessFact['certainty'];
  account: string | null;
}

/** Reads the facts that derivation found in a snapshot. */
export function readAccessFacts(db: ReadableDb, snapshot: string): AccessFacts {
  const byKind = new Map<string, Map<string, (AccessFact & { account: string })[]>>();
  const rows = db
    .prepare<[string], FactRow>(
      `SELECT kind, subject, who, how, condition, certainty, account FROM access_fact WHERE snapshot = ?
        ORDER BY kind, subject, n`,
    )
    .iterate(snapshot);
  for (const { kind, subject, account, ...fact } of rows) {
    const subjects = byKind.get(kind) ?? new Map<string, (AccessFact & { account: string })[]>();
    byKind.set(kind, subjects);
    const facts = subjects.get(subject) ?? [];
    subjects.set(subject, facts);
    facts.push({ ...fact, account: account ?? '' });
  }
  const of = (kind: string) => byKind.get(kind) ?? new Map<string, (AccessFact & { account: string })[]>();
  return {
    available: byKind.has('evaluated'),
    publicAccess: of('public'),
    wildcardPrincipals: of('wildcard'),
    crossAccount: of('cross-account'),
    unconstrainedGrants: of('unconstrained-grant'),
    administratorsWhoUse: of('administrator-who-uses'),
    humansWithUse: of('human-with-use'),
    decryptOnAllKeys: of('decrypt-all-keys'),
    wildcardPolicies: of('wildcard-policy'),
    wildcardSudo: of('wildcard-sudo'),
    rootHolders: of('root-holder'),
    selfGrants: of('self-grant'),
    vaultAdministrators: {
      people: of('vault-administrator'),
      limited: of('vault-administrator-limited'),
      services: of('vault-administrator-service'),
    },
    iamMissing: new Map([...of('iam-missing')].map(([account, [fact]]) => [account, fact!.how])),
  };
}

/** Facts of a snapshot whose access was not evaluated. */
export const NO_ACCESS: AccessFacts = {
  available: false,
  publicAccess: new Map(),
  wildcardPrincipals: new Map(),
  crossAccount: new Map(),
  unconstrainedGrants: new Map(),
  administratorsWhoUse: new Map(),
  humansWithUse: new Map(),
  decryptOnAllKeys: new Map(),
  wildcardPolicies: new Map(),
  wildcardSudo: new Map(),
  rootHolders: new Map(),
  selfGrants: new Map(),
  vaultAdministrators: { people: new Map(), limited: new Map(), services: new Map() },
  iamMissing: new Map(),
};
