import type { ReadableDb } from '../../../db/handle.ts';
import { declared } from '../../engagement/declarations.ts';
import { membersOf } from '../../engagement/view.ts';
import { gapOf, PROVISIONAL } from './file-claims.ts';
import type { Claim } from './spans.ts';

/** What a collection noted as not asked, with the words of the coverage statement. */
const WORDS: Record<string, { reason: string; weight: number }> = {
  'before-retention-edge': { reason: 'before the retention edge of the event history (90 days)', weight: 2 },
  'provisional-tail': { reason: PROVISIONAL, weight: 4 },
  'event-budget-reached': { reason: 'the event budget was reached', weight: 3 },
  'lookup-incomplete': { reason: 'the event history could not be read to the end', weight: 3 },
  'log-files-not-read': { reason: 'log files were not read', weight: 1 },
  'log-query-partial': { reason: 'the workspace answered a query in part only', weight: 6 },
  'region-not-collected': { reason: 'the Region was not collected', weight: 7 },
};

/** A note as a claim about one place, or about all places of an account. */
export interface NoteClaim {
  source: string;
  account: string;
  /** Null for all Regions of the account. */
  region: string | null;
  claim: Claim;
}

/** The notes of a snapshot that bear on coverage. A note without a time is about the whole period. */
export function noteClaims(db: ReadableDb, snapshot: string, from: number, to: number): NoteClaim[] {
  const members = membersOf(db, snapshot);
  return declared(db, 'collect.note').flatMap(({ subject, seq, value }) => {
    const words = WORDS[value.what];
    if (!members.includes(subject) || !words) return [];
    const [account = '', region = ''] = value.scope.split('/');
    const start = value.from === null ? from : Date.parse(value.from);
    const end = value.to === null ? to : Date.parse(value.to);
    const detail = value.what === 'log-files-not-read' ? value.reason : '';
    // What is said of log files is said where their bucket is.
    const everywhere = value.what === 'log-files-not-read';
    const claim = { ...gapOf(start, end, words.reason, detail), cites: [seq], weight: words.weight };
    return [{ source: value.source, account, region: everywhere ? null : region, claim }];
  });
}
