import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import type { QuotaChoice } from '../engagement/collection.ts';
import type { Engagement, Operator, Source } from '../engagement/engagement.ts';
import type { NetworkOptions } from '../recorder/agents.ts';
import type { IngestLines } from '../recorder/lines-sink.ts';
import type { AzureSecrets } from '../providers/azure/credentials.ts';
import type { Prompter } from '../providers/vault/secrets.ts';
import type { RetryLimits } from './back-off.ts';
import type { Clock } from './clock.ts';

/** Credentials handed over in memory, by provider: each knows its own shape. They are never stored. */
export interface GivenCredentials {
  aws?: AwsCredentialIdentityProvider;
  /** Asks for the code of a second factor that a role of an AWS profile wants, by the device's ARN or serial number. */
  awsMfaCode?: (device: string) => Promise<string>;
  azure?: AzureSecrets;
  vault?: Prompter;
}

/** What every run over sources is given, whether it collects or only tests. */
export interface RunOptions {
  writer: LedgerWriter;
  engagement: Engagement;
  operator: Operator;
  /** Credentials for a source, of the sample environment or asked from the operator; null or absent: as the source says. */
  credentialsFor?: (source: Source) => GivenCredentials | null;
  /** Takes log files; without it none are read, and the snapshot says so. */
  ingestLines?: IngestLines | null;
  network?: NetworkOptions;
  quotas?: QuotaChoice;
  retries?: RetryLimits;
  /** Calls in flight together; of them, how many bring a log file. */
  concurrency?: { calls: number; files: number };
  clock?: Clock;
}

export const defaultConcurrency = { calls: 64, files: 4 };
