/**
 * Hosts of a provider's console and of its sign-in: where a capture window may go, and nowhere else. A name that begins
 * with a dot stands for every host below it.
 */
const HOSTS: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/allowlist.html
  aws: [
    '.console.aws.amazon.com',
    'console.aws.amazon.com',
    'signin.aws.amazon.com',
    '.signin.aws.amazon.com',
    '.signin.aws',
    '.awsapps.com',
    '.console.amazonaws-us-gov.com',
    'console.amazonaws-us-gov.com',
    'signin.amazonaws-us-gov.com',
    '.signin.amazonaws-us-gov.com',
    '.console.amazonaws.cn',
    'console.amazonaws.cn',
    'signin.amazonaws.cn',
    '.signin.amazonaws.cn',
  ],
  // https://learn.microsoft.com/azure/azure-portal/azure-portal-safelist-urls
  azure: [
    'portal.azure.com',
    '.portal.azure.com',
    'login.microsoftonline.com',
    'login.microsoft.com',
    'login.live.com',
    'device.login.microsoftonline.com',
    'portal.azure.us',
    'login.microsoftonline.us',
    'portal.azure.cn',
    'login.partner.microsoftonline.cn',
    'login.chinacloudapi.cn',
  ],
};

/** Hosts that the window for this page may show. The page's own is one: a Vault has its window at its own address. */
export function consoleHosts(provider: string, url: string): string[] {
  return [new URL(url).host, ...(HOSTS[provider] ?? [])];
}

/** Whether the window may go there: https to one of the hosts. Without TLS only to this machine itself. */
export function isConsoleAddress(address: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, hostname } = new URL(address);
  if (protocol !== 'https:' && !(protocol === 'http:' && hostname === '127.0.0.1')) return false;
  return hosts.some((name) => (name.startsWith('.') ? host.endsWith(name) : host === name));
}
