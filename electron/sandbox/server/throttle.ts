/** Request quotas: one token bucket per operation, account and Region, holding at most one second's worth. */
export type Quotas = 'sandbox' | 'aws' | Record<string, number>;

/** Requests per second that AWS allows by default (KMS developer guide; CloudTrail quotas; all adjustable). */
const AWS_QUOTAS: Record<string, number> = {
  'kms:DescribeKey': 2000,
  'kms:GetPublicKey': 2000,
  'kms:ListResourceTags': 2000,
  'kms:GetKeyPolicy': 1000,
  'kms:GetKeyRotationStatus': 1000,
  'kms:ListAliases': 500,
  'kms:ListKeys': 500,
  'kms:ListGrants': 100,
  'kms:ListKeyPolicies': 100,
  'kms:ListKeyRotations': 100,
  'kms:GetKeyLastUsage': 100,
  'kms:DescribeCustomKeyStores': 5,
  'cloudtrail:LookupEvents': 2,
  'cloudtrail:DescribeTrails': 10,
  'cloudtrail:GetTrail': 10,
  'cloudtrail:GetTrailStatus': 10,
  'cloudtrail:GetEventSelectors': 10,
  'cloudtrail:GetInsightSelectors': 10,
  'cloudtrail:ListTags': 10,
  'cloudtrail:ListTrails': 10,
  'cloudtrail:ListPublicKeys': 10,
  'cloudtrail:ListEventDataStores': 10,
};

/** Much higher than AWS's, so that a demonstration does not wait; still finite, so that budgets are exercised. */
const SANDBOX_QUOTA = 10_000;
const SANDBOX_QUOTAS: Record<string, number> = { 'cloudtrail:LookupEvents': 200 };

export interface Throttle {
  /** Takes one token; false when the caller must be refused. `now` in milliseconds. */
  take(operation: string, accountId: string, region: string, now: number): boolean;
}

/** The quota in requests per second, or undefined when the operation has none. */
export function quotaOf(quotas: Quotas, operation: string): number | undefined {
  if (quotas === 'aws') return AWS_QUOTAS[operation];
  if (operation.startsWith('s3:')) return typeof quotas === 'object' ? quotas[operation] : undefined;
  const chosen = typeof quotas === 'object' ? quotas[operation] : undefined;
  return chosen ?? SANDBOX_QUOTAS[operation] ?? SANDBOX_QUOTA;
}

export function createThrottle(quotas: Quotas): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(operation, accountId, region, now) {
      const rate = quotaOf(quotas, operation);
      if (rate === undefined) return true;
      const id = `${operation} ${accountId} ${region}`;
      const capacity = Math.max(1, rate);
      const bucket = buckets.get(id) ?? { tokens: capacity, at: now };
      bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * rate);
      bucket.at = now;
      buckets.set(id, bucket);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}
