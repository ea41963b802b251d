import type { ReadableDb } from '../../../db/handle.ts';
import type { Period } from '../../engagement/engagement.ts';
import type { DigestInput, DigestRow } from '../cloudtrail/digest/types.ts';
import type { Claim } from './spans.ts';

/** One place of one source, as keys and coverage name it: account and Region, subscription and vault, cluster and mount. */
export interface Place {
  source: string;
  account: string;
  region: string;
}

/** What the coverage statement of one snapshot is made from, besides the ledger. */
export interface CoverageInput {
  snapshot: string;
  period: Period;
  /** When the collection began, ms UTC: later cannot be covered. */
  until: number;
  /** The same for one source: members of a view were taken at different times. */
  untilOf: (source: string) => number;
  input: DigestInput;
  digests: readonly DigestRow[];
}

/** What the logs of one provider say about coverage: the places it speaks of, and its claims about each. */
export interface CoverageStatement {
  places: readonly Place[];
  /** Claims about one of those places; joined by `joinClaims`, and a gap where there is none. */
  claimsOf: (place: Place) => Claim[];
  /** Why a place is a gap where no claim speaks of it. */
  otherwise: string;
}

/** Makes the statement of one provider from the ledger. Pure. `from` and `to`: the period, ms UTC. */
export type StateCoverage = (
  db: ReadableDb,
  about: CoverageInput,
  from: number,
  to: number,
) => CoverageStatement;
