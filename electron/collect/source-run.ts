import type { LedgerWriter } from '../../db/ledger/writer.ts';
import type { CollectSettings } from '../engagement/collection.ts';
import type { Period, Source } from '../engagement/engagement.ts';
import type { Agents, NetworkOptions } from '../recorder/agents.ts';
import type { RecorderCore } from '../recorder/record-exchange.ts';
import type { Accounts } from './accounts.ts';
import type { AskContext } from './asker.ts';

/** Everything a provider needs to collect one source of a snapshot. */
export interface SourceRun<S extends Source = Source> {
  source: S;
  period: Period;
  /** When the snapshot was opened: the "now" of every question, also in a resumed run. UTC. */
  startedAt: Date;
  settings: CollectSettings;
  writer: LedgerWriter;
  recorder: RecorderCore;
  /** How the run reaches its providers; `agents` are made from it. */
  network: NetworkOptions;
  agents: Agents;
  /** The accounts of all sources of the run. */
  accounts: Accounts;
  /** What the questions of this source share, but for who asks and how this provider's answers end. */
  asking: Omit<AskContext, 'caller' | 'endingOf'>;
}
