import type { ReadableDb } from '../../../db/handle.ts';
import { entries } from '../../../db/ledger/read.ts';
import type { ChangeSubject, LogFormat, LoggedRecord } from '../format.ts';
import { deviceId } from '../../providers/vault/normalise/audit-devices.ts';
import { LineSplitter } from './split-lines.ts';
import { parseEntry, type AuditEntry } from './parse-entry.ts';
import { toUsageRow } from './usage-rows.ts';
import { whatHappened, type Happening } from './what-happened.ts';

/** Format of imported audit log files. */
export const AUDIT_LOG = 'vault-audit.log';

/** Files that a file audit device of Vault or OpenBao wrote: one JSON object a line. docs/audit/schema */
export const vaultAuditFormat: LogFormat = {
  id: 'vault-audit',
  title: 'Vault audit entries',
  files: [AUDIT_LOG],
  pages: {},
  inPages: {},
  split: (visit) => new LineSplitter(visit),
  irrelevantTime(bytes, { sourceStart, sourceEnd }) {
    const text = bytes.toString('latin1', sourceStart, sourceEnd);
    if (MAY_CONCERN.test(text)) return null;
    return TIME.exec(text)?.[1]?.concat('Z') ?? null;
  },
  placeOf: clusterOf,
  read(raw, cluster = '') {
    const entry = parseEntry(raw);
    return entry ? logged(entry, whatHappened(entry), cluster) : null;
  },
};

/** A path of ours, or a root token, stands somewhere in the line: the rest of the lines need not be parsed. */
const MAY_CONCERN =
  /"(?:sys\/|auth\/|identity\/)|\/(?:keys|encrypt|decrypt|rewrap|datakey|sign|verify|hmac|export|byok-export|backup|restore|derive-key)[/"]|"policies":\["root"\]/;
/** Whole seconds, in UTC. */
const TIME = /"time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z"/;

function logged(entry: AuditEntry, happened: Happening | null, cluster: string): LoggedRecord {
  return {
    time: entry.time,
    relevant: happened !== null,
    ofKeys: happened !== null && happened.key !== null,
    rows: (n) => (happened ? [toUsageRow(entry, happened, cluster, n)] : []),
    change: (key) => (happened?.change ? changeOf(entry, happened, cluster, key) : null),
  };
}

function changeOf(
  entry: AuditEntry,
  { name, about }: Happening,
  cluster: string,
  key: string | null,
): ChangeSubject {
  const params = { ...entry.data, about };
  if (key !== null) return { subject: key, params };
  return {
    subject: name.startsWith('audit/') ? deviceId(cluster, `${about.replace(/\/$/, '')}/`) : cluster,
    params,
  };
}

/**
 * The cluster that a file's entries are of, which they do not say themselves: that of the file's source, as it last said
 * before; else the only one that any source had said. Empty when that is not known.
 */
function clusterOf(db: ReadableDb, source: string, before: number): string {
  const ofSource = new Map<string, string>();
  for (const { seq, facts } of entries(db, 'exchange', { op: LOOKUP_SELF })) {
    if (seq < before && facts.outcome === 'ok') ofSource.set(facts.source, facts.scope.split('/')[0] ?? '');
  }
  const own = ofSource.get(source);
  if (own !== undefined) return own;
  const all = new Set(ofSource.values());
  return all.size === 1 ? [...all][0]! : '';
}

/** Asked once the cluster is known: its scope names it. */
const LOOKUP_SELF = 'vault.token.LookupSelf';
