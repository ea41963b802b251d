import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { sha256Hex } from '../../../db/ledger/hash.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { createEngagementFile, openEngagementFile } from '../../../db/open.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { doubled } from '../collect/support.ts';
import { azureEngagement, azureSandboxFor, azureSource, exchanges } from './support.ts';

const KILLS = 8;
/** When a run began stands in questions about time. */
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** What was answered, by question; sign-in and the vaults' challenges belong to runs, not to the evidence. */
function evidence(db: ReadableDb): Map<string, string> {
  const found = new Map<string, string>();
  for (const { facts, values } of exchanges(db)) {
    if (/^azure\.entra\.|\.Challenge$/.test(facts.op)) continue;
    if (facts.outcome !== 'ok' && facts.outcome !== 'error') continue;
    const call = [facts.op, facts.scope, facts.label, values.params].join(' ').replace(TIME, 'then');
    const body = values.body ? sha256Hex(readBody(db, values.body)!) : '';
    found.set(call, [facts.outcome, facts.errorCode, body, facts.lines?.merkleRoot].join(' '));
  }
  return found;
}

test(
  `killed at ${KILLS} random points and resumed, a collection of Azure has the evidence of an uninterrupted one`,
  { timeout: 280_000 },
  async () => {
    const sandbox = await azureSandboxFor({
      seed: 'azure-kill',
      ordinaryKeys: 2,
      latencyMs: 10,
      graphPageSize: 2,
    });
    const folder = temporaryFolder();
    const setUp = join(folder, 'set-up.json');
    const engagement = azureEngagement(sandbox, 3);
    const secret = sandbox.azure.signIns.auditor.clientSecret;
    writeFileSync(setUp, JSON.stringify({ engagement, source: azureSource(sandbox), secret }));
    const file = (name: string): string => {
      const path = join(folder, `${name}.keywitness`);
      createEngagementFile(path).close();
      return path;
    };
    /** Kills a collection after some ms of asking; says whether it had ended by then, and how long it asked. */
    const collect = async (path: string, killAfterMs: number) => {
      const script = join(import.meta.dirname, 'collect-child.ts');
      const child = spawn(process.execPath, [script, path, setUp], { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      const started = new Promise<void>((resolve) => {
        child.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          resolve();
        });
      });
      const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
      await Promise.race([started, ended]);
      const start = performance.now();
      await Promise.race([ended, sleep(killAfterMs)]);
      const ms = performance.now() - start;
      child.kill('SIGKILL');
      const [code, signal] = await ended;
      if (signal === 'SIGKILL') return { killed: true, ms };
      expect(code, said).toBe(0);
      expect(said).toContain('done complete-with-gaps');
      return { killed: false, ms };
    };

    const whole = file('whole');
    const { ms } = await collect(whole, 60_000);
    const reference = openEngagementFile(whole);
    const expected = evidence(reference.db);
    reference.close();
    expect([...expected.keys()].some((call) => call.startsWith('azure.blob.GetBlob'))).toBe(true);
    expect([...expected.keys()].some((call) => call.startsWith('azure.graph.ListGroupMembers'))).toBe(true);

    let kills = 0;
    let interrupted = 0;
    for (let n = 1; kills < KILLS; n += 1) {
      const path = file(`killed-${n}`);
      // Each run gets somewhere, none all the way: several kills fall into one snapshot.
      while (kills < KILLS && (await collect(path, 50 + (Math.random() * ms) / 3)).killed) kills += 1;
      await collect(path, 60_000);
      const { db, close } = openEngagementFile(path);
      expect(verifyLedger(db).fault).toBeNull();
      expect(evidence(db)).toEqual(expected);
      expect(doubled(db).filter((call) => !/azure\.entra\.|\.Challenge/.test(call))).toEqual([]);
      expect(db.prepare('SELECT count(*) FROM intent').pluck().get()).toBe(0);
      interrupted += exchanges(db).filter((e) => e.facts.outcome === 'interrupted').length;
      close();
    }
    // Calls in flight at a kill are in the ledger: the client's log may have them.
    expect(interrupted).toBeGreaterThan(0);
  },
);
