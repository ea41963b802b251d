import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openReadable } from '../../../db/open.ts';
import { entries } from '../../../db/ledger/read.ts';
import type { DemoResult } from '../../../electron/demo/run-demo.ts';
import { keywitness, type CliRun } from '../../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'keywitness-demo-'));
const engagement = join(folder, 'engagement.keywitness');
let run: CliRun;
let result: DemoResult;

beforeAll(async () => {
  run = await keywitness('demo', '--out', folder, '--json');
  result = JSON.parse(run.stdout || 'null') as DemoResult;
}, 180_000);

describe('the demo', () => {
  it('ends with a pack that verifies as intact', () => {
    expect(run.code).toBe(0);
    expect(result.verification.verdict).toBe('intact');
    expect(result.verification.checks.filter((c) => c.result !== 'pass')).toEqual([]);
  });

  it('accounts for every key of the sample company', () => {
    const db = openReadable(engagement);
    try {
      const rows = db
        .prepare(
          "SELECT source, account, region, label, items FROM listing WHERE complete = 1 AND snapshot = 's2'",
        )
        .all() as { account: string; region: string; label: string; items: number }[];
      const listed = rows.filter((r) => r.label === 'start').reduce((sum, r) => sum + r.items, 0);
      const answers = db
        .prepare(
          "SELECT count(*) FROM key_answer WHERE snapshot = 's2' AND op IN ('DescribeKey', 'GetVaultKey', 'ReadKey') AND status <> 'not-asked'",
        )
        .pluck()
        .get() as number;
      expect(listed).toBeGreaterThan(60);
      expect(answers).toBeGreaterThanOrEqual(listed);
    } finally {
      db.close();
    }
  });

  it('notes what was refused as gaps and never as an exception', () => {
    const db = openReadable(engagement);
    try {
      const denied = db
        .prepare(
          "SELECT DISTINCT key FROM key_answer WHERE snapshot = 's2' AND op = 'GetKeyRotationStatus' AND status = 'denied'",
        )
        .pluck()
        .all() as string[];
      expect(denied.length).toBeGreaterThan(0);
      const results = denied.map((key) =>
        db
          .prepare(
            "SELECT result FROM test_result WHERE snapshot = 's2' AND control = 'rotation-enabled' AND at = 'collection' AND subject = ?",
          )
          .pluck()
          .get(key),
      );
      expect(new Set(results)).toEqual(new Set(['undetermined']));
    } finally {
      db.close();
    }
  });

  it('knows what the logs cover and why the rest is missing', () => {
    const db = openReadable(engagement);
    try {
      const gaps = db.prepare("SELECT reason FROM coverage WHERE state = 'gap'").pluck().all() as string[];
      const covered = db
        .prepare("SELECT count(*) FROM coverage WHERE state = 'covered'")
        .pluck()
        .get() as number;
      expect(covered).toBeGreaterThan(0);
      expect(gaps.every((reason) => reason !== '')).toBe(true);
    } finally {
      db.close();
    }
  });

  it('rebuilds identical rows from the ledger alone', async () => {
    const rebuilt = await keywitness('rebuild', '--engagement', engagement);
    expect(rebuilt).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Identical/) as string });
  });

  it('verifies its own ledger, covered by signed and timestamped checkpoints', async () => {
    const verified = await keywitness('verify', engagement, '--json');
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: 'intact' });
  });

  it('holds no credential anywhere', () => {
    const files = [engagement, result.pack.zip, result.pack.pdf].map((path) =>
      readFileSync(path).toString('latin1'),
    );
    const db = openReadable(engagement);
    const values = [...entries(db, 'exchange')].flatMap((entry) => Object.values(entry.values)).join('\n');
    db.close();
    for (const text of [...files, values]) {
      expect(text).not.toMatch(/AWS4-HMAC-SHA256|X-Amz-Signature|aws4_request/);
    }
    expect(statSync(engagement).mode & 0o777).toBe(0o600);
  });
});
