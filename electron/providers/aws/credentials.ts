import { fromEnv, fromIni, fromNodeProviderChain, fromSSO } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { AwsSource } from '../../engagement/engagement.ts';
import type { RecordingHandler } from '../../recorder/aws-adapter.ts';

/** Credentials with less than this left are fetched again, ms. */
const REFRESH_MS = 5 * 60_000;

/**
 * Credentials as the source says, from the operator's own machine. They stay in memory.
 *
 * @param mfaCode asks for the code of a second factor; a role that wants one fails without it
 */
export function credentialsOf(
  source: AwsSource,
  handler: RecordingHandler,
  mfaCode?: (device: string) => Promise<string>,
): AwsCredentialIdentityProvider {
  // No region here: it would override the one an SSO profile names.
  const clientConfig = { requestHandler: handler, ignoreConfiguredEndpointUrls: true, maxAttempts: 2 };
  const { credentials } = source;
  const asked = mfaCode ? { mfaCodeProvider: mfaCode } : {};
  switch (credentials.from) {
    case 'environment':
      return fromEnv();
    case 'profile':
      return fromIni({ profile: credentials.profile, clientConfig, ...asked });
    case 'sso':
      return fromSSO({ profile: credentials.profile, clientConfig });
    case 'default-chain':
      return fromNodeProviderChain({ clientConfig, ...asked });
  }
}

/** Keeps credentials until shortly before they expire; whoever asks meanwhile shares one refresh. */
export function remembered(provider: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  let kept: AwsCredentialIdentity | null = null;
  let running: Promise<AwsCredentialIdentity> | null = null;
  return async () => {
    const left = kept?.expiration ? kept.expiration.getTime() - Date.now() : Infinity;
    if (kept && left > REFRESH_MS) return kept;
    running ??= provider()
      .then((fresh) => (kept = fresh))
      .finally(() => (running = null));
    return running;
  };
}
