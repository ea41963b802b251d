import { azurePolicy, type AzurePolicyOptions } from './policy.ts';

/** Application id of Microsoft Graph in every tenant. */
const GRAPH_APP = '00000003-0000-0000-c000-000000000000';

/** The least privilege for a collection as texts to copy: role definitions, and commands with words to fill in. */
export interface AzurePolicyTexts {
  role: string;
  accessPolicy: string;
  managedHsm: string;
  /** Empty when the directory is not read. */
  graph: string;
}

export function azurePolicyTexts(options: AzurePolicyOptions = {}): AzurePolicyTexts {
  const { role, accessPolicy, managedHsm, graph } = azurePolicy(options);
  return {
    role: JSON.stringify(role, null, 2),
    accessPolicy: `az keyvault set-policy --key-permissions ${accessPolicy.join(' ')} --object-id OBJECT-ID --name VAULT`,
    managedHsm: JSON.stringify({ roleName: 'Key evidence reader', dataActions: managedHsm }, null, 2),
    graph: graph.map(consent).join('\n'),
  };
}

/** Commands that give an application a permission of Microsoft Graph, found by its name. */
const consent = (name: string): string =>
  [
    `az ad app permission add --id APPLICATION-ID --api ${GRAPH_APP} --api-permissions $(az ad sp show --id ${GRAPH_APP} --query "appRoles[?value=='${name}'].id" --output tsv)=Role`,
    'az ad app permission admin-consent --id APPLICATION-ID',
  ].join('\n');
