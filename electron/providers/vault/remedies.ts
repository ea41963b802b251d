import { vaultOperations } from './operations/index.ts';

/** What would close a gap of this code; null for the ordinary advice. Codes: recorder/vault-answers.ts. */
export function vaultRemedy(op: string, code: string): string | null {
  switch (code) {
    case 'PermissionDenied': {
      const needed = vaultOperations.find(({ id }) => id === op)?.permissions.join(', ') ?? op;
      return `Allow ${needed} to the collector's policy (\`keywitness policy vault\` prints it; a rule with deny on a longer path refuses it too), then collect again.`;
    }
    case 'InvalidToken':
      return 'Sign in again, then resume the snapshot.';
    case 'NotFound':
    case 'Http404':
      return 'It no longer exists or is in another place: ask the client.';
    case 'RateLimited':
      return 'Resume the snapshot when the cluster is less busy, or ask for a higher rate limit quota.';
    case 'NotYetReplicated':
      return 'Resume the snapshot when the replica has caught up, or name the address of the primary.';
    case 'Sealed':
    case 'Unavailable':
      return 'Ask the operators to unseal the server, then resume the snapshot.';
    case 'Redirected':
      return 'The server points to another one, and a token is never sent along: name that server’s address in the source.';
    default:
      return null;
  }
}
