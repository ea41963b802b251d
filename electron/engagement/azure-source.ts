import { z } from 'zod';
import { sourceId } from './source-id.ts';

/** A tenant, subscription or application id. */
const guid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);

/** One Azure tenant. */
export const azureSource = z.strictObject({
  provider: z.literal('azure'),
  id: sourceId,
  title: z.string().min(1),
  /** Id of the tenant whose subscriptions are read. One source is one tenant; an engagement may have several. */
  tenant: guid,
  cloud: z.enum(['public', 'usgov', 'china']),
  /** Where credentials come from; never the credentials themselves. */
  credentials: z.discriminatedUnion('from', [
    z.strictObject({ from: z.literal('azure-cli') }),
    z.strictObject({ from: z.literal('interactive-browser'), clientId: guid.nullable() }),
    z.strictObject({ from: z.literal('device-code'), clientId: guid.nullable() }),
    /** The secret comes from AZURE_CLIENT_SECRET or is asked. */
    z.strictObject({ from: z.literal('client-secret'), clientId: guid }),
    /** PEM file with certificate and key; its password comes from AZURE_CLIENT_CERTIFICATE_PASSWORD or is asked. */
    z.strictObject({ from: z.literal('client-certificate'), clientId: guid, path: z.string().min(1) }),
    /** clientId of a user-assigned identity; null for the machine's own. */
    z.strictObject({ from: z.literal('managed-identity'), clientId: guid.nullable() }),
  ]),
  /** Subscriptions to collect; null for every one the identity can read. */
  subscriptions: z.array(guid).min(1).nullable(),
  /**
   * The sample environment: where its one server listens, and the authority its certificate is from (PEM). A source with
   * an endpoint is refused in an engagement that is not marked as a sample.
   */
  sampleEndpoint: z.url().nullable(),
  sampleCa: z.string().nullable(),
  /** Read records of key use from Log Analytics and storage accounts (needs read access to them). */
  readLogs: z.boolean(),
  /** Ask Microsoft Graph who the principals are and who is in groups; absent means yes. */
  readDirectory: z.boolean().optional(),
});
export type AzureSource = z.infer<typeof azureSource>;
