import { expect, test } from 'vitest';
import { runControls } from '../../../electron/controls/run-controls.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { recordLogHandling, type StatedHandling } from '../../../electron/review/log-handling.ts';
import { sampleEngagement } from '../collect/sample.ts';
import { collectVaultSample, vaultFor } from './support.ts';

const ANN = { name: 'Ann', email: null };
const said = (more: Partial<StatedHandling>): StatedHandling => ({
  ...{ destination: null, retentionDays: null, alerts: null, statedBy: 'Ben', evidence: null },
  ...more,
});

/** Results of the tests of what happens to audit logs, after these statements. */
async function tested(
  statements: readonly (readonly [string, Partial<StatedHandling>])[],
  approved: string[] = ['siem.example'],
  token?: 'limited',
) {
  const sandbox = await vaultFor();
  const { db, writer } = await collectVaultSample(sandbox, {}, token && sandbox.tokens[token]);
  const engagement = sampleEngagement();
  engagement.parameters.approvedLogDestinations = {
    ...engagement.parameters.approvedLogDestinations,
    value: approved,
  };
  await declare(writer, ANN, 'engagement', '', engagement);
  derive(db);
  for (const [device, more] of statements)
    await recordLogHandling({ db, writer }, ANN, 's1', device, said(more));
  runControls(db, { snapshot: 's1' });
  const rows = db
    .prepare<[], { control: string; subject: string; result: string; reason: string; cites: string }>(
      `SELECT control, subject, result, reason, cites FROM test_result WHERE at = 'collection'
          AND control IN ('vault-log-destination', 'vault-log-retention', 'vault-change-alerts')`,
    )
    .all();
  const short = rows.map(({ control, subject, result }) => [
    `${control.slice('vault-'.length)} ${subject.replace(/^[0-9a-f-]{36}\/?/, '')}`.trim(),
    result,
  ]);
  return { rows, results: Object.fromEntries(short) as Record<string, string>, db, writer };
}

test('what Vault does not show of its audit logs is asked for, never passed over', async () => {
  const { results, rows } = await tested([]);
  expect(results).toEqual({
    'change-alerts': 'evidence-required',
    'log-destination file/': 'evidence-required',
    'log-destination siem/': 'evidence-required',
    'log-retention file/': 'evidence-required',
    'log-retention siem/': 'evidence-required',
  });
  for (const { cites } of rows) expect((JSON.parse(cites) as number[]).length).toBeGreaterThan(0);
});

test('a statement answers, with who made it and whether a file evidences it', async () => {
  const evidence = { name: 'siem.txt', bytes: Buffer.from('rule 7'), path: 'siem.txt', modified: null };
  const { results, rows, db } = await tested([
    ['siem', { destination: 'SIEM.example', retentionDays: 4000, alerts: 'rule 7 pages on-call', evidence }],
    ['file/', { destination: 'laptop', retentionDays: 5 }],
  ]);
  expect(results).toEqual({
    'change-alerts': 'pass',
    'log-destination file/': 'exception',
    'log-destination siem/': 'pass',
    'log-retention file/': 'exception',
    'log-retention siem/': 'pass',
  });
  const reasons = rows.filter(({ result }) => result === 'pass').map(({ reason }) => reason);
  for (const reason of reasons)
    expect(reason).toMatch(/stated by Ben, recorded on .*, with a file as evidence/);
  const statement = db.prepare("SELECT seq FROM entry WHERE op = 'log.handling' ORDER BY seq").pluck().get();
  expect(rows.find(({ result }) => result === 'pass')!.cites).toContain(String(statement));
});

test('without the client’s list of destinations that list is asked for', async () => {
  const { results } = await tested([['siem/', { destination: 'siem.example' }]], []);
  expect(results['log-destination siem/']).toBe('evidence-required');
});

test('audit devices that could not be read leave it undetermined', async () => {
  const { results } = await tested([], undefined, 'limited');
  expect(results).toEqual({ 'change-alerts': 'undetermined' });
});

test('a device that is not there is refused with those that are', async () => {
  const { db, writer } = await tested([]);
  await expect(recordLogHandling({ db, writer }, ANN, 's1', 'syslog', said({ alerts: 'x' }))).rejects.toThrow(
    /no audit device is called so\. Known: [0-9a-f-]{36}\/file\/, /,
  );
});
