const KINDS: Record<string, string> = {
  human: 'person',
  service: 'service role',
  'cloud-service': 'cloud service',
  'external-account': 'other account',
  federated: 'federated identity',
  everyone: 'everyone',
  unknown: 'not known',
};

/** A kind of principal in words. */
export const kindWords = (kind: string): string => KINDS[kind] ?? kind;
