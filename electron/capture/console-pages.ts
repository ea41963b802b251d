import type { KeyRow } from '../../db/derived/keys.ts';

/** One view of a provider's own page of a key. */
export interface ConsoleView {
  /** As the frame and the file name call it. */
  name: string;
  /** Text of the tab to choose first; null for the page as it opens. */
  tab: RegExp | null;
}

/** The provider's own console page of one key. */
export interface ConsolePage {
  url: string;
  views: readonly ConsoleView[];
}

/** Console of each AWS partition (https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/what-is.html). */
const AWS_CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-cn': 'console.amazonaws.cn',
};

/**
 * Where the provider's console shows a key: identity, rotation and policy. A Vault has its window at its own address, which
 * is given as `vaultAddress`; null when there is no page to open.
 */
export function consolePage(
  key: Pick<KeyRow, 'provider' | 'id' | 'native_id' | 'region'>,
  vaultAddress: string | null,
): ConsolePage | null {
  switch (key.provider) {
    case 'aws': {
      const host = AWS_CONSOLES[key.id.split(':')[1] ?? 'aws'];
      if (!host) return null;
      const page = new URL(`https://${key.region}.${host}/kms/home`);
      page.searchParams.set('region', key.region);
      page.hash = `/kms/keys/${encodeURIComponent(key.native_id)}`;
      return {
        url: page.href,
        views: [
          { name: 'general configuration', tab: null },
          { name: 'rotation', tab: /key rotation/i },
          { name: 'policy', tab: /key policy/i },
        ],
      };
    }
    case 'azure':
      // The portal opens what an asset address names (https://learn.microsoft.com/azure/azure-portal/azure-portal-dashboards).
      return {
        url: `https://portal.azure.com/#view/Microsoft_Azure_KeyVault/KeyMenuBlade/~/overview/keyId/${encodeURIComponent(key.id)}`,
        views: [
          { name: 'key', tab: null },
          { name: 'rotation policy', tab: /rotation policy/i },
        ],
      };
    case 'vault': {
      if (vaultAddress === null) return null;
      const [mount, name] = key.native_id.split('/keys/');
      if (!mount || !name) return null;
      const page = new URL(
        `/ui/vault/secrets/${mount.split('/').map(encodeURIComponent).join('/')}/show/${encodeURIComponent(name)}`,
        vaultAddress,
      );
      return {
        url: page.href,
        views: [
          { name: 'key', tab: null },
          { name: 'versions', tab: /versions/i },
        ],
      };
    }
    default:
      return null;
  }
}
