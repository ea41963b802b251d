import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { currentEngagement } from '../engagement/current.ts';
import { declare } from '../engagement/declarations.ts';
import type { AzureSource } from '../engagement/engagement.ts';
import { withEngagement } from '../engine/with-engagement.ts';
import { operatorNamed, type CliContext } from './context.ts';
import { sampleEndpointOf } from './sample-endpoint.ts';

interface AzureOptions {
  engagement: string;
  id: string;
  title?: string;
  tenant: string;
  cloud: string;
  subscriptions?: string;
  browser?: true | string;
  deviceCode?: true | string;
  clientId?: string;
  certificate?: string;
  managedIdentity?: true | string;
  logs: boolean;
  endpoint?: string;
  endpointCa?: string;
  directory: boolean;
  operator?: string;
}

const CLOUDS = ['public', 'usgov', 'china'] as const;

/** `source add azure`. */
export function addAzure(add: Command, context: CliContext): void {
  add
    .command('azure')
    .description('an Azure tenant, read with your own sign-in')
    .requiredOption('--engagement <file>', 'engagement file')
    .requiredOption('--id <id>', 'short name, for example azure-production')
    .requiredOption('--tenant <id>', 'tenant id')
    .option('--title <text>', 'name as it shall stand in the pack')
    .option('--cloud <name>', `${CLOUDS.join(', ')}`, 'public')
    .option('--subscriptions <list>', 'subscription ids, comma separated; every readable one without it')
    .option('--browser [client-id]', 'sign in in the browser')
    .option('--device-code [client-id]', 'sign in on another device, with a code')
    .option(
      '--client-id <id>',
      'service principal; its secret is asked, or read from AZURE_CLIENT_SECRET, unless --certificate is given',
    )
    .option('--certificate <file>', 'PEM file with certificate and key of the service principal')
    .option('--managed-identity [client-id]', 'the identity of the machine this runs on')
    .option('--no-logs', 'do not read records of key use from workspaces and storage accounts')
    .option('--endpoint <url>', 'a server that speaks the protocols of Azure; in sample engagements only')
    .option('--endpoint-ca <file>', 'PEM file of the certificate authority behind that server')
    .option('--no-directory', 'do not ask Microsoft Graph who principals are and who is in groups')
    .option('--operator <name>', 'your name')
    .addHelpText(
      'after',
      '\nWithout another way to sign in, that of the Azure CLI is used (az login). Secrets are stored nowhere.',
    )
    .action(async (options: AzureOptions) => {
      const cloud = CLOUDS.find((name) => name === options.cloud);
      if (!cloud) {
        throw new Error(
          `cannot add the source: there is no cloud ${options.cloud}. Use ${CLOUDS.join(', ')}.`,
        );
      }
      const sampleCa = options.endpointCa ? readFileSync(options.endpointCa, 'utf8') : null;
      await withEngagement(options.engagement, async ({ db, writer }) => {
        const sampleEndpoint = sampleEndpointOf(db, options.endpoint);
        await declare(writer, operatorNamed(options.operator), 'source', options.id, {
          provider: 'azure',
          id: options.id,
          title: options.title ?? options.id,
          tenant: options.tenant.toLowerCase(),
          cloud,
          credentials: credentialsOf(options),
          subscriptions: options.subscriptions?.split(',').map((id) => id.trim().toLowerCase()) ?? null,
          sampleEndpoint,
          sampleCa,
          readLogs: options.logs,
          readDirectory: options.directory,
        });
        context.output.line(`Added ${options.id} to the engagement for ${currentEngagement(db).client}.`);
        context.output.object({ source: options.id });
      });
    });
}

function credentialsOf(options: AzureOptions): AzureSource['credentials'] {
  const { browser, deviceCode, clientId, certificate, managedIdentity } = options;
  if ([browser, deviceCode, clientId, managedIdentity].filter(Boolean).length > 1) {
    throw new Error(
      'cannot add the source: give only one of --browser, --device-code, --client-id and --managed-identity.',
    );
  }
  if (certificate && !clientId) {
    throw new Error('cannot add the source: --certificate belongs to a service principal. Give --client-id.');
  }
  const named = (value: true | string) => (value === true ? null : value);
  if (browser) return { from: 'interactive-browser', clientId: named(browser) };
  if (deviceCode) return { from: 'device-code', clientId: named(deviceCode) };
  if (managedIdentity) return { from: 'managed-identity', clientId: named(managedIdentity) };
  if (clientId && certificate) return { from: 'client-certificate', clientId, path: certificate };
  if (clientId) return { from: 'client-secret', clientId };
  return { from: 'azure-cli' };
}
