import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { entries } from '../../../db/ledger/read.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { createEngagementFile, openEngagementFile } from '../../../db/open.ts';
import { writeVaultAuditLogs } from '../../../electron/sandbox/vault/index.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { doubled } from '../collect/support.ts';
import { vaultFor } from './support.ts';

const KILLS = 6;
/** Asked anew in every run: who asks, and which cluster answers. */
const PER_RUN = /^vault\.(sys\.Health|token\.LookupSelf)$/;

/** Collects in a child process, and kills it a while after it began to ask. Says whether it had ended by then. */
async function collectInChild(args: readonly string[], killAfterMs: number): Promise<'killed' | 'done'> {
  const script = join(import.meta.dirname, 'collect-child.ts');
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const started = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      resolve();
    });
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  await Promise.race([started, ended]);
  await Promise.race([ended, sleep(killAfterMs)]);
  child.kill('SIGKILL');
  const [code, signal] = await ended;
  if (signal === 'SIGKILL') return 'killed';
  expect([code, said]).toEqual([0, 'go\ndone complete-with-gaps\n']);
  return 'done';
}

/** What was answered, by call, and the log files that were read. Request ids are the server's, anew each time. */
function evidence(db: ReadableDb): Map<string, string> {
  const found = new Map<string, string>();
  for (const { facts, values } of entries(db, 'exchange')) {
    if (PER_RUN.test(facts.op) || (facts.outcome !== 'ok' && facts.outcome !== 'error')) continue;
    const body = values.body ? readBody(db, values.body)!.toString('utf8') : '';
    const same = body.replace(/"request_id":"[^"]*"/, '');
    found.set([facts.op, facts.scope, facts.label, values.params].join(' '), `${facts.errorCode} ${same}`);
  }
  for (const { facts } of entries(db, 'import'))
    found.set(`${facts.name} ${facts.sha256}`, JSON.stringify(facts.lines));
  return found;
}

test('killed while it collects and resumed, a collection has the evidence of an uninterrupted one', async () => {
  const sandbox = await vaultFor();
  const folder = temporaryFolder();
  const { devices } = await writeVaultAuditLogs(sandbox.world, join(folder, 'audit'), { usesPerDay: 20 });
  const logs = devices.flatMap(({ files }) => files);
  const argsOf = (name: string): string[] => {
    const path = join(folder, `${name}.keywitness`);
    createEngagementFile(path).close();
    return [path, sandbox.endpoint, sandbox.tokens.auditor, ...logs];
  };
  const whole = argsOf('whole');
  const start = performance.now();
  expect(await collectInChild(whole, 120_000)).toBe('done');
  const wholeMs = performance.now() - start;
  const reference = openEngagementFile(whole[0]!);
  const expected = evidence(reference.db);
  reference.close();
  expect(expected.size).toBeGreaterThan(100 + logs.length);

  let kills = 0;
  const killed = argsOf('killed');
  while (kills < KILLS && (await collectInChild(killed, (wholeMs * (1 + kills)) / 30)) === 'killed')
    kills += 1;
  expect(kills).toBeGreaterThan(2);
  await collectInChild(killed, 120_000);
  const { db, close } = openEngagementFile(killed[0]!);
  expect(verifyLedger(db).fault).toBeNull();
  expect(evidence(db)).toEqual(expected);
  expect(doubled(db)).toEqual([]);
  expect(db.prepare('SELECT count(*) FROM intent').pluck().get()).toBe(0);
  close();
}, 240_000);
