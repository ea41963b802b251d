import type { Answer } from '../../collect/asker.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { AwsSource } from '../../engagement/engagement.ts';
import type { ConnectionTest, TestedPermission } from '../provider.ts';
import type { AwsOperation } from './operation.ts';
import {
  account,
  cloudtrail,
  cloudwatch,
  events,
  iam,
  identitystore,
  kms,
  logs,
  s3,
  sso,
} from './operations/index.ts';
import { homeRegion } from './partition.ts';
import { signIn, type GivenAws, type SignedIn } from './sign-in.ts';

const LABEL = 'connection-test';

/**
 * Tries every permission with the cheapest real call, in one region. The calls are exchanges like any other, under the
 * label `connection-test` and in no snapshot: the client's log has them, so ours must.
 *
 * @throws CollectError CREDENTIALS
 */
export async function testAws(run: SourceRun<AwsSource>, given: GivenAws): Promise<ConnectionTest> {
  const signedIn = await signIn(run, given);
  const region = run.source.regions?.[0] ?? homeRegion(null);
  const tried = trier(signedIn, region);

  await tried.try(account.listRegions, { MaxResults: 1 });
  await tried.try(iam.getAccountAuthorizationDetails, { MaxItems: 1 });
  await tried.try(sso.listInstances, { MaxResults: 1 });
  for (const op of Object.values({ ...sso, ...identitystore }))
    if (op !== sso.listInstances)
      tried.skip(op, 'answered in the management account or to a delegated administrator');
  await tryKeys(tried);
  await tryTrails(tried, run);
  return { account: signedIn.account, arn: signedIn.arn, region, permissions: tried.results };
}

type Trier = ReturnType<typeof trier>;

function trier({ ask }: SignedIn, region: string) {
  const results: TestedPermission[] = [];
  return {
    results,
    async try<I, O>(op: AwsOperation<I, O>, input: I & object, at = region): Promise<O | null> {
      const answer = await ask(op, input, { region: at, label: LABEL });
      results.push(tested(op, answer));
      return answer.ok ? answer.output : null;
    },
    skip(op: AwsOperation<never>, why: string): void {
      const { id, permissions } = op;
      results.push({ op: id, permissions, status: 'unknown', code: null, message: why });
    },
  };
}

function tested(
  op: { id: string; permissions: readonly string[] },
  answer: Answer<unknown>,
): TestedPermission {
  const base = { op: op.id, permissions: op.permissions };
  if (answer.ok || answer.notApplicable !== null) return { ...base, status: 'ok', code: null, message: null };
  const denied = /AccessDenied|Unauthorized|Forbidden|Http403/i.test(answer.code);
  return { ...base, status: denied ? 'denied' : 'unknown', code: answer.code, message: answer.message };
}

async function tryKeys(tried: Trier): Promise<void> {
  const keys = await tried.try(kms.listKeys, { Limit: 1 });
  await tried.try(kms.listAliases, { Limit: 1 });
  await tried.try(kms.describeCustomKeyStores, { Limit: 1 });
  const KeyId = keys?.Keys?.[0]?.KeyId;
  if (KeyId === undefined) {
    for (const op of [
      kms.describeKey,
      kms.getKeyPolicy,
      kms.listGrants,
      kms.listResourceTags,
      kms.getKeyLastUsage,
      kms.getKeyRotationStatus,
      kms.listKeyRotations,
    ])
      tried.skip(op, 'there is no key in the region to try it on');
    return;
  }
  await tried.try(kms.describeKey, { KeyId });
  await tried.try(kms.getKeyPolicy, { KeyId, PolicyName: 'default' });
  await tried.try(kms.listGrants, { KeyId, Limit: 1 });
  await tried.try(kms.listResourceTags, { KeyId, Limit: 1 });
  await tried.try(kms.getKeyLastUsage, { KeyId });
  await tried.try(kms.getKeyRotationStatus, { KeyId });
  await tried.try(kms.listKeyRotations, { KeyId, Limit: 1 });
}

async function tryTrails(tried: Trier, run: SourceRun<AwsSource>): Promise<void> {
  const described = await tried.try(cloudtrail.describeTrails, { includeShadowTrails: true });
  await tried.try(cloudtrail.lookupEvents, { MaxResults: 1 });
  await tried.try(cloudtrail.listPublicKeys, {});
  await tried.try(cloudtrail.listEventDataStores, {});
  await tried.try(events.listRules, { Limit: 1 });
  tried.skip(events.listTargetsByRule, 'asked only for rules about keys');
  await tried.try(logs.describeLogGroups, { limit: 1 });
  await tried.try(logs.describeMetricFilters, { limit: 1 });
  await tried.try(cloudwatch.describeAlarms, { MaxRecords: 1 });

  const trail = described?.trailList?.[0];
  if (!trail?.TrailARN || !trail.S3BucketName) {
    const ops = [
      cloudtrail.getTrailStatus,
      cloudtrail.getEventSelectors,
      cloudtrail.getInsightSelectors,
      cloudtrail.listTags,
      ...Object.values(s3),
    ];
    for (const op of ops) tried.skip(op, 'there is no trail in the region to try it on');
    return;
  }
  const home = trail.HomeRegion!;
  await tried.try(cloudtrail.getTrailStatus, { Name: trail.TrailARN }, home);
  await tried.try(cloudtrail.getEventSelectors, { TrailName: trail.TrailARN }, home);
  await tried.try(cloudtrail.getInsightSelectors, { TrailName: trail.TrailARN }, home);
  await tried.try(cloudtrail.listTags, { ResourceIdList: [trail.TrailARN] }, home);
  await tryBucket(tried, trail.S3BucketName, home, run.source.readLogFiles);
}

async function tryBucket(tried: Trier, Bucket: string, home: string, readLogFiles: boolean): Promise<void> {
  const located = await tried.try(s3.getBucketLocation, { Bucket }, home);
  const at = located ? located.LocationConstraint || 'us-east-1' : home;
  await tried.try(s3.getBucketPolicy, { Bucket }, at);
  await tried.try(s3.getBucketVersioning, { Bucket }, at);
  await tried.try(s3.getObjectLockConfiguration, { Bucket }, at);
  await tried.try(s3.getBucketEncryption, { Bucket }, at);
  await tried.try(s3.getPublicAccessBlock, { Bucket }, at);
  await tried.try(s3.getBucketLogging, { Bucket }, at);
  await tried.try(s3.getBucketLifecycle, { Bucket }, at);
  await tried.try(s3.listObjects, { Bucket, MaxKeys: 1 }, at);
  tried.skip(
    s3.getObject,
    readLogFiles
      ? 'tried by the collection: reading one file proves nothing about another'
      : 'log files are not read',
  );
}
