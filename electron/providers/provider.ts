import type { Answer } from '../collect/asker.ts';
import type { EndingOf } from '../collect/ending.ts';
import type { Operation } from '../collect/operation.ts';
import type { PlannedCall } from '../collect/plan.ts';
import type { GivenCredentials } from '../collect/run-options.ts';
import type { SourceRun } from '../collect/source-run.ts';
import type { CollectNote, CollectSettings } from '../engagement/collection.ts';
import type { Period, Source } from '../engagement/engagement.ts';

/** A source that can be asked, as opposed to files. */
export type AskedSource = Exclude<Source, { provider: 'files' }>;
export type ProviderId = AskedSource['provider'];
export type SourceOf<P extends ProviderId> = Extract<AskedSource, { provider: P }>;

/** Whether one permission is there, as a real call showed. */
export interface TestedPermission {
  op: string;
  permissions: readonly string[];
  /** unknown: there was nothing to try it on, or it failed for another reason. */
  status: 'ok' | 'denied' | 'unknown';
  /** The provider's error code, or why it could not be tried. */
  code: string | null;
  message: string | null;
}

/** What trying a source showed. */
export interface ConnectionTest {
  /** Account, tenant or cluster. */
  account: string;
  /** Who asks, as the provider names them. */
  arn: string;
  /** Where calls that belong to a place were tried: a Region, a subscription, a namespace. */
  region: string;
  permissions: TestedPermission[];
}

/** A question as an exchange recorded it. */
export interface RecordedQuestion {
  op: string;
  scope: string;
  label: string;
  /** As asked; dates are texts. */
  params: Record<string, unknown>;
}

/** A logged change that may explain why an answer differs. */
export interface LoggedCause {
  at: string;
  event: string;
  actor: string | null;
  /** Ledger entry that brought it. */
  seq: number;
}

/** A signed-in way to ask recorded questions again. */
export interface AskAgain {
  /** Null when the operation is not one of this provider's any more. */
  ask: (question: RecordedQuestion) => Promise<Answer<unknown>> | null;
  /** Logged changes of what a question was about since a moment (ISO 8601 UTC); empty where the provider cannot be asked. */
  explain: (question: RecordedQuestion, since: string) => Promise<LoggedCause[]>;
  close: () => void;
}

/**
 * One key management system as something that can be asked. Everything that collecting needs to know of it is behind
 * this; what its answers mean is its {@link ../derive/derivation.ts | Derivation}.
 */
export interface Provider<P extends ProviderId = ProviderId> {
  /** First part of the ids of its operations: `aws.kms.DescribeKey`. */
  id: P;
  /** As people call it. */
  title: string;
  /** Every operation it may be asked, also sign-in. */
  operations: readonly Operation[];
  /** Operations whose answers only say who asks: a snapshot with nothing else collected nothing. */
  isSignIn: (op: string) => boolean;
  /** How its exchanges end their calls. */
  endingOf: EndingOf;
  /** The provider's own words in the body of an error; null when it says nothing. */
  errorMessage: (body: Buffer) => string | null;
  /** What would close a gap of this code; null for the ordinary advice. */
  remedyOf: (op: string, code: string, message: string | null) => string | null;
  /** What would close the gap that a note of this provider tells of, where the ordinary advice does not fit. */
  noteRemedies: Partial<Record<CollectNote['what'], string>>;
  /** Names of environment variables that would have changed where evidence comes from; all are ignored. */
  ignoredEnvironment: () => string[];
  /** Where the source points in the sample environment; null for the provider itself. */
  sampleEndpoint: (source: SourceOf<P>) => string | null;
  /** The calls a collection takes, by operation and place, before any is made. */
  plan: (
    source: SourceOf<P>,
    period: Period,
    settings: Pick<CollectSettings, 'quotas' | 'usageEventBudget'>,
  ) => PlannedCall[];
  /**
   * Collects one source. The same snapshot always asks the same questions in the same words, so running it once more is
   * resuming it.
   *
   * @throws CollectError CREDENTIALS, CANCELLED …; a failure of one item is an exchange, never thrown
   */
  collect: (run: SourceRun<SourceOf<P>>, given: GivenCredentials | null) => Promise<void>;
  /** Signs in to ask again what a pack recorded. @throws CollectError CREDENTIALS, WRONG_ACCOUNT */
  askAgain: (run: SourceRun<SourceOf<P>>, given: GivenCredentials | null) => Promise<AskAgain>;
  /** Tries every permission with the cheapest real call. @throws CollectError CREDENTIALS */
  test: (run: SourceRun<SourceOf<P>>, given: GivenCredentials | null) => Promise<ConnectionTest>;
}
