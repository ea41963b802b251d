import type { Command } from 'commander';
import { azurePolicyTexts } from '../providers/azure/policy-texts.ts';
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
      const asked = {
        readLogs: options.logs,
        readDirectory: options.directory,
        ...(options.scope ? { scopes: options.scope } : {}),
      };
      const texts = azurePolicyTexts(asked);
      switch (PARTS.find((name) => name === options.part)) {
        case 'role':
          output.line(texts.role);
          break;
        case 'access-policy':
          output.line(texts.accessPolicy);
          break;
        case 'managed-hsm':
          output.line(texts.managedHsm);
          break;
        case 'graph':
          output.line(texts.graph);
          break;
        case undefined:
          throw new Error(
            `cannot print the policy: there is no part ${options.part}. Use ${PARTS.join(', ')}.`,
          );
      }
      output.object(azurePolicy(asked));
    });
}
