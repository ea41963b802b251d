import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import {
  AzureCliCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DeviceCodeCredential,
  InteractiveBrowserCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import { CollectError } from '../../collect/error.ts';
import type { AzureSource } from '../../engagement/engagement.ts';
import type { AzureCloud } from './clouds.ts';

/** What the operator adds in memory: never stored, logged or packed. */
export interface AzureSecrets {
  /** Gives the secret of a service principal, or the password of its certificate file; null when there is none. */
  secret?: (source: string, name: string) => Promise<string | null>;
  /** Shows the operator where to sign in with which code. */
  onDeviceCode?: (message: string) => void;
}

/** Seconds the Azure CLI may take. It starts a Python program. */
const CLI_TIMEOUT_MS = 60_000;

/**
 * Credentials as the source says, from the operator's own machine. Tokens stay in memory: no cache is written. Every
 * request passes the given HTTP client.
 *
 * @throws CollectError CREDENTIALS when a secret is needed and none is given
 */
export async function credentialOf(
  source: AzureSource,
  cloud: AzureCloud,
  httpClient: HttpClient,
  secrets: AzureSecrets,
): Promise<TokenCredential> {
  const { credentials, tenant, sampleEndpoint } = source;
  const common = {
    authorityHost: cloud.authority,
    // The authority is one of Microsoft's three, or the sample's: there is nothing to discover.
    disableInstanceDiscovery: sampleEndpoint !== null || source.cloud !== 'public',
    httpClient,
    retryOptions: { maxRetries: 2 },
  };
  switch (credentials.from) {
    case 'azure-cli':
      return new AzureCliCredential({ tenantId: tenant, processTimeoutInMs: CLI_TIMEOUT_MS });
    case 'interactive-browser':
      return new InteractiveBrowserCredential({
        ...common,
        tenantId: tenant,
        ...client(credentials.clientId),
      });
    case 'device-code':
      return new DeviceCodeCredential({
        ...common,
        tenantId: tenant,
        ...client(credentials.clientId),
        userPromptCallback: ({ message }) => (secrets.onDeviceCode ?? printToOperator)(message),
      });
    case 'client-secret': {
      const secret =
        fromEnvironment(source, 'AZURE_CLIENT_SECRET') ??
        (await secrets.secret?.(source.id, 'client secret'));
      if (!secret) throw noSecret(source.id);
      return new ClientSecretCredential(tenant, credentials.clientId, secret, common);
    }
    case 'client-certificate': {
      const certificatePassword =
        fromEnvironment(source, 'AZURE_CLIENT_CERTIFICATE_PASSWORD') ??
        (await secrets.secret?.(source.id, 'password of the certificate file (empty for none)'));
      return new ClientCertificateCredential(
        tenant,
        credentials.clientId,
        { certificatePath: credentials.path, ...(certificatePassword && { certificatePassword }) },
        common,
      );
    }
    case 'managed-identity':
      return new ManagedIdentityCredential({ httpClient, ...client(credentials.clientId) });
  }
}

/** The operator's own secrets are none of the sample environment's. */
const fromEnvironment = (source: AzureSource, name: string): string | undefined =>
  source.sampleEndpoint === null ? process.env[name] : undefined;

const client = (clientId: string | null) => (clientId === null ? {} : { clientId });

/** For whoever sits at the terminal: sign-in cannot go on without it. */
function printToOperator(message: string): void {
  process.stderr.write(`${message}\n`);
}

function noSecret(source: string): CollectError {
  return new CollectError(
    'CREDENTIALS',
    `cannot sign in for source ${source}: no client secret was given. Set AZURE_CLIENT_SECRET, or give it when asked.`,
  );
}
