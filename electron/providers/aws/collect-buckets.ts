import type { Trail } from '@aws-sdk/client-cloudtrail';
import { all } from '../../collect/for-each.ts';
import type { AwsRun } from './aws-run.ts';
import { s3 } from './operations/index.ts';

/** A bucket that trails deliver to, and where it is. */
export interface LogBucket {
  name: string;
  region: string;
  /** Trails that deliver to it. */
  trails: Trail[];
  /** ARN of a key that encrypts its objects by default; null without. */
  keyArn: string | null;
}

/** The protection of every bucket that holds log files. */
export async function collectBuckets(aws: AwsRun, trails: readonly Trail[]): Promise<LogBucket[]> {
  const byBucket = Map.groupBy(
    trails.filter((trail) => trail.S3BucketName),
    (trail) => trail.S3BucketName!,
  );
  return Promise.all(
    [...byBucket]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, members]) => collectBucket(aws, name, members)),
  );
}

async function collectBucket(aws: AwsRun, Bucket: string, trails: Trail[]): Promise<LogBucket> {
  const home = trails[0]!.HomeRegion ?? aws.regions[0]!;
  const located = await aws.ask(s3.getBucketLocation, { Bucket }, { region: home });
  const region = located.ok ? regionOf(located.output.LocationConstraint) : home;
  const where = { region };
  const encryption = aws.ask(s3.getBucketEncryption, { Bucket }, where);
  await all([
    encryption,
    aws.ask(s3.getBucketPolicy, { Bucket }, where),
    aws.ask(s3.getBucketVersioning, { Bucket }, where),
    aws.ask(s3.getObjectLockConfiguration, { Bucket }, where),
    aws.ask(s3.getPublicAccessBlock, { Bucket }, where),
    aws.ask(s3.getBucketLogging, { Bucket }, where),
    aws.ask(s3.getBucketLifecycle, { Bucket }, where),
  ]);
  const answer = await encryption;
  const rules = answer.ok ? (answer.output.ServerSideEncryptionConfiguration?.Rules ?? []) : [];
  const keyArn = rules[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID ?? null;
  return { name: Bucket, region, trails, keyArn };
}

/** An empty constraint is us-east-1, and `EU` is what eu-west-1 was called. */
function regionOf(constraint: string | undefined): string {
  if (!constraint) return 'us-east-1';
  return constraint === 'EU' ? 'eu-west-1' : constraint;
}
