import type { Command } from 'commander';
import { azurePolicy } from '../providers/azure/policy.ts';
import type { Output } from './output.ts';

const PARTS = ['role', 'access-policy', 'managed-hsm', 'graph'] as const;

interface PolicyOptions {
  scope?: string[];
  logs: boolean;
  directory: boolean;
  part: string;
}

/** `policy azure`: the least privilege that a collection needs, to copy. */
export function addAzurePolicy(policy: Command, output: Output): void {
  policy
    .command('azure')
    .description(
      'custom role with exactly what a collection reads (az role definition create --role-definition)',
    )
    .option('--scope <id...>', 'subscriptions or management groups that the role can be given at')
    .option('--no-logs', 'leave records of key use in workspaces and storage accounts out')
    .option('--no-directory', 'leave names of principals and members of groups out')
    .option(
      '--part <name>',
      `${PARTS.join(', ')}: also vaults under access policies, managed HSMs and Microsoft Graph`,
      'role',
    )
    .action((options: PolicyOptions) => {
      const made = azurePolicy({
        readLogs: options.logs,
        readDirectory: options.directory,
        ...(options.scope ? { scopes: options.scope } : {}),
      });
      switch (PARTS.find((name) => name === options.part)) {
        case 'role':
          output.line(JSON.stringify(made.role, null, 2));
          break;
        case 'access-policy':
          output.line(
            `az keyvault set-policy --key-permissions ${made.accessPolicy.join(' ')} --object-id OBJECT-ID --name VAULT`,
          );
          break;
        case 'managed-hsm':
          output.line(
            JSON.stringify({ roleName: 'Key evidence reader', dataActions: made.managedHsm }, null, 2),
          );
          break;
        case 'graph':
          output.line(graphConsent(made.graph));
          break;
        case undefined:
          throw new Error(
            `cannot print the policy: there is no part ${options.part}. Use ${PARTS.join(', ')}.`,
          );
      }
      output.object(made);
    });
}

/** Application id of Microsoft Graph in every tenant. */
const GRAPH_APP = '00000003-0000-0000-c000-000000000000';

/** Commands that give an application permissions of Microsoft Graph, by their names. */
function graphConsent(permissions: readonly string[]): string {
  return permissions
    .flatMap((name) => [
      `# ${name} (application permission of Microsoft Graph)`,
      `az ad app permission add --id APPLICATION-ID --api ${GRAPH_APP} --api-permissions $(az ad sp show --id ${GRAPH_APP} --query "appRoles[?value=='${name}'].id" --output tsv)=Role`,
      'az ad app permission admin-consent --id APPLICATION-ID',
    ])
    .join('\n');
}
