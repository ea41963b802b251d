import type { LedgerWriter } from '../../db/ledger/writer.ts';
import type { GivenCredentials } from '../collect/run-options.ts';
import { declare } from '../engagement/declarations.ts';
import type { AzureSource, Operator } from '../engagement/engagement.ts';
import type { AzureSandbox } from '../sandbox/azure/index.ts';

/** Declares the sample company's Azure tenant as a source, signed in to with a service principal. */
export async function declareSampleAzure(
  writer: LedgerWriter,
  operator: Operator,
  { azure, estate }: AzureSandbox,
): Promise<void> {
  const source: AzureSource = {
    provider: 'azure',
    id: 'azure-tenant',
    title: `Azure tenant of ${estate.tenantName}`,
    tenant: azure.tenantId,
    cloud: 'public',
    credentials: { from: 'client-secret', clientId: azure.signIns.auditor.clientId },
    subscriptions: null,
    sampleEndpoint: azure.gateway,
    sampleCa: azure.ca,
    readLogs: true,
  };
  await declare(writer, operator, 'source', source.id, source);
}

/** The secret of the sample's auditor, in memory only. */
export function sampleAzureCredentials({ azure }: AzureSandbox): GivenCredentials {
  return { azure: { secret: () => Promise.resolve(azure.signIns.auditor.clientSecret) } };
}
