import type { OutputOf } from '../../api/contract.ts';
import type { Source } from '../../engagement/engagement.ts';
import { awsPolicy } from '../../providers/aws/policy.ts';
import { Refusal } from '../service/refusal.ts';

type Documents = OutputOf<'sources.policy'>['documents'];

/** The least privilege that a collection needs, for the client to grant. */
export function policyDocuments(provider: string, source: Source | null): Documents {
  if (provider === 'aws') {
    const own = source?.provider === 'aws' ? source : null;
    const document = awsPolicy({
      readLogFiles: own?.readLogFiles ?? true,
      ...(own?.assumeRole ? { assumeRoleArn: own.assumeRole.roleArn } : {}),
      ...(own?.assumeRole ? { partition: own.assumeRole.roleArn.split(':')[1]! } : {}),
    });
    return [{ title: 'IAM policy', language: 'json', text: JSON.stringify(document, null, 2) }];
  }
  throw new Refusal(
    'refused',
    'NOT_FOUND',
    `cannot print a policy for ${provider}: this version cannot ask it.`,
  );
}
