import type { ReadableDb } from '../../../db/handle.ts';
import { entries } from '../../../db/ledger/read.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { declared, latestDeclared } from '../../engagement/declarations.ts';
import { membersJson, membersOf } from '../../engagement/view.ts';
import { regionOf, scopeOfAnswer } from '../../providers/vault/normalise/place.ts';
import { AUDIT_LOG, vaultAuditFormat } from '../vault-audit/format.ts';
import { asObject, asText } from '../cloudtrail/parse-record.ts';
import { gapOf } from './file-claims.ts';
import { without, type Claim } from './spans.ts';
import type { CoverageInput, Place, StateCoverage } from './statement.ts';

/** Rotated files whose entries are this far apart or less are taken as following each other: a quiet cluster logs little. */
const FOLLOWING_MS = 24 * 60 * 60_000;

/** Coverage by audit log files that the client gave: from the first to the last entry, device by device. */
export const vaultCoverage: StateCoverage = (db, about, from, to) => {
  const files = auditFiles(db, about.snapshot);
  const devices = auditDevices(db, about.snapshot);
  return {
    places: placesOf(db, about.snapshot, files),
    claimsOf: (place) => claimsOf(place, about, from, to, files, devices, notesOf(db, about)),
    otherwise: 'no audit log file was read for this time',
  };
};

interface AuditFile {
  seq: number;
  source: string;
  cluster: string;
  /** Audit device as the source names it; null when nobody said. */
  device: string | null;
  first: number;
  last: number;
}

interface Device {
  cluster: string;
  path: string;
  seq: number;
}

function claimsOf(
  { account }: Place,
  { until }: CoverageInput,
  from: number,
  to: number,
  files: readonly AuditFile[],
  devices: readonly Device[],
  notes: readonly { cluster: string; claim: Claim }[],
): Claim[] {
  const own = files.filter((file) => file.cluster === account);
  const known = devices.filter((device) => device.cluster === account);
  const claims: Claim[] = notes.filter((note) => note.cluster === account).map((note) => note.claim);
  claims.push(...fileClaims(own, known));
  // Nothing can be known of what came after.
  const later = gapOf(until, Math.max(until, to), 'after the collection', '');
  return [...claims.flatMap((claim) => without(claim, [later])), later];
}

function fileClaims(files: readonly AuditFile[], devices: readonly Device[]): Claim[] {
  if (files.length === 0) return [];
  const named = new Set(files.map((file) => file.device));
  // Each entry is in at least one device, not in every one: only all of them together are complete.
  const absent = named.has(null) ? [] : devices.filter((device) => !named.has(device.path));
  const spans = following(files);
  const detail =
    `${files.length} ${files.length === 1 ? 'file' : 'files'} of ${named.has(null) ? 'audit devices' : [...named].join(', ')}; ` +
    'client-provided: nothing proves that no file is missing, and automatic rotations leave no entry';
  if (absent.length > 0) {
    const which = absent.map((device) => device.path).join(', ');
    return spans.map(({ start, end }) => ({
      ...gapOf(start, end, `files of audit device ${which} were not given`, 'an entry may be in them alone'),
      cites: absent.map((device) => device.seq),
      weight: 7,
    }));
  }
  const covered = spans.map(({ start, end, seqs }): Claim => ({
    ...{ start, end, state: 'covered', means: 'audit log files', reason: '', detail },
    ...{ cites: [...seqs, ...devices.map((device) => device.seq)], weight: 1 },
  }));
  const between = spans.slice(1).map((span, i): Claim => {
    const reason = 'no file holds an entry of this time';
    return {
      ...gapOf(spans[i]!.end, span.start, reason, 'a file is missing, or nobody asked for a day'),
      weight: 7,
    };
  });
  return [...covered, ...between];
}

/** The files of all devices and nodes together, joined where one follows the other. */
function following(files: readonly AuditFile[]): { start: number; end: number; seqs: number[] }[] {
  const spans: { start: number; end: number; seqs: number[] }[] = [];
  for (const { first, last, seq } of [...files].sort((a, b) => a.first - b.first || a.seq - b.seq)) {
    const open = spans.at(-1);
    if (open && first <= open.end + FOLLOWING_MS) {
      open.end = Math.max(open.end, last + 1000);
      open.seqs.push(seq);
    } else spans.push({ start: first, end: last + 1000, seqs: [seq] });
  }
  return spans;
}

function auditFiles(db: ReadableDb, snapshot: string): AuditFile[] {
  const rows = db
    .prepare<
      [string, string],
      { seq: number; source: string; path: string | null; first: number | null; last: number | null }
    >(
      `SELECT s.seq, s.source, d.value AS path, s.first, s.last FROM usage_source s JOIN entry e ON e.seq = s.seq
         LEFT JOIN disclosure d ON d.seq = s.seq AND d.field = 'path'
        WHERE s.snapshot IN (SELECT value FROM json_each(?)) AND e.kind = 'import'
          AND e.line ->> '$.facts.format' = ? ORDER BY s.seq`,
    )
    .all(membersJson(db, snapshot), AUDIT_LOG);
  const sources = latestDeclared(db, 'source');
  return rows.flatMap(({ seq, source, path, first, last }) => {
    if (first === null || last === null) return [];
    const declaredSource = sources.get(source)?.value;
    const logs = declaredSource?.provider === 'vault' ? declaredSource.auditLogs : [];
    const of = logs.find(({ paths }) => paths.some((given) => path !== null && isWithin(path, given)));
    const cluster = vaultAuditFormat.placeOf!(db, source, seq);
    return [{ seq, source, cluster, device: of?.device ?? null, first, last }];
  });
}

function isWithin(path: string, given: string): boolean {
  const folder = given.replace(/[\\/]+$/, '');
  return path === given || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
}

/** Audit devices as sys/audit names them. */
function auditDevices(db: ReadableDb, snapshot: string): Device[] {
  const found: Device[] = [];
  for (const { seq, facts, values } of entries(db, 'exchange', {
    op: 'vault.sys.AuditDevices',
    snapshot: membersOf(db, snapshot),
  })) {
    const body = facts.outcome === 'ok' && values.body ? readBody(db, values.body) : null;
    if (!body) continue;
    const data = asObject(asObject(JSON.parse(body.toString('utf8'))).data);
    for (const [path, value] of Object.entries(data)) {
      if (asText(asObject(value).type) === null) continue;
      found.push({ cluster: scopeOfAnswer(facts.scope).cluster, path, seq });
    }
  }
  return found;
}

/** What the collection said of audit logs that it did not read, or not all. */
function notesOf(db: ReadableDb, { snapshot, period }: CoverageInput): { cluster: string; claim: Claim }[] {
  const members = membersOf(db, snapshot);
  return declared(db, 'collect.note').flatMap(({ subject, seq, value }) => {
    if (!members.includes(subject) || value.what !== 'log-files-not-read' || !value.op?.startsWith('vault.'))
      return [];
    const claim = gapOf(
      Date.parse(period.from),
      Date.parse(period.to),
      'log files were not read',
      value.reason,
    );
    return [{ cluster: scopeOfAnswer(value.scope).cluster, claim: { ...claim, cites: [seq], weight: 2 } }];
  });
}

/** Engines that were asked for keys, and those that only logs name. */
function placesOf(db: ReadableDb, snapshot: string, files: readonly AuditFile[]): Place[] {
  const places = new Map<string, Place>();
  const add = (source: string, account: string, region: string): void => {
    places.set(
      [account, region].join('\n'),
      places.get([account, region].join('\n')) ?? { source, account, region },
    );
  };
  for (const { facts, values } of entries(db, 'exchange', {
    op: 'vault.transit.ListKeys',
    snapshot: membersOf(db, snapshot),
  })) {
    const { cluster, namespace } = scopeOfAnswer(facts.scope);
    const path = asText(asObject(JSON.parse(values.params ?? '{}')).path) ?? '';
    add(facts.source, cluster, regionOf(namespace, path.replace(/\/keys$/, '')));
  }
  const logged = db.prepare<[number], { account: string; region: string }>(
    `SELECT DISTINCT p.account, p.region FROM usage_event_row r JOIN usage_place p ON p.id = r.place
      WHERE r.seq = ? AND r.key IS NOT NULL ORDER BY p.account, p.region`,
  );
  for (const { seq, source } of files)
    for (const place of logged.all(seq)) add(source, place.account, place.region);
  return [...places.values()].sort((a, b) =>
    a.account + a.region < b.account + b.region ? -1 : a.account + a.region > b.account + b.region ? 1 : 0,
  );
}
