import type { ReadableDb } from '../../db/handle.ts';
import { iterateInventory } from '../../db/derived/inventory.ts';
import { iterateResults } from '../../db/derived/results.ts';
import { canonicalJson } from '../../db/ledger/canonical-json.ts';
import type { Reviewer } from '../engagement/review-kinds.ts';
import { holdersOf, type Holder } from './holders.ts';
import { federatedName, memberFinder } from './members.ts';
import { personNamed } from './people.ts';

/** What kind of thing the reviewer decides about. */
export type ItemKind = 'access' | 'rotation' | 'logging' | 'exception';

/** One thing to be reviewed. Its id is made of what it is about: it is the same next year. */
export interface ReviewItem {
  id: string;
  kind: ItemKind;
  /** Key id, or the place that logs are of. */
  subject: string;
  /** Principal of an access item, control of an exception. */
  of: string;
  /** What the reviewer looks at, in words. */
  shows: string;
  /** Last year's decision, in words; null when there was none. */
  lastYear: string | null;
}

/** Words of last year's decisions by item id. */
export type LastYear = ReadonlyMap<string, string>;

/** Controls about the review itself and the documents around it: a review does not review itself. */
const OWN = /^(review-|policy-approved|procedure-)/;

/**
 * Everything that a review of a snapshot has to decide, in order: rights of each principal on each key, rotation of each
 * key, logging of each place, and every exception that tests noted.
 */
export function* populationItems(
  db: ReadableDb,
  snapshot: string,
  lastYear: LastYear,
): Generator<ReviewItem> {
  const item = (
    kind: ItemKind,
    subject: string,
    of: string,
    shows: string,
    id = [kind, subject, of].filter((part) => part !== '').join('|'),
  ): ReviewItem => {
    return { id, kind, subject, of, shows, lastYear: lastYear.get(id) ?? null };
  };
  const holders = holdersOf(db, snapshot);
  const rotation = db.prepare<[string, string], Record<string, string | number | null>>(
    `SELECT rotation_enabled, rotation_support, rotation_period_days, last_rotation, state FROM key WHERE snapshot = ? AND id = ?`,
  );
  for (const { key } of iterateInventory(db, snapshot)) {
    for (const holder of holders(key)) yield item('access', key, holder.principal, holderText(holder));
    yield item('rotation', key, '', rotationText(rotation.get(snapshot, key) ?? {}));
  }
  for (const { place, shows } of loggingPlaces(db, snapshot)) yield item('logging', place, '', shows);
  for (const [id, rows] of Map.groupBy(exceptions(db, snapshot), (row) => `${row.control}|${row.subject}`)) {
    const [{ control, subject, reason }] = rows as [(typeof rows)[number], ...typeof rows];
    yield item(
      'exception',
      subject,
      control,
      `${rows.map((r) => r.at).join(', ')}: ${reason}`,
      `exception|${id}`,
    );
  }
}

function* exceptions(db: ReadableDb, snapshot: string) {
  for (const row of iterateResults(db, snapshot, { result: 'exception' }))
    if (!OWN.test(row.control)) yield row;
}

/** The population as a file, one canonical JSON a line. */
export function populationFile(
  db: ReadableDb,
  snapshot: string,
  lastYear: LastYear,
): { bytes: Buffer; items: number } {
  let text = '';
  let items = 0;
  for (const item of populationItems(db, snapshot, lastYear)) {
    text += `${canonicalJson({ ...item })}\n`;
    items += 1;
  }
  return { bytes: Buffer.from(text, 'utf8'), items };
}

export function readPopulation(bytes: Buffer): ReviewItem[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReviewItem);
}

const CERTAINTY = { allowed: '', conditional: ', under conditions', unknown: ', not certain' } as const;

function holderText({ kind, rights }: Holder): string {
  const held = rights.map(
    ({ right, uses, certainty }) =>
      `${right}${uses.length > 0 ? ` (${uses.join(', ')})` : ''}${CERTAINTY[certainty]}`,
  );
  return `${kind}: ${held.join('; ')}`;
}

function rotationText(row: Record<string, string | number | null>): string {
  const enabled =
    row.rotation_enabled === 1
      ? `automatic, every ${row.rotation_period_days ?? 365} days`
      : row.rotation_enabled === 0
        ? 'automatic rotation not enabled'
        : `${row.rotation_support ?? 'not known'}`;
  return `${enabled}; last ${row.last_rotation ? String(row.last_rotation).slice(0, 10) : 'none recorded'}; ${row.state ?? 'state not known'}`;
}

function loggingPlaces(db: ReadableDb, snapshot: string): { place: string; shows: string }[] {
  const rows = db
    .prepare<[string], { source: string; account: string; covered: number; whole: number }>(
      `SELECT source, account, sum(CASE WHEN state = 'covered' THEN "end" - start ELSE 0 END) AS covered, sum("end" - start) AS whole
         FROM coverage WHERE snapshot = ? GROUP BY source, account ORDER BY source, account`,
    )
    .all(snapshot);
  return rows.map(({ source, account, covered, whole }) => ({
    place: `${source} ${account}`,
    shows: `logs cover ${whole === 0 ? 0 : Math.floor((covered / whole) * 1000) / 10} % of the period over its Regions`,
  }));
}

/** Keys that the reviewer administers, by name or address: as a user, or as a member of a federated role. */
export function administeredBy(
  db: ReadableDb,
  snapshot: string,
  reviewer: Reviewer,
): { key: string; as: string }[] {
  const holders = holdersOf(db, snapshot);
  const members = memberFinder(db, snapshot);
  const names = [reviewer.name, reviewer.email].filter((name) => name !== null);
  const isReviewer = (name: string, email: string | null) =>
    names.some(
      (wanted) =>
        personNamed({ people: [{ name, email, kind: 'person', from: null, to: null }] }, wanted) !==
        undefined,
    );
  const known = new Map<string, string | null>();
  const asReviewer = (holder: Holder): string | null => {
    const { principal } = holder;
    let as = known.get(principal);
    if (as === undefined) {
      const name = federatedName(holder);
      const own = principal.split('/').at(-1)!;
      const member =
        name === null
          ? undefined
          : members(name, principal)?.members.find((m) => isReviewer(m.name, m.email));
      as = member
        ? `${principal} (${member.name})`
        : isReviewer(own, own.includes('@') ? own : null)
          ? principal
          : null;
      known.set(principal, as);
    }
    return as;
  };
  return [...iterateInventory(db, snapshot)].flatMap(({ key }) => {
    const found = holders(key).find(
      (h) => h.rights.some(({ right }) => right === 'administer') && asReviewer(h) !== null,
    );
    return found ? [{ key, as: asReviewer(found)! }] : [];
  });
}
