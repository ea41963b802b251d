import type { RetrievalOptions } from './revocation/fetch.ts';
import type { TimestampOptions } from './timestamp/client.ts';

/** Baseline levels of EN 319 122-1 and EN 319 142-1: signed, with time, with validation data, with time over those. */
export type Level = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';

/** How far a seal got, and why not further. */
export interface SealOutcome {
  readonly level: Level;
  /** The latest token's time: the whole existed then. Null while the time is pending. */
  readonly provenTime: Date | null;
  /** Why there is no token; null when there is one. */
  readonly pending: string | null;
  /** Sentences: what the next level lacks. Empty at B-LTA. */
  readonly lacking: readonly string[];
  /** Hosts asked for time, certificates and revocation, each once. */
  readonly hosts: readonly string[];
}

/** Where time and validation data are to come from. */
export interface RaiseOptions {
  /** Null seals without time: level B-B. */
  readonly timestamp: TimestampOptions | null;
  /** Certificates at hand besides those that seals carry (DER): roots, issuers. */
  readonly known?: readonly Uint8Array[];
  readonly retrieval?: RetrievalOptions;
}

/** Joins what several steps or several files reached: the lowest level, everybody asked, everything lacking. */
export function joinOutcomes(outcomes: readonly SealOutcome[]): SealOutcome {
  const order: Level[] = ['B-B', 'B-T', 'B-LT', 'B-LTA'];
  const lowest = Math.min(...outcomes.map(({ level }) => order.indexOf(level)));
  const times = outcomes.map(({ provenTime }) => provenTime);
  return {
    level: order[lowest] ?? 'B-B',
    provenTime: times.includes(null)
      ? null
      : new Date(Math.max(...times.map((time) => (time as Date).getTime()))),
    pending: outcomes.map(({ pending }) => pending).find((reason) => reason !== null) ?? null,
    lacking: [...new Set(outcomes.flatMap(({ lacking }) => lacking))],
    hosts: [...new Set(outcomes.flatMap(({ hosts }) => hosts))],
  };
}
