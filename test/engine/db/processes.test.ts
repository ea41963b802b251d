import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, linkSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { entries } from '../../../db/ledger/read.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { createEngagementFile, openEngagementFile, openReadable } from '../../../db/open.ts';
import { exchangeDraft, newEngagement } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function closedEngagement(): string {
  const path = join(temporaryFolder(), 'test.keywitness');
  createEngagementFile(path).close();
  return path;
}

function child(name: string, ...args: string[]) {
  const script = fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
  const running = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args]);
  const said = { out: '', err: '' };
  running.stdout.on('data', (text: Buffer) => (said.out += text.toString()));
  running.stderr.on('data', (text: Buffer) => (said.err += text.toString()));
  return { running, said, closed: once(running, 'close') };
}

describe('several processes', () => {
  it('hold a file one at a time, whatever name leads them there', async () => {
    const path = closedEngagement();
    const link = join(temporaryFolder(), 'link.keywitness');
    symlinkSync(path, link);
    const until = String(Date.now() + 4000);
    // The file that marks a holder stands beside the real file, so holders through the link would collide there too.
    const children = Array.from({ length: 5 }, (_, n) => child('contender', path, until, String(n)));
    const throughLink = openLoop(link, path, Number(until));
    await Promise.all(children.map((c) => c.closed));
    const own = await throughLink;
    expect(children.map((c) => c.said.err)).toEqual(['', '', '', '', '']);
    const turns = children.map((c) => Number(c.said.out)).reduce((sum, n) => sum + n, own);
    expect(turns).toBeGreaterThan(5);
    const db = openReadable(path);
    expect(verifyLedger(db)).toMatchObject({ entries: turns, fault: null });
    db.close();
    expect(readdirSync(dirname(path))).toEqual(['test.keywitness']);
  });

  it('lose nothing that was committed when one is killed at any moment', async () => {
    const path = closedEngagement();
    const committed = new Map<string, number | null>();
    for (let round = 0; round < 8; round += 1) {
      const { running, said, closed } = child('recorder', path, String(round));
      while (!said.out.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      running.kill('SIGKILL');
      await closed;
      expect(said.err).toBe('');
      for (const [, what, label, seq] of said.out.matchAll(/^(begun|done) (\S+) ?(\d*)\n/gm)) {
        committed.set(label!, what === 'done' ? Number(seq) : (committed.get(label!) ?? null));
      }

      // Read as the killed process left it, with its write-ahead log beside it.
      expect(existsSync(`${path}-wal`)).toBe(true);
      const db = openReadable(path);
      expect(verifyLedger(db).fault).toBeNull();
      const seqs = new Map([...entries(db, 'exchange')].map((e) => [e.facts.label, e.seq]));
      const inFlight = new Set(
        db.prepare("SELECT facts ->> '$.label' FROM intent").pluck().all() as string[],
      );
      for (const [label, seq] of committed) {
        if (seq !== null) expect(seqs.get(label)).toBe(seq);
        else expect(seqs.has(label) || inFlight.has(label)).toBe(true);
      }
      db.close();
    }
    expect(committed.size).toBeGreaterThan(8);

    const open = openEngagementFile(path);
    await new LedgerWriter(open.db).recoverInterrupted();
    expect(open.db.prepare('SELECT count(*) FROM intent').pluck().get()).toBe(0);
    const labels = [...entries(open.db, 'exchange')].map((e) => e.facts.label);
    expect(new Set(labels).size).toBe(labels.length);
    expect([...committed.keys()].filter((label) => !labels.includes(label))).toEqual([]);
    open.close();
    expect(readdirSync(dirname(path))).toEqual(['test.keywitness']);
  });
});

/** Opens through another name in this process, in turn with the others; returns how often it held the file. */
async function openLoop(link: string, path: string, until: number): Promise<number> {
  let turns = 0;
  while (Date.now() < until) {
    try {
      const open = openEngagementFile(link);
      expect(existsSync(`${path}.held`)).toBe(false);
      await new LedgerWriter(open.db).append(exchangeDraft());
      expect(existsSync(`${path}.held`)).toBe(false);
      open.close();
      turns += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: 'LOCKED' });
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  }
  return turns;
}

describe('an engagement file with readers and links', () => {
  it('closes while somebody reads, and is one file again after the next closing', async () => {
    const { path, writer, close } = newEngagement();
    await writer.append(exchangeDraft());
    const reader = openReadable(path);
    expect(verifyLedger(reader).entries).toBe(1);
    close();
    expect(verifyLedger(reader).entries).toBe(1);
    reader.close();
    openEngagementFile(path).close();
    expect(readdirSync(dirname(path))).toEqual(['test.keywitness']);
  });

  it('is verified as it stood at one moment while another process adds to it', async () => {
    const path = closedEngagement();
    const { running, said, closed } = child('recorder', path, '0');
    while (!said.out.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 5));
    const reader = openReadable(path);
    const reports = [];
    for (let n = 0; n < 6; n += 1) {
      reports.push(verifyLedger(reader));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    running.kill('SIGKILL');
    await closed;
    reader.close();
    expect(reports.map((r) => r.fault)).toEqual(reports.map(() => null));
    expect(reports.at(-1)!.entries).toBeGreaterThan(reports[0]!.entries);
  });

  it('is set right by the next writer when one was stopped with a rollback journal open', async () => {
    const { path, writer, db, close } = newEngagement();
    await writer.append(exchangeDraft());
    close();
    // A copy taken while a transaction is being written to disk is what a kill at that moment leaves.
    const raw = new Database(path);
    raw.pragma('cache_size = 1');
    raw.exec('BEGIN IMMEDIATE');
    const add = raw.prepare('INSERT INTO intent (facts, sealed) VALUES (?, ?)');
    for (let n = 0; n < 200; n += 1) add.run('x'.repeat(5000), '');
    const left = join(temporaryFolder(), 'left.keywitness');
    copyFileSync(path, left);
    copyFileSync(`${path}-journal`, `${left}-journal`);
    raw.exec('ROLLBACK');
    raw.close();
    expect(db.open).toBe(false);

    expect(() => openReadable(left)).toThrow(expect.objectContaining({ code: 'INTERRUPTED' }));
    const open = openEngagementFile(left);
    expect(open.db.prepare('SELECT count(*) FROM intent').pluck().get()).toBe(0);
    expect(verifyLedger(open.db)).toMatchObject({ entries: 1, fault: null });
    open.close();
  });

  it('is not written under a second hard link', () => {
    const path = closedEngagement();
    linkSync(path, `${path}-2`);
    expect(() => openEngagementFile(path)).toThrow(expect.objectContaining({ code: 'LINKED' }));
    openReadable(path).close();
  });

  it('is not made in a folder that does not exist', () => {
    expect(() => createEngagementFile(join(temporaryFolder(), 'no', 'x.keywitness'))).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
  });
});
