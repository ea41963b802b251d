import type { ReadableDb } from '../../../db/handle.ts';
import type { OutputOf } from '../../api/contract.ts';
import type { Source } from '../../engagement/engagement.ts';
import { knownEngines } from '../../providers/vault/known-engines.ts';
import { vaultPolicy } from '../../providers/vault/policy.ts';
import { azurePolicyTexts } from '../../providers/azure/policy-texts.ts';
import { awsPolicy } from '../../providers/aws/policy.ts';
import { Refusal } from '../service/refusal.ts';

type Documents = OutputOf<'sources.policy'>['documents'];

/** The least privilege that a collection needs, for the client to grant. */
export function policyDocuments(db: ReadableDb, provider: string, source: Source | null): Documents {
  if (provider === 'aws') {
    const own = source?.provider === 'aws' ? source : null;
    const document = awsPolicy({
      readLogFiles: own?.readLogFiles ?? true,
      ...(own?.assumeRole ? { assumeRoleArn: own.assumeRole.roleArn } : {}),
      ...(own?.assumeRole ? { partition: own.assumeRole.roleArn.split(':')[1]! } : {}),
    });
    return [{ title: 'IAM policy', language: 'json', text: JSON.stringify(document, null, 2) }];
  }
  if (provider === 'vault') {
    // Engines and auth methods as an earlier collection or test of the source found them.
    const known = source === null ? null : knownEngines(db, source.id);
    const text = vaultPolicy({
      cluster: true,
      kvMetadata: true,
      mounts: known?.mounts ?? null,
      auth: known?.auth ?? null,
      namespaces: known?.namespaces ?? [],
    });
    return [{ title: 'ACL policy', language: 'hcl', text }];
  }
  if (provider === 'azure') return azureDocuments(source?.provider === 'azure' ? source : null);
  throw new Refusal(
    'refused',
    'NOT_FOUND',
    `cannot print a policy for ${provider}: this version cannot ask it.`,
  );
}

/** A role for Azure RBAC, and what vaults under access policies, managed HSMs and Microsoft Graph want besides. */
function azureDocuments(source: Extract<Source, { provider: 'azure' }> | null): Documents {
  const texts = azurePolicyTexts({
    readLogs: source?.readLogs ?? true,
    readDirectory: source?.readDirectory ?? true,
    ...(source?.subscriptions ? { scopes: source.subscriptions.map((id) => `/subscriptions/${id}`) } : {}),
  });
  return [
    {
      title: 'Custom role (az role definition create --role-definition)',
      language: 'json',
      text: texts.role,
    },
    { title: 'Vaults under access policies', language: 'shell', text: texts.accessPolicy },
    { title: 'Local role of managed HSMs', language: 'json', text: texts.managedHsm },
    ...(texts.graph === ''
      ? []
      : [{ title: 'Microsoft Graph', language: 'shell' as const, text: texts.graph }]),
  ];
}
