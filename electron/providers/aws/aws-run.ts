import type { SourceRun } from '../../collect/source-run.ts';
import type { AwsSource } from '../../engagement/engagement.ts';
import type { SignedIn } from './sign-in.ts';

/** What every collection step of an AWS account works with. */
export interface AwsRun extends SignedIn {
  run: SourceRun<AwsSource>;
  /** Regions to collect. */
  regions: readonly string[];
}

/** Scope of a region's (or `global`) exchanges and notes. */
export function scopeOf(aws: Pick<AwsRun, 'account'>, region: string): string {
  return `${aws.account}/${region}`;
}
