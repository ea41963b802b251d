/** Region whose endpoints serve the account-wide services (IAM, STS, Account) of a region's partition. */
export function globalRegion(region: string): string {
  if (region.startsWith('us-gov-')) return 'us-gov-west-1';
  if (region.startsWith('cn-')) return 'cn-north-1';
  return 'us-east-1';
}

/** Where to ask before the regions are known: the source's first region, else the environment's, else us-east-1. */
export function homeRegion(regions: readonly string[] | null, env: NodeJS.ProcessEnv = process.env): string {
  return globalRegion(regions?.[0] ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1');
}
