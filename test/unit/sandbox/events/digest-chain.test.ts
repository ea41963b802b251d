import { describe, expect, test } from 'vitest';
import { buildCompany } from '../../../../electron/sandbox/company/company.ts';
import type { Company } from '../../../../electron/sandbox/company/types.ts';
import { digestPublicKeys } from '../../../../electron/sandbox/events/digest-keys.ts';
import { logBuckets } from '../../../../electron/sandbox/events/log-bucket.ts';
import {
  setLogOptions,
  type LogFault,
  type LogOptions,
} from '../../../../electron/sandbox/events/options.ts';
import { verifyChain, type Outcome, type Reader } from '../../../engine/sandbox-s3/reference-verifier.ts';

const AS_OF = '2026-11-24T00:00:00Z';

function readerOf(company: Company, bucket: string): Reader {
  const buckets = logBuckets(company);
  return {
    keys: async (prefix) =>
      buckets
        .objects(bucket)
        .map(({ key }) => key)
        .filter((key) => key.startsWith(prefix)),
    async get(key) {
      const object = buckets.find(bucket, key);
      return object && { bytes: object.bytes(), metadata: object.head().metadata };
    },
    publicKeys: async (region, from, to) =>
      new Map(
        digestPublicKeys(company, region, from.getTime(), to.getTime()).map((key) => [
          key.fingerprint,
          key.der,
        ]),
      ),
  };
}

function check(company: Company, trailName: string, account = 0, region?: string): Promise<Outcome> {
  const trail = company.trails.find(({ name }) => name === trailName)!;
  const where = region ?? trail.homeRegion;
  const accountId = company.accounts[account]!.id;
  const base = `${trail.prefix === undefined ? '' : `${trail.prefix}/`}AWSLogs/${trail.organization ? `${company.organizationId}/` : ''}${accountId}`;
  return verifyChain(
    readerOf(company, trail.bucket),
    trail.bucket,
    { logs: `${base}/CloudTrail/${where}/`, digests: `${base}/CloudTrail-Digest/${where}/` },
    where,
  );
}

function companyWith(logs: LogOptions): Company {
  const company = buildCompany({ asOf: AS_OF });
  setLogOptions(company, logs);
  return company;
}

describe('digest chains of the sample trails', () => {
  test.each(['eu-central-1', 'eu-west-1', 'us-east-1'])(
    'an untouched chain verifies from first to last in %s',
    async (region) => {
      const outcome = await check(companyWith({}), 'meridian-organization', 0, region);
      expect(outcome.problems).toEqual([]);
      expect(outcome.validDigests).toBe(90);
      expect(outcome.validLogs).toBe(90);
      expect(outcome.coverage).toEqual([{ from: '2026-08-26T00:00:00Z', to: '2026-11-23T23:57:00Z' }]);
      expect(outcome.signers.size).toBe(2);
    },
  );

  test('a trail that was stopped for days has one gap and begins again without a predecessor', async () => {
    const company = companyWith({});
    const outcome = await check(company, 'eu-west-1-audit');
    const [pause] = company.trails.find(({ name }) => name === 'eu-west-1-audit')!.stopped;
    expect(outcome.problems).toEqual([]);
    expect(outcome.coverage).toHaveLength(2);
    const [before, after] = outcome.coverage as [{ from: string; to: string }, { from: string; to: string }];
    // The digest under way when logging stops still arrives, minutes later.
    expect(Date.parse(before.to) - pause!.from).toBeLessThan(10 * 60_000);
    expect(Date.parse(before.to)).toBeGreaterThanOrEqual(pause!.from);
    expect(Date.parse(after.from)).toBe(pause!.to);
  });

  test('hourly digests over daily files of an hour each verify as well', async () => {
    const company = companyWith({ events: 4000, hoursPerFile: 1, hoursPerDigest: 1 });
    const delivery = logBuckets(company).deliveries[0]!;
    expect(delivery.digests).toHaveLength(90 * 24);
    expect(delivery.digests.some(({ files }) => files.length === 0)).toBe(true);
    const outcome = await check(company, 'meridian-organization');
    expect(outcome.problems).toEqual([]);
    expect(outcome.validDigests).toBe(90 * 24);
    expect(outcome.coverage).toHaveLength(1);
  });

  test('a digest over several files, some split by number of events, verifies', async () => {
    const company = companyWith({ events: 30_000, hoursPerFile: 6, hoursPerDigest: 24, eventsPerFile: 12 });
    const delivery = logBuckets(company).deliveries[0]!;
    expect(Math.max(...delivery.digests.map(({ files }) => files.length))).toBeGreaterThan(4);
    expect((await check(company, 'meridian-organization')).problems).toEqual([]);
  });

  test('the newest digest can be read first and is the same as after all others', () => {
    const read = (first: 'newest' | 'oldest'): string => {
      const company = companyWith({ events: 2000 });
      const digests = logBuckets(company)
        .objects('meridian-organization-trail')
        .filter(({ kind }) => kind === 'digest');
      const order = first === 'newest' ? digests.toReversed() : digests;
      return order
        .map((object) => `${object.key} ${object.head().metadata.signature} ${object.head().etag}`)
        .sort()
        .join('\n');
    };
    expect(read('newest')).toBe(read('oldest'));
  });

  test.each<[LogFault, (key: string, original: string | undefined) => (string | RegExp)[]]>([
    ['tampered-log', (key) => [`log-changed ${key}`]],
    ['deleted-log', (key) => [`log-missing ${key}`]],
    ['deleted-digest', () => [/^previous-missing /, /^undigested /]],
    ['undigested-log', (key) => [`undigested ${key}`]],
    ['moved-digest', (key) => [`moved ${key}`, /^previous-missing /]],
    ['tampered-digest', (key) => [/^link /, `signature ${key}`]],
  ])('%s is what a verifier finds, and nothing else', async (fault, expected) => {
    const company = companyWith({ faults: [fault] });
    const [done] = logBuckets(company).faults;
    const { problems } = await check(company, 'meridian-organization');
    const wanted = expected(done!.key, done!.originalKey);
    expect(problems).toHaveLength(wanted.length);
    wanted.forEach((want, i) => expect(problems[i]).toMatch(want));
    // Other chains are not touched.
    expect((await check(company, 'meridian-organization', 1)).problems).toEqual([]);
  });

  test('all faults together stay apart', async () => {
    const { problems } = await check(
      companyWith({
        faults: [
          'tampered-log',
          'deleted-log',
          'deleted-digest',
          'undigested-log',
          'moved-digest',
          'tampered-digest',
        ],
      }),
      'meridian-organization',
    );
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'link',
      'log-changed',
      'log-missing',
      'moved',
      'previous-missing',
      'previous-missing',
      'signature',
      'undigested',
      'undigested',
    ]);
  });
});

describe('public keys of the digests', () => {
  const company = companyWith({});
  const { from, to } = company.period;

  test('a range in the first half of the period names one key, the whole period both', () => {
    expect(digestPublicKeys(company, 'us-east-1', from, from + 86_400_000)).toHaveLength(1);
    expect(digestPublicKeys(company, 'us-east-1', from, to)).toHaveLength(2);
  });

  test('without times the key in use is named', () => {
    expect(digestPublicKeys(company, 'us-east-1')).toEqual([
      digestPublicKeys(company, 'us-east-1', from, to)[1],
    ]);
  });

  test('no two regions share a key', () => {
    const all = company.enabledRegions.flatMap((region) => digestPublicKeys(company, region, from, to));
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(6);
  });

  test('a Region without a key is refused with words', () => {
    expect(() => digestPublicKeys(company, 'ap-east-1')).toThrow(/cannot sign digests for Region ap-east-1/);
  });
});
