import { statSync, existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openEngagementFile, openReadable } from '../../../db/open.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { GENESIS, sha256Hex } from '../../../db/ledger/hash.ts';
import { entries, readEntry, storedLines } from '../../../db/ledger/read.ts';
import { logRecords } from '../../../db/ledger/log-records.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { exchangeDraft, logFile, newEngagement } from '../../support/ledger.ts';

describe('ledger writer', () => {
  it('chains lines so that the hash of each is the prev of the next', async () => {
    const { db, writer } = newEngagement();
    await Promise.all([1, 2, 3].map((n) => writer.append(exchangeDraft({ requestId: `r-${n}` }))));
    const lines = [...storedLines(db)];
    const parsed = lines.map((l) => JSON.parse(l.line) as { seq: number; prev: string });
    expect(parsed.map((p) => p.seq)).toEqual([1, 2, 3]);
    expect(parsed.map((p) => p.prev)).toEqual([
      GENESIS,
      sha256Hex(lines[0]!.line),
      sha256Hex(lines[1]!.line),
    ]);
  });

  it('keeps sensitive values out of the line and opens them beside it', async () => {
    const { db, writer } = newEngagement();
    const { seq } = await writer.append(exchangeDraft(), { body: Buffer.from('{"Key":"ann"}') });
    const [stored] = storedLines(db);
    expect(stored!.line).not.toContain('ann');
    const entry = readEntry(db, seq)!;
    expect(entry.values.caller).toContain('user/ann');
    expect(readBody(db, entry.values.body!)!.toString()).toBe('{"Key":"ann"}');
  });

  it('salts equal values apart', async () => {
    const { db, writer } = newEngagement();
    await writer.append(exchangeDraft());
    await writer.append(exchangeDraft());
    const [a, b] = [...entries(db, 'exchange')].map((e) => e.sealed.params);
    expect(a).not.toBe(b);
  });

  it('keeps a body of several chunks, once, however often it comes', async () => {
    const { db, writer } = newEngagement();
    const body = Buffer.from(Array.from({ length: 2_500_000 }, (_, i) => (i * i) % 251));
    await writer.append(exchangeDraft(), { body });
    await writer.append(exchangeDraft(), { body });
    expect(readBody(db, sha256Hex(body))!.equals(body)).toBe(true);
    expect(db.prepare('SELECT count(*) FROM body_chunk').pluck().get()).toBe(3);
  });

  it('keeps the raw records of a log file', async () => {
    const { db, writer } = newEngagement();
    const file = logFile(101);
    const { seq } = await writer.append(file.draft, { records: file.records });
    expect([...logRecords(db, seq)]).toEqual(file.kept);
    expect(verifyLedger(db).fault).toBeNull();
  });

  it('lets one failing append fail alone', async () => {
    const { db, writer } = newEngagement();
    const bad = writer.transact(() => {
      throw new Error('bad job');
    });
    const good = writer.append(exchangeDraft());
    await expect(bad).rejects.toThrow('bad job');
    expect((await good).seq).toBe(1);
    expect(verifyLedger(db)).toMatchObject({ entries: 1, fault: null });
  });

  it('turns a call in flight at a crash into an interrupted exchange', async () => {
    const { db, writer } = newEngagement();
    const draft = exchangeDraft();
    const { snapshot, source, op, scope, label, attempt, start, host, bodyClass } = draft.facts;
    await writer.begin({
      facts: { snapshot, source, op, scope, label, attempt, start, host, bodyClass },
      sealed: draft.sealed!,
    });
    // The process that knew the intent's id is gone; another one opens the same ledger.
    const recovered = await new LedgerWriter(db).recoverInterrupted();
    expect(recovered.map((e) => e.facts.outcome)).toEqual(['interrupted']);
    expect(readEntry(db, 1)!.values.params).toBe('{"KeyId":"k1"}');
    expect(db.prepare('SELECT count(*) FROM intent').pluck().get()).toBe(0);
  });

  it('refuses a checkpoint over a head that has moved', async () => {
    const { writer } = newEngagement();
    await writer.append(exchangeDraft());
    const facts = {
      purpose: 'snapshot' as const,
      upTo: 5,
      head: GENESIS,
      merkleRoot: GENESIS,
      statement: '',
      signature: null,
      token: null,
      missing: null,
    };
    await expect(writer.append({ kind: 'checkpoint', facts })).rejects.toThrow('Sign the new head');
  });
});

describe('engagement file', () => {
  it('is one self-contained file of its owner when closed', async () => {
    const { path, writer, close } = newEngagement();
    await writer.append(exchangeDraft());
    close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(['-wal', '-shm', '-journal', '-lock'].filter((s) => existsSync(path + s))).toEqual([]);
    const reader = openReadable(path);
    expect(verifyLedger(reader)).toMatchObject({ entries: 1, fault: null });
    reader.close();
  });

  it('leaves no trace of an intent that was answered', async () => {
    const { path, writer, close } = newEngagement();
    const draft = exchangeDraft();
    const { snapshot, source, op, scope, label, attempt, start, host, bodyClass } = draft.facts;
    const id = await writer.begin({
      facts: { snapshot, source, op, scope, label, attempt, start, host, bodyClass },
      sealed: { note: 'planted-intent-text' },
    });
    await writer.finish(id, draft);
    close();
    expect(readFileSync(path).includes('planted-intent-text')).toBe(false);
  });

  it('is written by one process at a time and says by whom', () => {
    const { path } = newEngagement();
    expect(() => openEngagementFile(path)).toThrow(
      expect.objectContaining({
        code: 'LOCKED',
        message: expect.stringContaining(`process ${process.pid}`) as string,
      }),
    );
  });

  it('can be opened again after closing', () => {
    const { path, close } = newEngagement();
    close();
    openEngagementFile(path).close();
    openEngagementFile(path).close();
  });

  it('refuses a file of a newer version with words', () => {
    const { path, db, close } = newEngagement();
    db.pragma('user_version = 9990');
    close();
    expect(() => openEngagementFile(path)).toThrow(/newer Keywitness/);
    expect(() => openReadable(path)).toThrow(expect.objectContaining({ code: 'NEWER_VERSION' }));
  });

  it('refuses what is no engagement', () => {
    expect(() => openReadable('package.json')).toThrow(
      expect.objectContaining({ code: 'NOT_AN_ENGAGEMENT' }),
    );
    expect(() => openReadable('no-such-file')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
