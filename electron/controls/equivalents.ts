/**
 * Questions that tests put to a key are named as AWS names them. Other providers answer them by calls of their own, or have
 * no such thing, which is then not applicable and never missing.
 */
export type Equivalent = { asked: string } | { none: string };

const EQUIVALENTS: Readonly<Record<string, Readonly<Record<string, Equivalent>>>> = {
  azure: {
    DescribeKey: { asked: 'GetVaultKey' },
    GetKeyRotationStatus: { asked: 'GetKeyRotationPolicy' },
    ListKeyRotations: { asked: 'GetKeyVersions' },
    ListResourceTags: { asked: 'GetVaultKey' },
    GetKeyPolicy: {
      none: 'Keys in Azure have no policy of their own; roles and access policies say who reaches them.',
    },
    ListGrants: { none: 'Azure has no grants; roles and access policies say who reaches a key.' },
    GetKeyLastUsage: { none: 'Azure does not tell when a key was last used.' },
  },
  vault: {
    DescribeKey: { asked: 'ReadKey' },
    GetKeyRotationStatus: { asked: 'ReadKey' },
    ListKeyRotations: { asked: 'ReadKey' },
    ListResourceTags: { none: 'Transit keys carry no tags.' },
    GetKeyPolicy: { none: 'Transit keys have no policy of their own; ACL policies say who reaches them.' },
    ListGrants: { none: 'Vault has no grants; ACL policies say who reaches a key.' },
    GetKeyLastUsage: { none: 'Vault does not tell when a key was last used.' },
  },
};

/** What a provider answers a question by; the question itself where it asks it in AWS's words. */
export function equivalent(provider: string | undefined, action: string): Equivalent {
  return EQUIVALENTS[provider ?? '']?.[action] ?? { asked: action };
}

/** The question by which a provider answers this one; null where it has no such thing. */
export function answeredBy(provider: string, action: string): string | null {
  const meant = equivalent(provider, action);
  return 'asked' in meant ? meant.asked : null;
}

/** The same as SQL, for a key row of this name: operation of `key_answer` that holds the answer. */
export function answeredBySql(key: string, action: string): string {
  const others = Object.keys(EQUIVALENTS).map(
    (provider) => `WHEN '${provider}' THEN '${answeredBy(provider, action) ?? ''}'`,
  );
  return `CASE ${key}.provider ${others.join(' ')} ELSE '${action}' END`;
}

/** Events that make a key, as each provider's log names them. */
const CREATIONS: Readonly<Record<string, readonly string[]>> = {
  aws: ['CreateKey', 'ReplicateKey'],
  azure: ['KeyCreate', 'KeyImport', 'KeyRestore'],
  vault: ['keys/create', 'keys/import', 'keys/restore'],
};

/** Whether an event made a key of this provider. */
export function makesKey(provider: string, event: string): boolean {
  return CREATIONS[provider]?.includes(event) ?? false;
}
