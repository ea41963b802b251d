import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { entries } from '../../../db/ledger/read.ts';
import { openLogIngest } from '../../../electron/logs/ingest.ts';
import { deriveEvents, rebuildEvents } from '../../../electron/logs/derive-events.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import type { VaultSource } from '../../../electron/engagement/vault-source.ts';
import { importFiles } from '../../../electron/providers/files/import-files.ts';
import { writeVaultAuditLogs } from '../../../electron/sandbox/vault/index.ts';
import { newEngagement } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { sampleEngagement } from '../collect/sample.ts';
import { vaultFor, vaultOptions, vaultSampleSource } from './support.ts';

/** A sandbox with the logs of both devices for the engagement's period, and an engagement that collected them. */
async function collectedWithLogs(
  choose: (auditLogs: VaultSource['auditLogs']) => VaultSource['auditLogs'] = (all) => all,
) {
  const sandbox = await vaultFor();
  const { period } = sampleEngagement();
  const from = Date.parse(period.from) - 86_400_000;
  const to = Date.parse(period.to) + 86_400_000;
  const written = await writeVaultAuditLogs(sandbox.world, temporaryFolder(), {
    from,
    to,
  });
  const auditLogs = choose(written.devices.map(({ path, files }) => ({ device: path, paths: files })));
  const open = newEngagement();
  const engagement = sampleEngagement();
  const source = vaultSampleSource(sandbox, { auditLogs });
  await declare(open.writer, { name: 'Ann', email: null }, 'engagement', '', engagement);
  await declare(open.writer, { name: 'Ann', email: null }, 'source', source.id, source);
  const ingest = openLogIngest({ folder: temporaryFolder(), threads: 1 });
  try {
    const options = vaultOptions(sandbox, {
      writer: open.writer,
      engagement,
      sources: [source],
      ingestLines: ingest.ingestLines,
    });
    const result = await collectSnapshot(options);
    deriveEvents(open.db);
    derive(open.db);
    return { ...open, result, sandbox, written, source, from, to };
  } finally {
    await ingest.close();
  }
}

describe('audit logs of two devices', () => {
  test('give one event for every request, whichever device kept it, under the key that was collected', async () => {
    const { db, sandbox, written } = await collectedWithLogs();
    const logged = db
      .prepare<[], { key: string; name: string; events: number }>(
        'SELECT key, name, sum(events) AS events FROM usage_total WHERE key IS NOT NULL GROUP BY key, name',
      )
      .all();
    const expected = new Map<string, number>();
    for (const [path, count] of written.byPath) {
      const parts =
        /^(logistics\/)?((?:payments-)?transit)\/(?:(encrypt|decrypt|sign|hmac)\/([^/]+)|keys\/([^/]+)\/(\w+))$/.exec(
          path,
        );
      if (!parts) continue;
      const key = `vault://${sandbox.world.clusterId}/${parts[1] ?? 'root/'}${parts[2]}/keys/${parts[4] ?? parts[5]}`;
      expected.set(`${key} ${parts[3] ?? `keys/${parts[6]}`}`, count);
    }
    expect(expected.size).toBeGreaterThan(5);
    expect(new Map(logged.map(({ key, name, events }) => [`${key} ${name}`, events]))).toEqual(expected);
    const known = db.prepare('SELECT id FROM key').pluck().all();
    for (const { key } of logged) expect(known).toContain(key);
  });

  test('keep the outcome: a refused request is an error, told by the answer', async () => {
    const { db } = await collectedWithLogs();
    const refused = db
      .prepare<[], { actor: string; error_code: string; events: number }>(
        'SELECT actor, error_code, count(*) AS events FROM usage_event WHERE error_code IS NOT NULL GROUP BY 1, 2',
      )
      .all();
    expect(refused.map(({ actor, error_code }) => [actor, error_code])).toEqual([
      ['userpass-lena.fischer', 'permission denied'],
    ]);
  });

  test('name whom they tell of as the access matrix does', async () => {
    const { db } = await collectedWithLogs();
    const users = db
      .prepare("SELECT DISTINCT principal FROM usage_event WHERE principal LIKE '%identity/entity/%'")
      .pluck()
      .all() as string[];
    const known = db
      .prepare(
        "SELECT 'vault://' || account || '/identity/entity/' || unique_id FROM principal WHERE kind = 'entity'",
      )
      .pluck()
      .all();
    expect(users.length).toBeGreaterThan(0);
    const roles = db
      .prepare("SELECT DISTINCT principal FROM usage_event WHERE principal LIKE '%/auth/approle/%'")
      .pluck()
      .all() as string[];
    const holders = db.prepare('SELECT DISTINCT principal FROM access_right').pluck().all();
    expect(roles.length).toBeGreaterThan(2);
    expect(roles.filter((role) => holders.includes(role)).length).toBeGreaterThan(2);
    for (const user of users) expect(known).toContain(user);
  });

  test('cover the period, and leave out what no file holds', async () => {
    const { db, source } = await collectedWithLogs();
    const spans = db
      .prepare<[], { region: string; state: string; means: string }>(
        'SELECT region, state, means FROM coverage ORDER BY region, n',
      )
      .all();
    expect(spans).toEqual(
      ['logistics/transit', 'root/payments-transit', 'root/transit'].map((region) => ({
        region,
        state: 'covered',
        means: 'audit log files',
      })),
    );
    const files = [...entries(db, 'import')];
    expect(files.every(({ facts }) => facts.source === source.id && facts.format === 'vault-audit.log')).toBe(
      true,
    );
  });

  test('are rebuilt from the ledger alone, row by row', async () => {
    const { db } = await collectedWithLogs();
    const rows = () => db.prepare('SELECT * FROM usage_event ORDER BY seq, n, k').all();
    const before = rows();
    rebuildEvents(db);
    expect(rows()).toEqual(before);
    expect(before.length).toBeGreaterThan(100);
  });

  test('are incomplete when a device’s files are not given', async () => {
    const { db } = await collectedWithLogs((all) => all.filter(({ device }) => device === 'file/'));
    const spans = db.prepare('SELECT DISTINCT state, reason FROM coverage').all();
    expect(spans).toContainEqual({ state: 'gap', reason: 'files of audit device siem/ were not given' });
    expect(spans).not.toContainEqual(expect.objectContaining({ state: 'covered' }));
  });

  test('show a missing rotation as a gap', async () => {
    const { db } = await collectedWithLogs((all) =>
      all.map(({ device, paths }) => ({ device, paths: paths.filter((_, i) => i !== 1) })),
    );
    const spans = db
      .prepare("SELECT state, reason FROM coverage WHERE region = 'root/transit' ORDER BY n")
      .all() as { state: string; reason: string }[];
    expect(spans.map(({ state }) => state)).toEqual(['covered', 'gap', 'covered']);
    expect(spans[1]!.reason).toBe('no file holds an entry of this time');
  });

  test('a source without files says so as a gap', async () => {
    const { result, db } = await collectedWithLogs(() => []);
    expect(result.gaps.map(({ code }) => code).sort()).toEqual(['PermissionDenied', 'log-files-not-read']);
    const gap = db.prepare("SELECT remedy FROM gap WHERE reason = 'log-files-not-read'").pluck().get();
    expect(gap).toContain('--audit-log');
  });

  test('changes of keys are on the timeline, with values that the log writes in the clear', async () => {
    const { db, sandbox, from, to } = await collectedWithLogs();
    const rotated = sandbox.world.changes.filter(
      ({ at, path }) => at >= from && at < to && path.endsWith('/rotate'),
    );
    const changes = db
      .prepare<[], { subject: string; setting: string; value: string | null; actor: string }>(
        'SELECT subject, setting, value, actor FROM setting_change ORDER BY at',
      )
      .all();
    expect(changes.filter(({ setting }) => setting === 'material')).toHaveLength(rotated.length);
    for (const { actor } of changes) expect(actor).toMatch(/^userpass-/);
  });
});

describe('files of other shapes', () => {
  test('are recognised by what they hold, with a prefix, damaged, or foreign', async () => {
    const sandbox = await vaultFor();
    const folder = temporaryFolder();
    const { devices } = await writeVaultAuditLogs(sandbox.world, folder);
    const flat = join(folder, 'all');
    mkdirSync(flat);
    const [plain, prefixed] = devices.map(({ files }) => files.at(-1)!);
    renameSync(plain!, join(flat, 'a.log'));
    renameSync(prefixed!, join(flat, 'b.log'));
    writeFileSync(join(flat, 'c.log'), 'no audit log\n');
    for (const { files } of devices) for (const file of files.slice(0, -1)) rmSync(file);
    const { writer, db } = newEngagement();
    const summary = await importFiles(writer, { snapshot: 's1', source: 'files', paths: [flat], threads: 1 });
    expect(summary).toMatchObject({ files: 3, imported: 2, unreadable: 0 });
    expect(summary.rejected.map(({ reason }) => reason)).toEqual(['it is not JSON']);
    expect(summary.kms).toBeGreaterThan(20);
    // Nobody said which cluster it is: the keys are known by their paths alone.
    const keys = db.prepare('SELECT key FROM usage_key').pluck().all() as string[];
    for (const key of keys) expect(key).toMatch(/^vault:\/\/\/(root|logistics)\/(payments-)?transit\/keys\//);
  });
});
