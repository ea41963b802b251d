import type { Event as CloudTrailEvent } from '@aws-sdk/client-cloudtrail';
import type { SourceRun } from '../../collect/source-run.ts';
import type { AwsSource } from '../../engagement/engagement.ts';
import type { AskAgain, LoggedCause, RecordedQuestion } from '../provider.ts';
import type { AwsOperation } from './operation.ts';
import { awsOperations } from './operations/index.ts';
import { cloudtrail } from './operations/cloudtrail.ts';
import { homeRegion } from './partition.ts';
import { signIn, type GivenAws } from './sign-in.ts';

/** Parameters that the SDK wants as dates; the ledger holds them as texts. */
const DATES = new Set(['StartTime', 'EndTime']);

/** Asks recorded questions again with the credentials at hand. */
export async function askAwsAgain(run: SourceRun<AwsSource>, given: GivenAws): Promise<AskAgain> {
  const { ask } = await signIn(run, given);
  const operations = new Map(awsOperations.map((op) => [op.id, op]));
  const home = homeRegion(run.source.regions);
  const regionOf = ({ scope }: RecordedQuestion) => {
    const region = scope.split('/')[1] ?? 'global';
    return region === 'global' ? home : region;
  };
  return {
    ask(question) {
      const op = operations.get(question.op) as AwsOperation | undefined;
      if (!op) return null;
      const { label } = question;
      return ask(op, revived(question.params), { region: regionOf(question), label });
    },
    async explain(question, since) {
      const { KeyId: key } = question.params;
      const iam = question.op.startsWith('aws.iam.');
      if (typeof key !== 'string' && !iam) return [];
      const attribute = iam
        ? { AttributeKey: 'EventSource' as const, AttributeValue: 'iam.amazonaws.com' }
        : { AttributeKey: 'ResourceName' as const, AttributeValue: keyArn(key as string, question.scope) };
      const input = { LookupAttributes: [attribute], StartTime: new Date(since) };
      // IAM is logged in one Region, whatever Region it was asked in.
      const answer = await ask(cloudtrail.lookupEvents, input, {
        region: iam ? home : regionOf(question),
        label: 'explain',
      });
      return answer.ok ? causes(answer.output.Events ?? [], answer.seq) : [];
    },
    close: () => undefined,
  };
}

function revived(params: Record<string, unknown>): Record<string, unknown> {
  const dates = Object.entries(params).map(([name, value]) => [
    name,
    DATES.has(name) && typeof value === 'string' ? new Date(value) : value,
  ]);
  return Object.fromEntries(dates) as Record<string, unknown>;
}

/** Events name keys by ARN; questions may have named them by id. */
function keyArn(key: string, scope: string): string {
  if (key.startsWith('arn:')) return key;
  const [account, region = ''] = scope.split('/');
  const partition = region.startsWith('us-gov-') ? 'aws-us-gov' : region.startsWith('cn-') ? 'aws-cn' : 'aws';
  return `arn:${partition}:kms:${region}:${account}:key/${key}`;
}

/** Changes among events, oldest first: reading explains nothing. */
function causes(events: readonly CloudTrailEvent[], seq: number): LoggedCause[] {
  return events
    .filter((event) => event.ReadOnly !== 'true' && event.EventTime !== undefined)
    .map((event) => ({
      ...{ at: event.EventTime!.toISOString(), event: event.EventName ?? 'an event without a name' },
      ...{ actor: event.Username ?? null, seq },
    }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}
