import type { ReadableDb } from '../../../db/handle.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import { latestDeclared } from '../../engagement/declarations.ts';
import { attachmentPath, attachments } from '../../review/attachments.ts';
import { NOT_EVALUATED } from '../../access/vault/index.ts';
import { isSought, SOUGHT, soughtRows } from './vault-sought.ts';
import { csvFile, jsonLines, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';

const SETTINGS = ['cluster', 'namespace', 'kind', 'name', 'status', 'code', 'value', 'ledger_entry'];
const SECRETS = [
  'cluster',
  'engine',
  'secret',
  'created',
  'updated',
  'current_version',
  'versions',
  'settings',
  'ledger_entry',
];

const HANDLING = [
  ...['audit_device', 'shipped_to', 'kept_days', 'alerts', 'stated_by', 'evidence', 'recorded_by'],
  'ledger_entry',
];

/** What only Vault has: settings of clusters and engines, dates of KV secrets, texts of ACL policies as received. */
export function vaultFiles(db: ReadableDb, snapshot: string): PackFile[] {
  const clusters = db
    .prepare<[string], string>(
      'SELECT DISTINCT account FROM cluster_setting WHERE snapshot = ? ORDER BY account',
    )
    .pluck()
    .all(snapshot);
  if (clusters.length === 0) return [];
  const folder = 'data/1-key-configuration';
  return [
    { path: `${folder}/vault-settings.csv`, content: () => csvFile(SETTINGS, settingRows(db, snapshot)) },
    {
      path: `${folder}/vault-secrets.csv`,
      content: () => csvFile(SECRETS, secretRows(db, snapshot)),
      large: true,
    },
    ...(latestDeclared(db, 'log.handling').size === 0
      ? []
      : [{ path: `${folder}/vault-log-handling.csv`, content: () => csvFile(HANDLING, handlingRows(db)) }]),
    ...(isSought(db, snapshot)
      ? [
          {
            path: 'data/3-usage-logs/vault-values-found.csv',
            content: () => csvFile(SOUGHT, soughtRows(db, snapshot)),
          },
        ]
      : []),
    {
      path: 'data/2-access/vault-not-evaluated.csv',
      content: () =>
        csvFile(
          ['not_evaluated'],
          NOT_EVALUATED.map((what): Cell[] => [what]),
        ),
    },
    { path: 'data/2-access/policies-vault.jsonl', content: () => jsonLines(policies(db, snapshot)) },
  ];
}

function* settingRows(db: ReadableDb, snapshot: string): Generator<Cell[]> {
  yield* db
    .prepare<[string, string], Cell[]>(
      `SELECT account, region, kind, name, status, code, value, seq FROM cluster_setting WHERE snapshot = ?
       UNION ALL
       SELECT account, region, kind, name, 'set', NULL, detail, seq FROM log_route WHERE snapshot = ? AND provider = 'vault'
        ORDER BY 1, 2, 3, 4`,
    )
    .raw()
    .iterate(snapshot, snapshot);
}

/** What was stated of audit logs behind their devices, which Vault does not show. */
function* handlingRows(db: ReadableDb): Generator<Cell[]> {
  for (const { subject, seq, by, value } of latestDeclared(db, 'log.handling').values()) {
    const file = value.evidence === null ? null : attachments(db).find((a) => a.sha256 === value.evidence);
    yield [
      ...[subject, value.destination, value.retentionDays, value.alerts, value.statedBy],
      ...[file ? attachmentPath('data/attachments', file) : null, by.name, seq],
    ];
  }
}

/** Names and dates; values were never read. */
function* secretRows(db: ReadableDb, snapshot: string): Generator<Cell[]> {
  yield* db
    .prepare<[string], Cell[]>(
      `SELECT account, region, path, created, updated, current_version, versions, detail, seq FROM secret
        WHERE snapshot = ? ORDER BY account, region, path`,
    )
    .raw()
    .iterate(snapshot);
}

/** One ACL policy a line: its text as the server gave it, with the exchange that brought it. */
function* policies(db: ReadableDb, snapshot: string) {
  const rows = db
    .prepare<[string], { account: string; name: string; detail: string; seq: number }>(
      `SELECT p.account, p.name, p.detail, p.seq FROM principal p JOIN entry e ON e.seq = p.seq
        WHERE p.snapshot = ? AND p.kind = 'policy' AND e.op = 'vault.sys.ReadPolicy' ORDER BY p.account, p.id`,
    )
    .iterate(snapshot);
  for (const { account, name, detail, seq } of [...rows]) {
    const entry = readEntry(db, seq)!;
    const { namespace, policy } = JSON.parse(detail) as { namespace: string; policy: string };
    const at = entry.kind === 'exchange' ? entry.facts.end : entry.at;
    const requestId = entry.kind === 'exchange' ? entry.facts.requestId : null;
    const bodySha256 = entry.values.body ?? null;
    yield { cluster: account, namespace, name, at, requestId, ledgerEntry: seq, bodySha256, policy };
  }
}
