import type { Source } from '../../../electron/engagement/engagement.ts';
import { Store } from '../../client/store.ts';

/** What a source's sign-in asks for; null when it signs in by itself. */
export function secretOf(source: Source): { label: string; variable: string } | null {
  if (source.provider === 'vault') {
    switch (source.login.from) {
      case 'token':
        return { label: 'Token', variable: 'VAULT_TOKEN' };
      case 'approle':
        return { label: 'Secret id', variable: 'VAULT_SECRET_ID' };
      case 'userpass':
        return { label: 'Password', variable: 'VAULT_PASSWORD' };
      case 'oidc':
        return null;
    }
  }
  if (source.provider === 'azure') {
    if (source.credentials.from === 'client-secret') {
      return { label: 'Client secret', variable: 'AZURE_CLIENT_SECRET' };
    }
    if (source.credentials.from === 'client-certificate') {
      return { label: 'Password of the certificate', variable: 'AZURE_CLIENT_CERTIFICATE_PASSWORD' };
    }
  }
  return null;
}

/** The question that the dialog shows. */
export const secretQuestion = new Store<{
  sources: Source[];
  answer: (secrets: Record<string, string> | null) => void;
} | null>(null);

/**
 * Asks for what the sign-ins of these sources need, for one call; it is kept nowhere. A sample engagement brings its own.
 *
 * @returns by source id; null when the question was closed.
 */
export async function askSecrets(
  sources: readonly Source[],
  sample: boolean,
): Promise<Record<string, string> | null> {
  const asking = sample ? [] : sources.filter((source) => secretOf(source) !== null);
  if (asking.length === 0) return {};
  const given = await new Promise<Record<string, string> | null>((answer) =>
    secretQuestion.set({ sources: asking, answer }),
  );
  secretQuestion.set(null);
  return given;
}
