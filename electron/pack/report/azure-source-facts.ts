import type { AzureSource } from '../../engagement/engagement.ts';

/** An Azure source as the list of sources in the report names it. */
export function azureSourceFacts(source: AzureSource) {
  const { credentials } = source;
  const how = {
    'azure-cli': 'sign-in of the Azure CLI',
    'interactive-browser': 'sign-in in the browser',
    'device-code': 'sign-in with a device code',
    'client-secret': 'service principal with a secret',
    'client-certificate': 'service principal with a certificate',
    'managed-identity': 'managed identity of the machine',
  };
  const who = 'clientId' in credentials && credentials.clientId ? ` ${credentials.clientId}` : '';
  const cloud = source.cloud === 'public' ? '' : `, ${source.cloud} cloud`;
  return {
    id: source.id,
    provider: 'Azure',
    title: source.title,
    authentication: `${how[credentials.from]}${who}, tenant ${source.tenant}${cloud}`,
  };
}
