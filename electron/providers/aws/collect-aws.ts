import { all } from '../../collect/for-each.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { AwsSource } from '../../engagement/engagement.ts';
import type { AwsRun } from './aws-run.ts';
import { collectBuckets } from './collect-buckets.ts';
import { collectEvents } from './collect-events.ts';
import { collectForeignKeys } from './collect-foreign-keys.ts';
import { collectIdentityCenter } from './collect-identity-center.ts';
import { collectIam } from './collect-iam.ts';
import { collectKeys } from './collect-keys.ts';
import { collectLogFiles } from './collect-log-files.ts';
import { collectMonitoring } from './collect-monitoring.ts';
import { collectRegions } from './collect-regions.ts';
import { collectTrails } from './collect-trails.ts';
import { signIn, type GivenAws } from './sign-in.ts';

/**
 * Collects one AWS account. The same snapshot always asks the same questions in the same words: what is answered is not
 * asked again, so running it once more is resuming it.
 *
 * @throws CollectError CREDENTIALS, WRONG_ACCOUNT, CANCELLED; a failure of one item is an exchange, never thrown
 */
export async function collectAws(run: SourceRun<AwsSource>, given: GivenAws): Promise<void> {
  const signedIn = await signIn(run, given);
  run.accounts.tell(run.source.id, signedIn.account);
  const aws: AwsRun = { ...signedIn, run, regions: await collectRegions(run, signedIn) };
  await all([
    ...aws.regions.map((region) => collectKeys(aws, region)),
    ...aws.regions.map((region) => collectEvents(aws, region)),
    collectLogging(aws),
  ]);
}

async function collectLogging(aws: AwsRun): Promise<void> {
  const [found, trails] = await Promise.all([collectIam(aws), collectTrails(aws)]);
  const [buckets] = await Promise.all([
    collectBuckets(aws, trails),
    collectMonitoring(aws, trails),
    collectIdentityCenter(aws, found.ssoRegions),
  ]);
  const keys = [
    ...found.keys,
    ...trails.flatMap((trail) => trail.KmsKeyId ?? []),
    ...buckets.flatMap((bucket) => bucket.keyArn ?? []),
  ].filter((arn) => arn.startsWith('arn:'));
  await all([collectForeignKeys(aws, keys), collectLogFiles(aws, buckets)]);
}
