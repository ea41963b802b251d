import { forEach } from '../../collect/for-each.ts';
import { scopeOf, type AwsRun } from './aws-run.ts';
import type { LogBucket } from './collect-buckets.ts';
import { daysBetween, digestTime, isLogFile } from './log-prefixes.ts';
import { s3 } from './operations/index.ts';
import { allPages } from './pages.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** Days of one region listed, and objects of one day fetched, at once. */
const DAYS_AT_ONCE = 4;
const OBJECTS_AT_ONCE = 8;

/** A prefix under which a trail's files of one account lie: `[prefix/]AWSLogs/[o-id/]<account>/`. */
interface AccountPrefix {
  bucket: LogBucket;
  prefix: string;
  account: string;
}

/**
 * Fetches log files and digest files of the period from the trails' buckets. The date in a key is that of delivery:
 * one more day is read after the end. Log files are read in a stream; digests are kept whole.
 *
 * Where a bucket holds the files of other accounts of the engagement too, they are read as well: often one source alone
 * can read the bucket of an organisation.
 */
export async function collectLogFiles(aws: AwsRun, buckets: readonly LogBucket[]): Promise<void> {
  const { source, recorder } = aws.run;
  const why = !source.readLogFiles
    ? 'the source is set not to read log files'
    : !recorder.ingestLines
      ? 'this run has no log ingest'
      : null;
  for (const bucket of buckets) {
    if (why !== null) await noteUnread(aws, bucket, why);
    else for (const found of await accountPrefixes(aws, bucket)) await collectAccount(aws, found);
  }
}

function noteUnread(aws: AwsRun, bucket: LogBucket, why: string, region = bucket.region): Promise<void> {
  return aws.run.asking.note({
    scope: scopeOf(aws, region),
    op: s3.getObject.id,
    what: 'log-files-not-read',
    from: null,
    to: null,
    reason: `log files in ${bucket.name} were not read: ${why}`,
  });
}

/**
 * The folders of every account of the engagement. Organisation trails put an `o-…` folder between; it is found by looking,
 * not by asking Organizations.
 */
async function accountPrefixes(aws: AwsRun, bucket: LogBucket): Promise<AccountPrefix[]> {
  const roots = new Set(bucket.trails.map((t) => `${t.S3KeyPrefix ? `${t.S3KeyPrefix}/` : ''}AWSLogs/`));
  const accounts = [aws.account, ...(await aws.run.accounts.all())];
  const found: AccountPrefix[] = [];
  let seen = true;
  for (const root of [...roots].sort()) {
    const { names, complete } = await folders(aws, bucket, root);
    seen &&= complete;
    for (const name of names) {
      if (accounts.includes(name)) found.push({ bucket, prefix: `${root}${name}/`, account: name });
      else if (/^o-[a-z0-9]+$/.test(name)) {
        const inside = await folders(aws, bucket, `${root}${name}/`);
        seen &&= inside.complete;
        for (const account of inside.names.filter((id) => accounts.includes(id)))
          found.push({ bucket, prefix: `${root}${name}/${account}/`, account });
      }
    }
  }
  // When the listing itself failed, its own exchange is the gap.
  if (seen && !found.some(({ account }) => account === aws.account))
    await noteUnread(aws, bucket, `it has no folder of account ${aws.account}`);
  return found;
}

/** Names of the folders right under a prefix. */
async function folders(
  aws: AwsRun,
  bucket: LogBucket,
  Prefix: string,
): Promise<{ names: string[]; complete: boolean }> {
  const { pages, complete } = await allPages(
    (ContinuationToken) =>
      aws.ask(
        s3.listObjects,
        { Bucket: bucket.name, Prefix, Delimiter: '/', ...(ContinuationToken && { ContinuationToken }) },
        { region: bucket.region },
      ),
    (page) => (page.IsTruncated ? page.NextContinuationToken : undefined),
  );
  const found = pages.flatMap((page) => page.CommonPrefixes ?? []);
  return { names: found.map((folder) => folder.Prefix!.slice(Prefix.length, -1)), complete };
}

async function collectAccount(aws: AwsRun, { bucket, prefix, account }: AccountPrefix): Promise<void> {
  // What is missing of another account is for its own source to say.
  const own = account === aws.account;
  const { names: regions, complete } = await folders(aws, bucket, `${prefix}CloudTrail/`);
  if (own && complete && regions.length === 0)
    await noteUnread(aws, bucket, `there are none under ${prefix}`);
  for (const region of regions) {
    if (aws.regions.includes(region)) await collectRegion(aws, bucket, prefix, region);
    else if (own) await noteUnread(aws, bucket, `${region} is not collected`, region);
  }
}

async function collectRegion(aws: AwsRun, bucket: LogBucket, prefix: string, region: string): Promise<void> {
  const { period, startedAt } = aws.run;
  const from = new Date(period.from);
  const to = new Date(Math.min(Date.parse(period.to) + DAY, startedAt.getTime()));
  await forEach(daysBetween(from, to), DAYS_AT_ONCE, (day) =>
    fetchDay(aws, bucket, `${prefix}CloudTrail/${region}/${day}/`, isLogFile, ''),
  );
  // The digest that covers a file is delivered up to an hour after it, under the hour it ends in.
  const first = new Date(from.getTime() - HOUR);
  const last = new Date(to.getTime() + HOUR);
  const inRange = (key: string) => {
    const time = digestTime(key);
    return time !== null && time >= first && time <= last;
  };
  await forEach(daysBetween(first, last), DAYS_AT_ONCE, (day) =>
    fetchDay(aws, bucket, `${prefix}CloudTrail-Digest/${region}/${day}/`, inRange, 'digest'),
  );
}

async function fetchDay(
  aws: AwsRun,
  bucket: LogBucket,
  Prefix: string,
  wanted: (key: string) => boolean,
  label: string,
): Promise<void> {
  const { pages } = await allPages(
    (ContinuationToken) =>
      aws.ask(
        s3.listObjects,
        { Bucket: bucket.name, Prefix, MaxKeys: 1000, ...(ContinuationToken && { ContinuationToken }) },
        { region: bucket.region },
      ),
    (page) => (page.IsTruncated ? page.NextContinuationToken : undefined),
  );
  const keys = pages
    .flatMap((page) => page.Contents ?? [])
    .flatMap(({ Key }) => (Key && wanted(Key) ? [Key] : []));
  aws.run.asking.tracker.plan(s3.getObject, scopeOf(aws, bucket.region), keys.length);
  await forEach(keys, OBJECTS_AT_ONCE, (Key) =>
    aws.ask(s3.getObject, { Bucket: bucket.name, Key }, { region: bucket.region, label }),
  );
}
