import { all } from '../../collect/for-each.ts';
import type { AwsRun } from './aws-run.ts';
import { kms } from './operations/index.ts';

/**
 * Keys of other accounts that this account uses: in its IAM policies, for its trails and log buckets. Described where
 * their key policy allows it; the rest of their configuration belongs to the other account.
 */
export async function collectForeignKeys(aws: AwsRun, arns: Iterable<string>): Promise<void> {
  const asked = [...new Set(arns)].sort().map(async (arn) => {
    const [, , , region = '', account = ''] = arn.split(':');
    if (account === aws.account) return;
    await aws.ask(kms.describeKey, { KeyId: arn }, { region, label: 'other-account' });
  });
  await all(asked);
}
