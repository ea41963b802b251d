import type { ReadableDb } from '../handle.ts';

/** What became of one question over all keys of a place: the counts add up to `keys`. */
export interface QuestionCounts {
  /** Action, for example `GetKeyPolicy`. */
  op: string;
  keys: number;
  ok: number;
  denied: number;
  notApplicable: number;
  throttled: number;
  error: number;
  network: number;
  interrupted: number;
  notAsked: number;
  /** First and last ledger entry that these counts rest on; null when there is none. */
  firstSeq: number | null;
  lastSeq: number | null;
}

/** A list of keys taken at the start or the end. */
export interface ListingRow {
  pages: number;
  items: number;
  complete: boolean;
  status: string;
  code: string | null;
  firstSeq: number;
  lastSeq: number;
}

/** The account of one place (source, account, region). */
export interface PlaceCompleteness {
  source: string;
  account: string;
  region: string;
  start: ListingRow | null;
  end: ListingRow | null;
  /** Keys only in the list at the end, and only in the list at the start. */
  appeared: number;
  vanished: number;
  /** Keys of the inventory: listed at either time, or described, or known from logs. */
  keys: number;
  customer: number;
  providerManaged: number;
  managerUnknown: number;
  /** Keys known from logs only (deleted in the period). */
  loggedOnly: number;
  questions: QuestionCounts[];
}

interface KeyCounts {
  source: string;
  account: string;
  region: string;
  keys: number;
  customer: number;
  provider: number;
  unknown: number;
  logged: number;
  appeared: number;
  vanished: number;
}

/** The completeness statement of a snapshot, place by place. Every key is in exactly one column of every question. */
export function completeness(db: ReadableDb, snapshot: string): PlaceCompleteness[] {
  const places = new Map<string, PlaceCompleteness>();
  const place = (source: string, account: string, region: string): PlaceCompleteness => {
    const key = [source, account, region].join('\n');
    let known = places.get(key);
    if (!known) {
      known = {
        ...{ source, account, region, start: null, end: null, appeared: 0, vanished: 0, keys: 0 },
        ...{ customer: 0, providerManaged: 0, managerUnknown: 0, loggedOnly: 0, questions: [] },
      };
      places.set(key, known);
    }
    return known;
  };
  for (const { source, account, region, label, ...row } of listings(db, snapshot)) {
    const list = { ...row, complete: row.complete === 1 };
    place(source, account, region)[label] = list;
  }
  for (const row of keyCounts(db, snapshot)) {
    const at = place(row.source, row.account, row.region);
    Object.assign(at, {
      ...{ keys: row.keys, customer: row.customer, providerManaged: row.provider },
      ...{ managerUnknown: row.unknown, loggedOnly: row.logged },
      // Without both lists nothing can be said about drift.
      ...(at.start?.complete && at.end?.complete
        ? { appeared: row.appeared, vanished: row.vanished }
        : { appeared: 0, vanished: 0 }),
    });
  }
  for (const { source, account, region, ...counts } of questionCounts(db, snapshot)) {
    place(source, account, region).questions.push(counts);
  }
  return [...places.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

type ListingRead = Omit<ListingRow, 'complete'> & {
  source: string;
  account: string;
  region: string;
  label: 'start' | 'end';
  complete: number;
};

function listings(db: ReadableDb, snapshot: string): ListingRead[] {
  return db
    .prepare<[string], ListingRead>(
      `SELECT source, account, region, label, pages, items, complete, status, code, first_seq AS firstSeq,
              last_seq AS lastSeq FROM listing WHERE snapshot = ? ORDER BY source, account, region, label`,
    )
    .all(snapshot);
}

function keyCounts(db: ReadableDb, snapshot: string): KeyCounts[] {
  return db
    .prepare<[string], KeyCounts>(
      `SELECT source, account, region, count(*) AS keys,
              sum(manager IS 'customer') AS customer, sum(manager IS 'provider') AS provider,
              sum(manager IS NULL) AS unknown, sum(basis = 'logged') AS logged,
              sum(listed_end AND NOT listed_start) AS appeared, sum(listed_start AND NOT listed_end) AS vanished
         FROM key WHERE snapshot = ? AND belongs = 'inventory' GROUP BY source, account, region`,
    )
    .all(snapshot);
}

function questionCounts(
  db: ReadableDb,
  snapshot: string,
): (QuestionCounts & { source: string; account: string; region: string })[] {
  return db
    .prepare<[string], QuestionCounts & { source: string; account: string; region: string }>(
      `SELECT k.source, k.account, k.region, a.op, count(*) AS keys,
              sum(a.status = 'ok') AS ok, sum(a.status = 'denied') AS denied,
              sum(a.status = 'not-applicable') AS notApplicable, sum(a.status = 'throttled') AS throttled,
              sum(a.status = 'error') AS error, sum(a.status = 'network') AS network,
              sum(a.status = 'interrupted') AS interrupted, sum(a.status = 'not-asked') AS notAsked,
              min(a.seq) AS firstSeq, max(a.seq) AS lastSeq
         FROM key_answer a JOIN key k ON k.snapshot = a.snapshot AND k.id = a.key
        WHERE a.snapshot = ? AND k.belongs = 'inventory'
        GROUP BY k.source, k.account, k.region, a.op ORDER BY k.source, k.account, k.region, a.op`,
    )
    .all(snapshot);
}

/** A Region (subscription location, namespace) and whether it was collected. */
export interface RegionRow {
  source: string;
  account: string;
  name: string;
  status: string | null;
  collected: number;
  /** Why not, when it was not. */
  reason: string | null;
  seq: number | null;
}

/** All Regions of a snapshot's accounts, collected or not. */
export function regions(db: ReadableDb, snapshot: string): RegionRow[] {
  return db
    .prepare<[string], RegionRow>(
      `SELECT source, account, name, status, collected, reason, seq FROM region WHERE snapshot = ?
        ORDER BY source, account, name`,
    )
    .all(snapshot);
}
