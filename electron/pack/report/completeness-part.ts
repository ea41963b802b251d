import type { ReadableDb } from '../../../db/handle.ts';
import type { CompletenessPart, MethodPart, SourcePart } from '../pdf/report-model.ts';
import { answeredBySql } from '../../controls/equivalents.ts';
import { closedGapRows } from './closed-gap-rows.ts';
import type { LogFacts } from './log-facts.ts';

/** Counts that add up, gaps and coverage. */
export function completenessPart(db: ReadableDb, snapshot: string, logs: LogFacts): CompletenessPart {
  return {
    counts: [...describedCounts(db, snapshot)],
    gaps: gapRows(db, snapshot),
    closedGaps: closedGapRows(db, snapshot),
    coverage: logs.coverage,
    unlisted: logs.unlisted,
  };
}

/** Per source and region: keys listed = described + each way of not being described. */
function* describedCounts(db: ReadableDb, snapshot: string): Generator<CompletenessPart['counts'][number]> {
  const places = db
    .prepare<[string], { source: string; account: string; region: string; listed: number }>(
      `SELECT source, account, region, count(*) AS listed FROM key
        WHERE snapshot = ? AND listed_start = 1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    )
    .all(snapshot);
  const statuses = db.prepare<[string, string, string, string], { label: string; count: number }>(
    `SELECT coalesce(a.status, 'not asked') AS label, count(*) AS count FROM key k
       LEFT JOIN key_answer a ON a.snapshot = k.snapshot AND a.key = k.id AND a.op = ${answeredBySql('k', 'DescribeKey')}
      WHERE k.snapshot = ? AND k.source = ? AND k.account = ? AND k.region = ? AND k.listed_start = 1
      GROUP BY 1 ORDER BY 1`,
  );
  const again = db
    .prepare<[string, string, string, string], number>(
      "SELECT items FROM listing WHERE snapshot = ? AND source = ? AND account = ? AND region = ? AND label = 'end' AND complete = 1",
    )
    .pluck();
  for (const { source, account, region, listed } of places) {
    const parts = statuses.all(snapshot, source, account, region);
    yield {
      source: `${source} (${account})`,
      what: `keys in ${region}`,
      listed,
      parts: parts.map((p) => ({ label: p.label === 'ok' ? 'described' : p.label, count: p.count })),
      listedAgain: again.get(snapshot, source, account, region) ?? null,
    };
  }
}

function gapRows(db: ReadableDb, snapshot: string): CompletenessPart['gaps'] {
  const rows = db
    .prepare<
      [string],
      {
        n: number;
        source: string;
        scope: string;
        op: string;
        subject: string;
        reason: string;
        code: string | null;
        effect: string;
        seq: number | null;
      }
    >(
      'SELECT n, source, scope, op, subject, reason, code, effect, seq FROM gap WHERE snapshot = ? ORDER BY n',
    )
    .all(snapshot);
  const groups = Map.groupBy(rows, (row) => [row.op, row.reason, row.code, row.effect].join('\n'));
  return [...groups.values()].map((members) => {
    const [row] = members as [(typeof rows)[number], ...typeof rows];
    const lines = (texts: string[]) => [...new Set(texts.filter(Boolean))].join('\n');
    return {
      id: members.map((m) => `G${m.n}`).join(', '),
      gaps: members.length,
      source: lines(members.map((m) => `${m.source} ${m.scope}`)),
      what: lines([row.op.replace(/^[a-z]+\./, ''), ...members.map((m) => m.subject)]),
      reason: `${row.reason}${row.code ? ` (${row.code})` : ''}. ${row.effect}`,
      citations: members.flatMap((m) => (m.seq === null ? [] : [m.seq])),
    };
  });
}

/** How the evidence was collected: calls by operation, clocks, TLS peers. */
export function methodPart(
  db: ReadableDb,
  snapshot: string,
  quotaOf: (op: string) => string,
  notices: readonly string[],
): MethodPart {
  const operations = db
    .prepare<[string], { op: string; calls: number; ok: number; denied: number; retried: number }>(
      `SELECT op, sum(calls) AS calls, sum(CASE outcome WHEN 'ok' THEN calls ELSE 0 END) AS ok,
              sum(CASE WHEN code LIKE '%AccessDenied%' OR code LIKE '%Unauthorized%' THEN calls ELSE 0 END) AS denied,
              sum(retries) AS retried
         FROM call_count WHERE snapshot = ? GROUP BY op ORDER BY op`,
    )
    .all(snapshot);
  const clocks = db
    .prepare<[string], { host: string; offsetMs: number; samples: number }>(
      `SELECT host, offset_median AS offsetMs, sum(calls) AS samples FROM host
        WHERE snapshot = ? AND offset_median IS NOT NULL GROUP BY host ORDER BY host`,
    )
    .all(snapshot);
  const tls = db
    .prepare<[string], { host: string; sha256: string }>(
      "SELECT DISTINCT host, tls_peer AS sha256 FROM host WHERE snapshot = ? AND tls_peer <> '' ORDER BY host, tls_peer",
    )
    .all(snapshot);
  return {
    statements: [
      'Evidence was collected through the providers’ own interfaces with read-only calls. No call that changes or uses a key was made.',
      'Every response was recorded as received before it was read, and chained with its request, its caller, its request id and its time.',
      'The list of keys was taken at the start and again at the end of the collection.',
    ],
    operations: operations.map((row) => {
      const [, service = '', operation = ''] = row.op.split('.');
      return {
        service,
        operation,
        calls: row.calls,
        succeeded: row.ok,
        denied: row.denied,
        failed: row.calls - row.ok - row.denied,
        retried: row.retried,
        quota: quotaOf(row.op),
      };
    }),
    clocks,
    tls: tls.map(({ host, sha256 }) => ({ host, issuer: 'not recorded', sha256, notAfter: 'not recorded' })),
    notices,
  };
}

/** The places evidence came from, with the identity each was read as. */
export function sourceParts(
  db: ReadableDb,
  snapshot: string,
  sources: readonly { id: string; provider: string; title: string; authentication: string }[],
): SourcePart[] {
  return sources.flatMap((source) => {
    const identities = db
      .prepare<[string, string], { arn: string; account: string | null }>(
        'SELECT arn, account FROM identity WHERE snapshot = ? AND source = ? ORDER BY arn',
      )
      .all(snapshot, source.id);
    const regions = db
      .prepare<[string, string], { name: string; collected: number; reason: string | null }>(
        'SELECT name, collected, reason FROM region WHERE snapshot = ? AND source = ? ORDER BY name',
      )
      .all(snapshot, source.id);
    const collected = regions.filter((r) => r.collected).map((r) => r.name);
    const places = placesOf(db, snapshot, source.id);
    const accounts = identities.map((i) => i.account).filter((account) => account !== null);
    const keys = db
      .prepare<[string, string], number>(
        "SELECT count(*) FROM key WHERE snapshot = ? AND source = ? AND belongs = 'inventory'",
      )
      .pluck()
      .get(snapshot, source.id);
    return [
      {
        id: source.id,
        provider: source.provider,
        scope:
          [...new Set(accounts.length > 0 ? accounts : places.map((p) => p.account))].join(', ') ||
          'not known',
        name: source.title,
        regions: collected.length > 0 ? collected : places.map((p) => `${p.account}/${p.region}`),
        caller: identities.map((i) => i.arn).join(', ') || 'not known',
        authentication: source.authentication,
        keys: keys ?? null,
        notCollected: regions
          .filter((r) => !r.collected)
          .map((r) => ({ what: r.name, reason: r.reason ?? 'not collected' })),
      },
    ];
  });
}

/** Where keys were listed or read: vaults of subscriptions, mounts of namespaces; Regions for those who have them. */
function placesOf(db: ReadableDb, snapshot: string, source: string): { account: string; region: string }[] {
  return db
    .prepare<[{ snapshot: string; source: string }], { account: string; region: string }>(
      `SELECT account, region FROM listing WHERE snapshot = @snapshot AND source = @source AND status = 'ok'
        UNION
       SELECT account, region FROM key WHERE snapshot = @snapshot AND source = @source AND listed_start = 1
        ORDER BY account, region`,
    )
    .all({ snapshot, source });
}
