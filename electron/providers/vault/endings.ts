import type { Ending, EndingOf } from '../../collect/ending.ts';

/** How a Vault exchange ends its call. Codes: recorder/vault-answers.ts. */
export const vaultEndingOf: EndingOf = ({ outcome, httpStatus, errorCode }): Ending => {
  if (outcome === 'ok') return 'ok';
  if (outcome !== 'error') return 'transient';
  switch (errorCode) {
    case 'RateLimited':
      return 'throttled';
    case 'InvalidToken':
      return 'credentials';
    // A replica that is behind, a seal or an election that passes: asked again, then a gap.
    case 'NotYetReplicated':
    case 'Sealed':
    case 'Unavailable':
    case 'MalformedAnswer':
      return 'transient';
    case 'UnsupportedOperation':
      return 'refused';
    case null:
    default:
      return httpStatus !== null && httpStatus >= 500 ? 'transient' : 'refused';
  }
};
