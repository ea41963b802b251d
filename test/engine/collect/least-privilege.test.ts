import { describe, expect, test } from 'vitest';
import type { CollectOptions } from '../../../electron/collect/collect-snapshot.ts';
import { buildCompany } from '../../../electron/sandbox/company/company.ts';
import { openLogIngest } from '../../../electron/logs/ingest.ts';
import { awsPolicy, type AwsPolicy } from '../../../electron/providers/aws/policy.ts';
import { collectSample, sandboxFor } from './support.ts';
import { sampleSource } from './sample.ts';

/*
 * The policy that `keywitness policy aws` prints, against the sample environment's own evaluation of policies: with it
 * nothing is denied but what the client's key policies deny to everybody; without any one of its permissions, the gaps name
 * that permission.
 */

/** The company that every sandbox of these tests serves. */
const { trails } = buildCompany({ seed: 'collect' });
type Account = 'auditor' | 'auditorSecurity';
/** Regions with every kind of thing to ask about: keys, a trail that delivers to CloudWatch Logs, rules, and the trail key. */
const REGIONS = { auditor: ['us-east-1', 'eu-west-1'], auditorSecurity: ['eu-central-1'] };

function without(policy: AwsPolicy, permission: string): AwsPolicy {
  return {
    ...policy,
    Statement: policy.Statement.map((s) =>
      s.Effect === 'Deny' ? s : { ...s, Action: s.Action.filter((action) => action !== permission) },
    ).filter((s) => s.Action.length > 0),
  };
}

/** Denials of a collection with this policy and nothing else, and how many gaps say that a permission would close them. */
async function collectWith(policy: AwsPolicy | null, as: Account) {
  const sandbox = await sandboxFor(policy ? { policies: { [as]: policy } } : {});
  const ingest = openLogIngest({ threads: 1 });
  try {
    const overrides: Partial<CollectOptions> = {
      sources: [sampleSource(sandbox.aws, { readLogFiles: true, regions: REGIONS[as] })],
      ingestLines: ingest.ingestLines,
      credentialsFor: () => ({ aws: async () => sandbox.aws.credentials[as] }),
      usageEventBudget: 0,
    };
    const { result } = await collectSample(sandbox, overrides);
    return {
      denied: result.gaps.filter((g) => /AccessDenied/.test(g.code)).map((g) => `${g.op} ${g.subject}`),
      naming: (permission: string) => result.gaps.filter((g) => g.remedy.includes(permission)).length,
    };
  } finally {
    await ingest.close();
  }
}

const encrypted = trails.find((trail) => trail.kmsKeyArn)!;
const printed = awsPolicy({
  logBuckets: [...new Set(trails.map((trail) => trail.bucket))],
  logKeyArn: encrypted.kmsKeyArn!,
  account: encrypted.accountId,
});
/** With the whole policy: some keys and buckets refuse everybody, so gaps name some permissions already. */
const whole = new Map<Account, ReturnType<typeof collectWith>>();
const withAll = (as: Account) => {
  const known = whole.get(as) ?? collectWith(printed, as);
  whole.set(as, known);
  return known;
};
const permissions = printed.Statement.flatMap((s) => (s.Effect === 'Allow' ? s.Action : [])).sort();

describe('the printed least-privilege policy of AWS', () => {
  test.each(['auditor', 'auditorSecurity'] as const)('is enough: %s', async (as) => {
    const own = await collectWith(null, as);
    const least = await withAll(as);
    expect(least.denied.filter((call) => !own.denied.includes(call))).toEqual([]);
  });

  test('holds no permission twice and none that changes anything', () => {
    expect(new Set(permissions).size).toBe(permissions.length);
    for (const permission of permissions)
      expect(permission).toMatch(/:(Get|List|Describe|Lookup|Decrypt)[A-Za-z]*$/);
  });

  test.each(permissions)('without %s, the gaps name it', async (permission) => {
    // The trail's key, and IAM Identity Center, answer in the security account only.
    const there = permission === 'kms:Decrypt' || /^(sso|identitystore):/.test(permission);
    const as = there ? 'auditorSecurity' : 'auditor';
    const least = await collectWith(without(printed, permission), as);
    expect(least.naming(permission)).toBeGreaterThan((await withAll(as)).naming(permission));
  });
});
