import type { ReadableDb } from '../../../db/handle.ts';
import { latestDeclared } from '../../engagement/declarations.ts';
import { membersJson } from '../../engagement/view.ts';
import {
  askedActivity,
  askedBlobs,
  askedQueries,
  tableRetention,
  vaultRoutes,
  type AskedTime,
  type VaultRoutes,
} from './azure-facts.ts';
import { recordsOfEntry } from '../events-of-entry.ts';
import { gapOf, PROVISIONAL } from './file-claims.ts';
import { importedClaims, importedFiles, isAt, type ImportedFile } from './azure-imports.ts';
import { noteClaims } from './note-claims.ts';
import { without, type Claim } from './spans.ts';
import type { CoverageInput, Place, StateCoverage } from './statement.ts';

const DAY = 86_400_000;
/** Records are in their store about this long after the request. */
const LATE_MS = 15 * 60_000;
const NOT_LOGGING = 'not logging: no diagnostic setting records use of keys';

/**
 * Coverage by Azure: for every vault what Log Analytics and exported files hold of its requests, from when its
 * diagnostic setting is known to exist; for every subscription its activity log, which tells changes only.
 */
export const azureCoverage: StateCoverage = (db, about, from, to) => {
  const vaults = vaultIds(db, about.snapshot);
  const facts = {
    routes: vaultRoutes(db, about.snapshot),
    queries: askedQueries(db, about.snapshot),
    blobs: askedBlobs(db, about.snapshot),
    retention: tableRetention(db, about.snapshot),
    activity: askedActivity(db, about.snapshot),
    notes: noteClaims(db, about.snapshot, from, to),
    first: firstRecords(db, about.snapshot),
    imported: importedFiles(db, about.snapshot),
  };
  return {
    places: placesOf(db, about.snapshot, vaults, facts.imported),
    claimsOf: (place) => {
      const claims =
        place.region === 'global'
          ? activityClaims(place, facts, from, to)
          : vaultClaims(place, vaults, facts, about, from);
      const noted = facts.notes.filter(
        (note) =>
          note.source === place.source &&
          note.account === place.account &&
          (note.region === null || note.region === place.region),
      );
      const imported = importedClaims(facts.imported.filter(isAt(place)), place, from);
      // Nothing can be known of what came after.
      const end = about.untilOf(place.source);
      const later = gapOf(end, Math.max(end, to), 'after the collection', '');
      return [
        ...[...claims, ...noted.map(({ claim }) => claim), ...imported].flatMap((c) => without(c, [later])),
        later,
      ];
    },
    otherwise: 'no log source was read',
  };
};

interface Facts {
  routes: ReturnType<typeof vaultRoutes>;
  queries: ReturnType<typeof askedQueries>;
  blobs: ReturnType<typeof askedBlobs>;
  retention: ReturnType<typeof tableRetention>;
  activity: ReturnType<typeof askedActivity>;
  first: Map<string, number>;
}

function vaultClaims(
  { source, account, region }: Place,
  vaults: ReadonlyMap<string, string>,
  facts: Facts,
  { until }: CoverageInput,
  from: number,
): Claim[] {
  const scope = `${account}/${region}`;
  const settings = facts.routes.get(`${source} ${scope}`);
  const vault = vaults.get(`${source} ${scope}`) ?? '';
  if (!settings) return [];
  const { seq, code, others } = settings;
  if (settings.routes === null) {
    const why = `diagnostic settings could not be read (${code ?? 'no code'})`;
    return [{ ...gapOf(from, until, why, ''), cites: [seq], weight: 7 }];
  }
  if (settings.routes.length === 0) {
    const detail =
      others === 0
        ? ''
        : `${others} diagnostic ${others === 1 ? 'setting records' : 'settings record'} other categories`;
    return [{ ...gapOf(from, until, NOT_LOGGING, detail), cites: [seq], weight: 8 }];
  }
  const since = knownSince(settings, scope, facts, from);
  const claims = settings.routes.flatMap((route) =>
    route.destinations.flatMap((destination): Claim[] => {
      switch (destination.kind) {
        case 'workspace':
          return workspaceClaims(
            `${source} ${vault} ${destination.id}`,
            destination.id,
            facts,
            since.at,
            until,
          );
        case 'storage account':
          return blobClaims(`${source} ${vault} ${destination.id}`, facts, since.at, until);
        default:
          return [
            {
              ...gapOf(
                from,
                until,
                `records go to ${destination.kind} ${destination.id.split('/').at(-1)}, which was not read`,
                '',
              ),
              weight: 3,
            },
          ];
      }
    }),
  );
  const early = { ...gapOf(from, since.at, since.why, ''), cites: [seq], weight: 5 };
  const tail = {
    ...gapOf(until - LATE_MS, until, PROVISIONAL, 'records may arrive up to 15 minutes late'),
    weight: 4,
  };
  return [early, tail, ...claims.flatMap((claim) => without(claim, [early, tail]))];
}

/**
 * From when the vault's records can be counted on. Azure does not say when a diagnostic setting was made: its first
 * record shows that it was there, or the activity log shows that it was not written since.
 */
function knownSince({ source, scope, seq }: VaultRoutes, place: string, facts: Facts, from: number) {
  const activity = facts.activity.get(`${source} ${scope.split('/')[0]}`)?.filter(({ ok }) => ok) ?? [];
  const edge =
    activity.length === 0 ? Infinity : Math.max(from, Math.min(...activity.map(({ start }) => start)));
  const written = facts.first.get(`written ${place}`) ?? null;
  const shown = facts.first.get(`record ${place}`) ?? Infinity;
  const unchanged = written === null ? edge : Math.max(edge, written);
  const at = Math.min(unchanged, shown);
  const why =
    written !== null && at === written
      ? 'not logging: the diagnostic setting was written later, and there is no record from before'
      : 'whether the diagnostic setting existed before its first record is not known';
  return { at: Number.isFinite(at) ? at : Infinity, why, seq };
}

/**
 * What a workspace holds of a vault. Its records can be in either table, also first in one and then in the other: a
 * stretch counts as covered only where neither table was answered in part.
 */
function workspaceClaims(
  key: string,
  workspace: string,
  facts: Facts,
  since: number,
  until: number,
): Claim[] {
  const read: Claim[] = [];
  const gaps: Claim[] = [];
  for (const table of ['AZKVAuditLogs', 'AzureDiagnostics']) {
    const days = facts.retention.get(`${workspace} ${table}`) ?? facts.retention.get(workspace) ?? null;
    const kept = days === null ? -Infinity : until - days * DAY;
    for (const { start, end, ok, code, seq, counted } of facts.queries.get(`${key} ${table}`) ?? []) {
      if (!ok) {
        const why = `the workspace was not answered in full (${code ?? 'partial'})`;
        gaps.push({ ...gapOf(start, end, why, table), cites: [seq] });
        continue;
      }
      const means = counted ? 'Log Analytics, no record' : `Log Analytics (${table})`;
      read.push(covered(Math.max(start, since, kept), end, means, '', [seq], counted ? 1 : 4));
      if (kept > start) {
        const why = `the workspace keeps records for ${days} days`;
        gaps.push({ ...gapOf(start, kept, why, ''), cites: [seq] });
      }
    }
  }
  // What was split afterwards was answered in full by its parts.
  const open = gaps.flatMap((gap) =>
    without(
      gap,
      read.filter((claim) => claim.weight === 4 && claim.cites[0]! > gap.cites[0]!),
    ),
  );
  return [...read.flatMap((claim) => without(claim, open)), ...open];
}

function blobClaims(key: string, facts: Facts, since: number, until: number): Claim[] {
  const broken = (facts.blobs.broken.get(key) ?? []).map(({ start, end, code, seq }) => ({
    ...gapOf(start, end, `an exported file could not be read (${code ?? 'no code'})`, ''),
    cites: [seq],
  }));
  const listed = (facts.blobs.months.get(key) ?? []).flatMap(
    ({ start, end, ok, code, seq }: AskedTime): Claim[] =>
      ok
        ? without(
            covered(Math.max(start, since), Math.min(end, until), 'exported files', '', [seq], 3),
            broken,
          )
        : [
            {
              ...gapOf(
                start,
                Math.min(end, until),
                `exported files could not be listed (${code ?? 'no code'})`,
                '',
              ),
              cites: [seq],
            },
          ],
  );
  return [...listed, ...broken];
}

function activityClaims({ source, account }: Place, { activity }: Facts, from: number, to: number): Claim[] {
  const asked = activity.get(`${source} ${account}`) ?? [];
  if (asked.length === 0) return [];
  const failed = asked.find(({ ok }) => !ok);
  if (failed) {
    return [
      {
        ...gapOf(from, to, `the activity log could not be read (${failed.code ?? 'no code'})`, ''),
        cites: [failed.seq],
      },
    ];
  }
  const { start, end } = asked[0]!;
  const seqs = asked.map(({ seq }) => seq);
  return [
    {
      ...covered(start, end - LATE_MS, 'activity log', 'it tells changes, not uses', seqs, 2),
      state: 'changes only',
    },
  ];
}

function covered(
  start: number,
  end: number,
  means: string,
  reason: string,
  cites: number[],
  weight: number,
): Claim {
  return { start, end: Math.max(start, end), state: 'covered', means, reason, detail: '', cites, weight };
}

/** Resource ids (lower case) of vaults by source and scope, from the questions that name them. */
function vaultIds(db: ReadableDb, snapshot: string): Map<string, string> {
  const rows = db
    .prepare<[string], { source: string; scope: string; params: string }>(
      `SELECT e.line ->> '$.facts.source' AS source, e.line ->> '$.facts.scope' AS scope, d.value AS params
         FROM entry e JOIN disclosure d ON d.seq = e.seq AND d.field = 'params'
        WHERE e.snapshot IN (SELECT value FROM json_each(?)) AND e.op = 'azure.insights.ListDiagnosticSettings' ORDER BY e.seq`,
    )
    .all(membersJson(db, snapshot));
  return new Map(
    rows.map(({ source, scope, params }) => [
      `${source} ${scope}`,
      ((JSON.parse(params) as { resource?: string }).resource ?? '').toLowerCase(),
    ]),
  );
}

/** The first record of each vault, and the last time its diagnostic settings were written, as the logs tell. */
function firstRecords(db: ReadableDb, snapshot: string): Map<string, number> {
  const rows = db
    .prepare<[string], { place: string; first: number }>(
      `SELECT p.account || '/' || p.region AS place, min(r.time) AS first
         FROM usage_event_row r JOIN usage_source s ON s.seq = r.seq JOIN usage_place p ON p.id = r.place
         JOIN usage_operation o ON o.id = r.operation
        WHERE s.snapshot IN (SELECT value FROM json_each(?)) AND o.service = 'Microsoft.KeyVault' GROUP BY p.account, p.region`,
    )
    .all(membersJson(db, snapshot));
  return new Map([
    ...rows.map(({ place, first }) => [`record ${place}`, first] as const),
    ...writtenSettings(db, snapshot),
  ]);
}

function writtenSettings(db: ReadableDb, snapshot: string): [string, number][] {
  const seqs = db
    .prepare<[string], number>(
      `SELECT seq FROM entry WHERE snapshot IN (SELECT value FROM json_each(?)) AND op = 'azure.insights.ListActivityLog'
        ORDER BY seq`,
    )
    .pluck()
    .all(membersJson(db, snapshot));
  const last = new Map<string, number>();
  for (const seq of seqs) {
    for (const record of recordsOfEntry(db, seq).values()) {
      const changed = record.change(null);
      const parts =
        /^\/subscriptions\/([^/]+)\/.*\/microsoft\.keyvault\/(?:vaults|managedhsms)\/([^/]+)\/providers\/microsoft\.insights\/diagnosticsettings\//.exec(
          changed?.subject ?? '',
        );
      if (!parts) continue;
      const key = `written ${parts[1]}/${parts[2]}`;
      last.set(key, Math.max(last.get(key) ?? 0, record.time));
    }
  }
  return [...last];
}

function placesOf(
  db: ReadableDb,
  snapshot: string,
  vaults: ReadonlyMap<string, string>,
  imported: readonly ImportedFile[],
): Place[] {
  const places = new Map<string, Place>();
  const add = (source: string, account: string, region: string): void => {
    places.set(`${source} ${account}/${region}`, { source, account, region });
  };
  for (const key of vaults.keys()) {
    const [source = '', scope = ''] = key.split(' ');
    const [account = '', region = ''] = scope.split('/');
    add(source, account, region);
  }
  for (const key of askedActivity(db, snapshot).keys()) {
    const [source = '', account = ''] = key.split(' ');
    add(source, account, 'global');
  }
  const own = new Set(latestDeclared(db, 'source').keys());
  for (const { source, account, region } of imported) if (own.has(source)) add(source, account, region);
  return [...places.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}
