import { expect, test } from 'vitest';
import { analyse } from '../../../electron/engine/analyse.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { openLogIngest } from '../../../electron/logs/ingest.ts';
import { newEngagement } from '../../support/ledger.ts';
import { sampleEngagement, sampleSource } from './sample.ts';
import { exchanges, sampleOptions, sandboxFor } from './support.ts';

const BUCKET = 'meridian-organization-trail';

test('the source that can read the bucket of the organisation reads it for every account of the engagement', async () => {
  const sandbox = await sandboxFor();
  const [production, security] = sandbox.aws.accounts;
  const { db, writer } = newEngagement();
  await declare(writer, { name: 'Ann', email: null }, 'engagement', '', sampleEngagement());
  const ingest = openLogIngest({ threads: 1 });
  const credentials = sandbox.aws.credentials;
  try {
    await collectSnapshot(
      sampleOptions(sandbox, {
        writer,
        sources: ['production', 'security'].map((id) =>
          sampleSource(sandbox.aws, { id, readLogFiles: true }),
        ),
        ingestLines: ingest.ingestLines,
        credentialsFor: ({ id }) => ({
          aws: async () => (id === 'security' ? credentials.auditorSecurity : credentials.auditor),
        }),
        usageEventBudget: 0,
      }),
    );
  } finally {
    await ingest.close();
  }
  const files = exchanges(db).filter(
    (e) => e.facts.op === 'aws.s3.GetObject' && e.values.params!.includes(BUCKET),
  );
  const of = (account: string) =>
    files.filter((e) => e.values.params!.includes(`/${account}/CloudTrail/`) && e.facts.outcome === 'ok');
  expect(of(security.id).length).toBeGreaterThan(0);
  expect(of(production.id).length).toBeGreaterThan(0);
  expect(new Set(of(production.id).map((e) => e.facts.source))).toEqual(new Set(['security']));

  analyse(db);
  // The trail of the organisation covers production's Regions, though production could not read its files.
  const covered = db
    .prepare<[string], { region: string; means: string }>(
      `SELECT DISTINCT region, means FROM coverage WHERE source = 'production' AND account = ? AND state = 'covered'
        ORDER BY region`,
    )
    .all(production.id);
  for (const region of sandbox.aws.regions) {
    expect(covered).toContainEqual({ region, means: 'log files with valid digests' });
  }
  // Both answers are kept; the one that was given decides.
  const encryption = exchanges(db).filter(
    (e) => e.facts.op === 'aws.s3.GetBucketEncryption' && e.values.params!.includes(BUCKET),
  );
  const outcome = (source: string) => encryption.find((e) => e.facts.source === source)!;
  expect(outcome('production').facts.errorCode).toBe('AccessDenied');
  const setting = db
    .prepare<[string], { status: string; seq: number }>(
      "SELECT status, seq FROM log_setting WHERE destination = ? AND setting = 'encryption'",
    )
    .get(BUCKET);
  expect(setting).toEqual({ status: 'set', seq: outcome('security').seq });
  const gap = db
    .prepare<[string, number], number>('SELECT count(*) FROM gap WHERE subject = ? AND seq = ?')
    .pluck()
    .get(BUCKET, outcome('production').seq);
  expect(gap).toBe(1);
}, 60_000);
