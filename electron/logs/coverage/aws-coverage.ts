import type { ReadableDb } from '../../../db/handle.ts';
import { latestDeclared } from '../../engagement/declarations.ts';
import { membersJson } from '../../engagement/view.ts';
import { LOOKUP } from '../cloudtrail/format.ts';
import { parseObjectKey } from '../cloudtrail/digest/object-key.ts';
import { digestClaims, gapOf, importedFileClaims, plainFileClaims } from './file-claims.ts';
import { lookupClaims } from './lookup-claims.ts';
import { noteClaims } from './note-claims.ts';
import { readFolders } from './read-folders.ts';
import { without, type Claim } from './spans.ts';
import type { CoverageInput, Place, StateCoverage } from './statement.ts';
import { trailStops } from './stopped-trails.ts';
import { coverageTrails, logsPlace } from './trails.ts';

const NOTHING_READ = 'no log source was read';

/** Coverage by CloudTrail: log files and their digests, look-ups, trails that stopped, and what was not read. */
export const awsCoverage: StateCoverage = (db, about, from, to) => ({
  places: placesOf(db, about.snapshot),
  claimsOf: claimsBySource(db, about, from, to),
  otherwise: NOTHING_READ,
});

function claimsBySource(
  db: ReadableDb,
  { snapshot, until, untilOf, input, digests }: CoverageInput,
  from: number,
  to: number,
): (place: Place) => Claim[] {
  const trails = coverageTrails(db, snapshot);
  const stops = trailStops(db, snapshot, trails, until);
  const notes = noteClaims(db, snapshot, from, to).filter(notOfOthers(db));
  const lookups = lookupClaims(db, snapshot);
  const imported = importedFiles(db, snapshot);
  const folders = readFolders(db, snapshot, input.logs, input.failures, until);

  return (place) => {
    const { source, account, region } = place;
    const here = digests.filter((d) => d.account === account && d.region === region);
    const logging = [...trails.values()].filter((t) => logsPlace(t, account, region));
    const claims: Claim[] = [];
    const own = folders.filter((f) => f.account === account && f.region === region);
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
    const end = untilOf(source);
    const later = gapOf(end, Math.max(end, to), 'after the collection', '');
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
      `SELECT s.seq, s.source, d.value AS path, s.first, s.last FROM usage_source s JOIN entry e ON e.seq = s.seq
         LEFT JOIN disclosure d ON d.seq = s.seq AND d.field = 'path'
        WHERE s.snapshot IN (SELECT value FROM json_each(?)) AND e.kind = 'import'
          AND e.line ->> '$.facts.format' IN ('cloudtrail.log', '${LOOKUP}') ORDER BY s.seq`,
    )
    .all(membersJson(db, snapshot));
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
        WHERE snapshot IN (SELECT value FROM json_each(?)) AND kind = 'exchange'
          AND op IN ('aws.kms.ListKeys', 'aws.cloudtrail.LookupEvents', 'aws.cloudtrail.DescribeTrails')`,
    )
    .all(membersJson(db, snapshot));
  for (const { source, scope } of asked) {
    const [account = '', region = ''] = scope.split('/');
    add(source, account, region);
  }
  for (const { source, account, region } of importedFiles(db, snapshot)) add(source, account, region);
  for (const { source, account, region } of noteClaims(db, snapshot, 0, 0).filter(notOfOthers(db))) {
    if (region !== null) add(source, account, region);
  }
  return [...places.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

/** Leaves out what sources of other providers say: each provider states its own coverage. */
function notOfOthers(db: ReadableDb): (about: { source: string }) => boolean {
  const others = new Set(
    [...latestDeclared(db, 'source').values()]
      .filter(({ value }) => value.provider !== 'aws' && value.provider !== 'files')
      .map((d) => d.subject),
  );
  return ({ source }) => !others.has(source);
}
