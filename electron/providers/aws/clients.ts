import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { RecordedSendOptions, RecordingHandler } from '../../recorder/aws-adapter.ts';
import { awsServices, type AwsService } from './services.ts';

/** An SDK client, as far as we need it. */
export interface AwsClient {
  send(command: object, options: RecordedSendOptions): Promise<object>;
}

export interface Clients {
  of(service: AwsService, region: string): AwsClient;
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * SDK clients of one source, made when first needed. Every request passes the recording handler; the SDK neither
 * retries nor takes an endpoint from the environment or the configuration files.
 *
 * @param endpoint of the sample environment; null for AWS itself
 */
export function createClients(
  handler: RecordingHandler,
  credentials: AwsCredentialIdentityProvider,
  endpoint: string | null,
): Clients {
  const all = new Map<string, AwsClient>();
  const make = (service: AwsService, region: string): AwsClient => {
    const common = {
      region,
      credentials,
      requestHandler: handler,
      maxAttempts: 1,
      logger: silent,
      ignoreConfiguredEndpointUrls: true,
      customUserAgent: [['keywitness', '1'] as [string, string]],
      ...(endpoint !== null && { endpoint }),
    };
    if (service !== 's3') return new awsServices[service](common);
    return new awsServices.s3({
      ...common,
      forcePathStyle: endpoint !== null,
      // The bytes are hashed by the recorder; the SDK must not demand a checksum of a body it does not get.
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
  };
  return {
    of(service, region) {
      const key = `${service} ${region}`;
      let client = all.get(key);
      if (!client) all.set(key, (client = make(service, region)));
      return client;
    },
  };
}
