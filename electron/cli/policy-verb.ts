import { awsPolicy } from '../providers/aws/policy.ts';
import { addAzurePolicy } from './policy-azure.ts';
import { addVaultPolicy } from './policy-vault.ts';
import type { Verb } from './context.ts';

/** `policy aws`: the least privilege that a collection needs, to copy. */
export const policyVerb: Verb = (program, { output }) => {
  const policy = program.command('policy').description('print the least-privilege policy for a provider');
  addAzurePolicy(policy, output);
  addVaultPolicy(policy, output);
  policy
    .command('aws')
    .description('IAM policy with exactly what a collection reads, and an explicit denial of any use of keys')
    .option('--bucket <name...>', 'buckets that trails deliver to')
    .option('--account <id>', 'account of the trail, needed with --log-key')
    .option('--log-key <arn>', 'key that encrypts the log files; only they may then be decrypted, through S3')
    .option('--assume-role <arn>', 'role that the collector assumes')
    .option('--partition <name>', 'aws, aws-us-gov or aws-cn', 'aws')
    .option('--no-log-files', 'leave log files out')
    .action((options: PolicyOptions) => {
      const document = awsPolicy({
        partition: options.partition,
        readLogFiles: options.logFiles,
        ...(options.bucket ? { logBuckets: options.bucket } : {}),
        ...(options.account ? { account: options.account } : {}),
        ...(options.logKey ? { logKeyArn: options.logKey } : {}),
        ...(options.assumeRole ? { assumeRoleArn: options.assumeRole } : {}),
      });
      output.line(JSON.stringify(document, null, 2));
      output.object(document);
    });
};

interface PolicyOptions {
  bucket?: string[];
  account?: string;
  logKey?: string;
  assumeRole?: string;
  partition: string;
  logFiles: boolean;
}
