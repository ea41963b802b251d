import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openReadable } from '../../db/open.ts';

/** What moto says about a key when boto3, AWS's own SDK for Python, asks. */
interface MotoKey {
  state: string;
  algorithm: string;
  description: string;
  rotation: boolean;
  owner: string[];
  policy: string;
  grants: number;
}

interface Outcome {
  ok: boolean;
  text: string;
}

/**
 * Collects by the command line from moto, an AWS that nobody here wrote, tests the controls, and compares what stands in the
 * engagement with what boto3 is told about the same keys. Moto lacks several calls: each must be a gap, never an error.
 *
 * @param bin the folder of a Python environment with moto's server
 * @param work a folder for the engagement
 */
export async function collectFromMoto(bin: string, work: string): Promise<Outcome> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(join(bin, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  try {
    if (!(await answers(endpoint))) return { ok: false, text: 'moto did not start' };
    const made = spawnSync(join(bin, 'python'), [resolve('test/interop/moto/company.py'), endpoint], {
      encoding: 'utf8',
    });
    if (made.status !== 0) return { ok: false, text: made.stderr };
    const file = join(work, 'moto.keywitness');
    for (const args of [
      ['new', file, '--sample', '--client', 'Moto', '--from', daysAgo(30), '--to', daysAgo(0)],
      `source add aws --id moto --env --regions eu-west-1 --endpoint ${endpoint} --engagement ${file}`.split(
        ' ',
      ),
      ['collect', '--engagement', file],
      ['test', '--engagement', file],
    ]) {
      const done = await keywitness(args);
      if (done.code !== 0) return { ok: false, text: `keywitness ${args.join(' ')}\n${done.text}` };
    }
    return compare(file, JSON.parse(made.stdout) as Record<string, MotoKey>);
  } finally {
    server.kill();
  }
}

function compare(file: string, expected: Record<string, MotoKey>): Outcome {
  const db = openReadable(file);
  try {
    interface Row {
      id: string;
      state: string;
      algorithm: string;
      description: string;
      rotation: number | null;
      owner: string | null;
      policy: string;
      grants: number;
      answer: string | null;
    }
    const rows = db
      .prepare<[], Row>(
        `SELECT k.id, k.state, k.algorithm, k.description, k.rotation_enabled AS rotation, p.sha256 AS policy,
             (SELECT value FROM key_tag t WHERE t.snapshot = k.snapshot AND t.key = k.id AND t.name = 'Owner') AS owner,
             (SELECT count(*) FROM key_grant g WHERE g.snapshot = k.snapshot AND g.key = k.id) AS grants,
             (SELECT result FROM test_result r WHERE r.snapshot = k.snapshot AND r.subject = k.id
                 AND r.control = 'rotation-enabled' AND r.at = 'collection') AS answer
           FROM key k JOIN key_policy p ON p.snapshot = k.snapshot AND p.key = k.id ORDER BY k.id`,
      )
      .all();
    const found = new Map(rows.map((row) => [row.id, row]));
    const wrong: string[] = [];
    for (const [id, is] of Object.entries(expected)) {
      const row = found.get(id);
      const rotates =
        is.algorithm === 'SYMMETRIC_DEFAULT' && !['PendingDeletion', 'Disabled'].includes(is.state);
      const same =
        row?.state === is.state &&
        row.algorithm === is.algorithm &&
        (row.description ?? '') === is.description &&
        (!rotates || row.rotation === Number(is.rotation)) &&
        (!rotates || row.answer === (is.rotation ? 'pass' : 'exception')) &&
        row.owner === (is.owner[0] ?? null) &&
        row.grants === is.grants &&
        row.policy === createHash('sha256').update(is.policy).digest('hex');
      if (!same) wrong.push(`${id}: moto ${JSON.stringify(is)}; ours ${JSON.stringify(row)}`);
    }
    if (found.size !== Object.keys(expected).length) wrong.push(`${found.size} keys were collected`);
    const text = wrong.join('\n');
    return { ok: wrong.length === 0 && found.size > 100, text: text || `${found.size} keys agree` };
  } finally {
    db.close();
  }
}

async function keywitness(args: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [resolve('electron/start.mjs'), ...args], {
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'sample', AWS_SECRET_ACCESS_KEY: 'sample' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until a server answers, 30 seconds at most. */
async function answers(endpoint: string): Promise<boolean> {
  for (let tries = 0; tries < 60; tries += 1) {
    const up = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (up) return true;
    await sleep(500);
  }
  return false;
}

const daysAgo = (days: number): string =>
  new Date(Date.now() - days * 24 * 60 * 60_000).toISOString().slice(0, 10);
