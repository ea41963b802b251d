/**
 * Questions that tests put to a key are named as AWS names them. Other providers answer them by calls of their own, or have
 * no such thing, which is then not applicable and never missing.
 */
type Equivalent = { asked: string } | { none: string };

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
