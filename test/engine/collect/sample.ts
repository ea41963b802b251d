import type { AwsSource, Engagement } from '../../../electron/engagement/engagement.ts';
import { defaultParameters } from '../../../electron/engagement/parameters.ts';

const DAY = 24 * 60 * 60_000;

/** An engagement over the sample environment. Its period ends before the sandbox's now, so that no question depends on when the test runs. */
export function sampleEngagement(): Engagement {
  const today = Math.floor(Date.now() / DAY) * DAY;
  return {
    client: 'Meridian',
    criteria: ['CC6.1'],
    mode: 'management',
    type: 2,
    period: { from: new Date(today - 20 * DAY).toISOString(), to: new Date(today - 3 * DAY).toISOString() },
    parameters: defaultParameters,
    sample: true,
  };
}

export function sampleSource(sandbox: { endpoint: string }, overrides: Partial<AwsSource> = {}): AwsSource {
  return {
    provider: 'aws',
    id: 'production',
    title: 'Production account',
    credentials: { from: 'default-chain' },
    assumeRole: null,
    regions: null,
    sampleEndpoint: sandbox.endpoint,
    readLogFiles: false,
    ...overrides,
  };
}
