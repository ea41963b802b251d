import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createEngagementFile, openEngagementFile } from '../../../db/open.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { startSandboxProcess } from '../../../electron/sandbox/server/process.ts';
import type { SandboxAws } from '../../../electron/sandbox/index.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { doubled, evidence, exchanges } from './support.ts';

const KILLS = 20;

/** Collects in a child process; kills it after `killAfterMs` of asking. Says whether it had ended by then. */
async function collectInChild(
  file: string,
  aws: SandboxAws,
  killAfterMs: number,
): Promise<'killed' | 'done'> {
  const { accessKeyId, secretAccessKey } = aws.credentials.auditor;
  const script = join(import.meta.dirname, 'collect-child.ts');
  const child = spawn(process.execPath, [script, file, aws.endpoint, accessKeyId, secretAccessKey], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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
  expect(code, said).toBe(0);
  expect(said).toContain('done complete-with-gaps');
  return 'done';
}

test(
  'killed at 20 random points and resumed, a collection has the evidence of an uninterrupted one',
  { timeout: 240_000 },
  async () => {
    const sandbox = await startSandboxProcess({ seed: 'kill', logs: { events: 3000 }, latencyMs: 15 });
    try {
      const folder = temporaryFolder();
      const file = (name: string) => {
        const path = join(folder, `${name}.keywitness`);
        createEngagementFile(path).close();
        return path;
      };
      const whole = file('whole');
      const start = performance.now();
      expect(await collectInChild(whole, sandbox.aws, 60_000)).toBe('done');
      const wholeMs = performance.now() - start;
      const reference = openEngagementFile(whole);
      const expected = evidence(reference.db);
      reference.close();
      expect(expected.size).toBeGreaterThan(400);
      expect([...expected.keys()].some((call) => call.startsWith('aws.s3.GetObject'))).toBe(true);

      let kills = 0;
      let interrupted = 0;
      for (let n = 1; kills < KILLS; n += 1) {
        const path = file(`killed-${n}`);
        // Each run gets somewhere, none all the way: several kills fall into one snapshot.
        while (
          kills < KILLS &&
          (await collectInChild(path, sandbox.aws, (Math.random() * wholeMs) / 4)) === 'killed'
        )
          kills += 1;
        await collectInChild(path, sandbox.aws, 60_000);

        const { db, close } = openEngagementFile(path);
        expect(verifyLedger(db).fault).toBeNull();
        expect(evidence(db)).toEqual(expected);
        expect(doubled(db)).toEqual([]);
        expect(db.prepare('SELECT count(*) FROM intent').pluck().get()).toBe(0);
        interrupted += exchanges(db).filter((e) => e.facts.outcome === 'interrupted').length;
        close();
      }
      // Calls in flight at a kill are in the ledger: the client's log may have them.
      expect(interrupted).toBeGreaterThan(KILLS / 2);
    } finally {
      await sandbox.close();
    }
  },
);
