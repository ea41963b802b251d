import { EVENT_RULES } from '../../db/derived/events.ts';
import type { ReadableDb, WritableDb } from '../../db/handle.ts';
import type { Period } from '../engagement/engagement.ts';
import { parseObjectKey } from './cloudtrail/digest/object-key.ts';
import type { DigestInput, DigestRow } from './cloudtrail/digest/types.ts';
import { digestClaims, gapOf, importedFileClaims, plainFileClaims } from './coverage/file-claims.ts';
import { lookupClaims } from './coverage/lookup-claims.ts';
import { noteClaims } from './coverage/note-claims.ts';
import { readFolders } from './coverage/read-folders.ts';
import { joinClaims, without, type Claim } from './coverage/spans.ts';
import { trailStops } from './coverage/stopped-trails.ts';
import { coverageTrails, logsPlace } from './coverage/trails.ts';

const NOTHING_READ = 'no log source was read';

interface Place {
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
  input: DigestInput;
  digests: readonly DigestRow[];
}

/**
 * Writes the coverage statement of one snapshot: for each place of each source, what the logs cover of the period, by
 * what means, and why the rest is missing.
 */
export function deriveCoverage(db: WritableDb, about: CoverageInput): void {
  const { snapshot, period } = about;
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  db.prepare('DELETE FROM coverage WHERE snapshot = ?').run(snapshot);
  const insert = db.prepare(
    `INSERT INTO coverage (snapshot, source, account, region, n, start, end, state, means, reason, detail, cites, rules)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${EVENT_RULES})`,
  );
  const claimsOf = claimsBySource(db, about, from, to);
  for (const place of placesOf(db, snapshot)) {
    const spans = joinClaims(claimsOf(place), from, to, NOTHING_READ);
    spans.forEach(({ start, end, state, means, reason, detail, cites }, n) => {
      const { source, account, region } = place;
      insert.run(
        ...[snapshot, source, account, region, n, start, end, state, means, reason, detail],
        JSON.stringify(cites),
      );
    });
  }
}

function claimsBySource(
  db: ReadableDb,
  { snapshot, until, input, digests }: CoverageInput,
  from: number,
  to: number,
): (place: Place) => Claim[] {
  const trails = coverageTrails(db, snapshot);
  const stops = trailStops(db, snapshot, trails, until);
  const notes = noteClaims(db, snapshot, from, to);
  const lookups = lookupClaims(db, snapshot);
  const imported = importedFiles(db, snapshot);
  const folders = new Map<string, ReturnType<typeof readFolders>>();
  const foldersOf = (source: string) => {
    let found = folders.get(source);
    if (!found) {
      found = readFolders(db, snapshot, source, input.logs, input.failures, until);
      folders.set(source, found);
    }
    return found;
  };

  return (place) => {
    const { source, account, region } = place;
    const here = digests.filter((d) => d.account === account && d.region === region);
    const logging = [...trails.values()].filter((t) => logsPlace(t, account, region));
    const claims: Claim[] = [];
    const own = foldersOf(source).filter((f) => f.account === account && f.region === region);
    const files = imported.filter((f) => f.source === source && f.account === account && f.region === region);
    if (own.length > 0 || files.length > 0) claims.push(...digestClaims(here, logging));
    for (const folder of own) {
      const trail =
        logging.find((t) => t.bucket === folder.bucket && rootOf(t.prefix) === folder.root) ?? null;
      const digested = here.some(
        (d) => d.kind === 'digest' && d.bucket === folder.bucket && d.trail === trail?.name,
      );
      for (const { reason, seq } of folder.refused) {
        claims.push({
          ...gapOf(from, to, `log files could not be listed (${reason})`, folder.bucket),
          cites: [seq],
        });
      }
      if (digested) continue;
      const off = stops.filter((s) => s.trail === trail?.arn);
      for (const part of folder.parts) {
        const claim = plainFileClaims(trail, region, { ...part, seqs: folder.seqs });
        claims.push(...claim.flatMap((c) => without(c, off)));
      }
    }
    for (const trail of files.length > 0 ? [] : logging) {
      const readHere = own.some((f) => f.bucket === trail.bucket && f.root === rootOf(trail.prefix));
      if (readHere || trail.kms === 'excluded') continue;
      // What it may have recorded is not lost: it was only not read.
      const unread = gapOf(from, to, `log files of trail ${trail.name} were not read`, '');
      const off = stops.filter((s) => s.trail === trail.arn);
      claims.push(...without({ ...unread, cites: trail.cites, weight: 7 }, off));
    }
    claims.push(...importedFileClaims(files));
    claims.push(...(lookups.get(`${source} ${account}/${region}`) ?? []));
    for (const stop of stops) {
      const trail = trails.get(stop.trail);
      if (!trail || !logsPlace(trail, account, region)) continue;
      const said = gapOf(stop.start, stop.end, 'trail stopped', `trail ${trail.name} did not log`);
      claims.push({ ...said, cites: stop.cites, weight: 8 });
    }
    for (const note of notes) {
      const about = note.source === source && note.account === account;
      if (about && (note.region === null || note.region === region)) claims.push(note.claim);
    }
    // Nothing can be known of what came after.
    const later = gapOf(until, Math.max(until, to), 'after the collection', '');
    return [...claims.flatMap((c) => without(c, [later])), later];
  };
}

const rootOf = (prefix: string) => (prefix === '' ? '' : `${prefix}/`);

interface ImportedFile extends Place {
  seq: number;
  first: number | null;
  last: number | null;
}

/** Imported log files and saved look-ups by place: by their name, or by the events that they hold. */
function importedFiles(db: ReadableDb, snapshot: string): ImportedFile[] {
  const rows = db
    .prepare<
      [string],
      { seq: number; source: string; path: string | null; first: number | null; last: number | null }
    >(
      `SELECT s.seq, s.source, d.value AS path, s.first, s.last FROM usage_source s
         LEFT JOIN disclosure d ON d.seq = s.seq AND d.field = 'path'
        WHERE s.snapshot = ? AND s.kind IN ('imported-log-file', 'imported-lookup') ORDER BY s.seq`,
    )
    .all(snapshot);
  const places = db.prepare<[number], { account: string; region: string }>(
    `SELECT DISTINCT p.account, p.region FROM usage_event_row r JOIN usage_place p ON p.id = r.place
      WHERE r.seq = ? ORDER BY p.account, p.region`,
  );
  return rows.flatMap(({ seq, source, path, first, last }) => {
    const name = path === null ? null : parseObjectKey(path);
    const where = name ? [{ account: name.account, region: name.region }] : places.all(seq);
    return where.map((place) => ({ ...place, seq, source, first, last }));
  });
}

/** Accounts and Regions a source speaks of: where keys and events were asked for, where imported logs are from. */
function placesOf(db: ReadableDb, snapshot: string): Place[] {
  const places = new Map<string, Place>();
  const add = (source: string, account: string, region: string) => {
    if (account === '' || region === '' || region === 'global') return;
    places.set([source, account, region].join('\n'), { source, account, region });
  };
  const asked = db
    .prepare<[string], { source: string; scope: string }>(
      `SELECT DISTINCT line ->> '$.facts.source' AS source, line ->> '$.facts.scope' AS scope FROM entry
        WHERE snapshot = ? AND kind = 'exchange'
          AND op IN ('aws.kms.ListKeys', 'aws.cloudtrail.LookupEvents', 'aws.cloudtrail.DescribeTrails')`,
    )
    .all(snapshot);
  for (const { source, scope } of asked) {
    const [account = '', region = ''] = scope.split('/');
    add(source, account, region);
  }
  for (const { source, account, region } of importedFiles(db, snapshot)) add(source, account, region);
  for (const { source, account, region } of noteClaims(db, snapshot, 0, 0)) {
    if (region !== null) add(source, account, region);
  }
  return [...places.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}
