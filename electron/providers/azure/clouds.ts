import type { AzureSource } from '../../engagement/engagement.ts';

/** Where one Azure cloud's services are. */
export interface AzureCloud {
  /** Entra, with scheme. */
  authority: string;
  /** Azure Resource Manager. */
  arm: string;
  /** Ends of the host names of vaults and managed HSMs. */
  vaultSuffix: string;
  hsmSuffix: string;
  /** Microsoft Graph, without version. */
  graph: string;
  /** Log Analytics, without version. */
  logs: string;
  /** End of the host names of storage accounts' blob services. */
  blobSuffix: string;
}

/**
 * The clouds Azure runs. Hosts: https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure
 * https://learn.microsoft.com/azure/china/resources-developer-guide
 * and https://learn.microsoft.com/graph/deployments
 */
export const AZURE_CLOUDS: Readonly<Record<AzureSource['cloud'], AzureCloud>> = {
  public: {
    authority: 'https://login.microsoftonline.com',
    arm: 'https://management.azure.com',
    vaultSuffix: '.vault.azure.net',
    hsmSuffix: '.managedhsm.azure.net',
    graph: 'https://graph.microsoft.com',
    logs: 'https://api.loganalytics.io',
    blobSuffix: '.blob.core.windows.net',
  },
  usgov: {
    authority: 'https://login.microsoftonline.us',
    arm: 'https://management.usgovcloudapi.net',
    vaultSuffix: '.vault.usgovcloudapi.net',
    hsmSuffix: '.managedhsm.usgovcloudapi.net',
    graph: 'https://graph.microsoft.us',
    logs: 'https://api.loganalytics.us',
    blobSuffix: '.blob.core.usgovcloudapi.net',
  },
  china: {
    authority: 'https://login.chinacloudapi.cn',
    arm: 'https://management.chinacloudapi.cn',
    vaultSuffix: '.vault.azure.cn',
    hsmSuffix: '.managedhsm.azure.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    logs: 'https://api.loganalytics.azure.cn',
    blobSuffix: '.blob.core.chinacloudapi.cn',
  },
};

/** Scope of a token for one service: its address with `/.default`. Storage has one address for all accounts. */
export function tokenScope(cloud: AzureCloud, service: 'arm' | 'logs' | 'graph' | 'storage'): string {
  if (service === 'storage') return 'https://storage.azure.com/.default';
  // Azure Resource Manager's older audience, core.windows.net, is not needed anywhere.
  return `${cloud[service]}/.default`;
}

/** Whether a host name is that of a vault or managed HSM of the cloud: a token goes nowhere else. */
export function isVaultHost(cloud: AzureCloud, host: string): boolean {
  const name = host.toLowerCase();
  return [cloud.vaultSuffix, cloud.hsmSuffix].some((suffix) => {
    const label = name.endsWith(suffix) ? name.slice(0, -suffix.length) : '';
    return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label);
  });
}
