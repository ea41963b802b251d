import type Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { WritableDb } from '../../../db/handle.ts';
import { sha256Hex } from '../../../db/ledger/hash.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { appendCheckpoint, exchangeDraft, logFile, newEngagement } from '../../support/ledger.ts';

/** Six exchanges (the fourth a log file), a checkpoint (7), one more exchange (8). */
async function ledger() {
  const engagement = newEngagement();
  for (const n of [1, 2, 3]) {
    await engagement.writer.append(exchangeDraft({ requestId: `r-${n}` }), {
      body: Buffer.from(`body ${n}`),
    });
  }
  const file = logFile(20);
  await engagement.writer.append(file.draft, { records: file.records });
  for (const n of [5, 6]) await engagement.writer.append(exchangeDraft({ requestId: `r-${n}` }));
  await appendCheckpoint(engagement.writer);
  await engagement.writer.append(exchangeDraft({ requestId: 'r-8' }));
  return engagement;
}

/** A forger has the file and SQLite: triggers do not stop them. */
function withoutTriggers(db: WritableDb, change: (db: Database.Database) => void): void {
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all();
  for (const t of triggers) db.exec(`DROP TRIGGER ${t.name}`);
  db.pragma('foreign_keys = OFF');
  change(db);
  for (const t of triggers) db.exec(t.sql);
}

/** Rewrites a line and every later one so that the chain alone is whole again. */
function rechain(db: Database.Database, from: number, edit: (line: Record<string, unknown>) => void): void {
  const rows = db
    .prepare<[number], { seq: number; line: string }>('SELECT seq, line FROM entry WHERE seq >= ?')
    .all(from);
  let prev = (JSON.parse(rows[0]!.line) as { prev: string }).prev;
  for (const row of rows) {
    const line = JSON.parse(row.line) as Record<string, unknown>;
    if (row.seq === from) edit(line);
    line.prev = prev;
    const text = JSON.stringify(line);
    prev = sha256Hex(text);
    db.prepare('UPDATE entry SET line = ?, hash = ? WHERE seq = ?').run(
      text,
      Buffer.from(prev, 'hex'),
      row.seq,
    );
  }
  db.prepare('UPDATE ledger_head SET hash = ?').run(Buffer.from(prev, 'hex'));
}

const forgeries: [string, (db: Database.Database) => void, number, RegExp][] = [
  [
    'a character of a line is changed',
    (db) => db.exec(`UPDATE entry SET line = replace(line, 'r-2', 'r-9') WHERE seq = 2`),
    2,
    /hash kept beside it/,
  ],
  [
    'a stored hash is changed',
    (db) => db.exec('UPDATE entry SET hash = zeroblob(32) WHERE seq = 3'),
    3,
    /hash kept beside it/,
  ],
  [
    'a line and its hash are rewritten',
    (db) => {
      const line = (db.prepare('SELECT line FROM entry WHERE seq = 2').pluck().get() as string).replace(
        'r-2',
        'r-9',
      );
      db.prepare('UPDATE entry SET line = ?, hash = ? WHERE seq = 2').run(
        line,
        Buffer.from(sha256Hex(line), 'hex'),
      );
    },
    3,
    /does not follow the line before/,
  ],
  [
    'a line is rewritten and the chain after it too',
    (db) =>
      rechain(db, 2, (l) => {
        (l.facts as Record<string, unknown>).requestId = 'r-9';
      }),
    7,
    /another chain head/,
  ],
  ['an entry is deleted', (db) => db.exec('DELETE FROM entry WHERE seq = 3'), 3, /missing/],
  ['the first entry is deleted', (db) => db.exec('DELETE FROM entry WHERE seq = 1'), 1, /missing/],
  [
    'an entry is inserted at the end',
    (db) => db.exec('INSERT INTO entry (seq, line, hash) SELECT 9, line, hash FROM entry WHERE seq = 8'),
    9,
    /missing|says 8/,
  ],
  [
    'two entries change places',
    (db) => {
      db.exec(
        'UPDATE entry SET seq = 100 WHERE seq = 2; UPDATE entry SET seq = 2 WHERE seq = 3; UPDATE entry SET seq = 3 WHERE seq = 100',
      );
    },
    2,
    /says 3/,
  ],
  [
    'the tail is cut',
    (db) => db.exec('DELETE FROM disclosure WHERE seq = 8; DELETE FROM entry WHERE seq = 8'),
    8,
    /missing at the end/,
  ],
  [
    'the tail is cut before the checkpoint and the note of the length mended',
    (db) => {
      db.exec('DELETE FROM disclosure WHERE seq = 6; DELETE FROM entry WHERE seq = 6');
    },
    6,
    /missing/,
  ],
  [
    'a sealed value is changed',
    (db) => db.exec(`UPDATE disclosure SET value = '{}' WHERE seq = 5 AND field = 'caller'`),
    5,
    /"caller"/,
  ],
  [
    'a salt is changed',
    (db) => db.exec(`UPDATE disclosure SET salt = zeroblob(32) WHERE seq = 5 AND field = 'caller'`),
    5,
    /"caller"/,
  ],
  [
    'a sealed value is removed',
    (db) => db.exec(`DELETE FROM disclosure WHERE seq = 6 AND field = 'params'`),
    6,
    /"params" is missing/,
  ],
  [
    'a sealed value is added',
    (db) => db.exec(`INSERT INTO disclosure VALUES (6, 'owner', zeroblob(32), 'eve')`),
    6,
    /"owner", which it does not seal/,
  ],
  [
    'a body is changed',
    (db) =>
      db.exec(`UPDATE body_chunk SET data = CAST('BODY 2' AS BLOB) WHERE data = CAST('body 2' AS BLOB)`),
    2,
    /body is not the one/,
  ],
  ['a body is removed', (db) => db.exec('DELETE FROM body_chunk; DELETE FROM body'), 1, /body is missing/],
  [
    'a body nobody recorded is added',
    (db) => db.exec('INSERT INTO body VALUES (zeroblob(32), 0)'),
    9,
    /belongs to no entry/,
  ],
  [
    'a kept log record is removed',
    (db) => db.exec('UPDATE log_block SET positions = substr(positions, 1, 72)'),
    4,
    /keeps 9 log records/,
  ],
  [
    'the hashes of log records are changed',
    (db) => db.exec('UPDATE log_leaves SET data = zeroblob(640)'),
    4,
    /were changed/,
  ],
  [
    'the checkpoint states another root',
    (db) =>
      rechain(db, 7, (l) => {
        (l.facts as Record<string, unknown>).merkleRoot = 'a'.repeat(64);
      }),
    7,
    /another Merkle root/,
  ],
  [
    'the checkpoint signs other words',
    (db) =>
      rechain(db, 7, (l) => {
        (l.facts as Record<string, unknown>).statement = 'all is well';
      }),
    7,
    /says something else/,
  ],
  [
    'an entry of an unknown type appears',
    (db) =>
      rechain(db, 8, (l) => {
        l.type = 'exchange/99';
      }),
    8,
    /known version/,
  ],
];

describe('a forged ledger', () => {
  it('starts from one that verifies', async () => {
    const { db } = await ledger();
    expect(verifyLedger(db)).toMatchObject({ entries: 8, coveredUpTo: 6, fault: null });
  });

  it.each(forgeries)('is named when %s', async (_what, change, seq, words) => {
    const { db } = await ledger();
    withoutTriggers(db, change);
    const { fault } = verifyLedger(db);
    expect(fault).toMatchObject({ seq, what: expect.stringMatching(words) as string });
  });
});

describe('append-only tables', () => {
  const tables = ['entry', 'disclosure', 'body', 'body_chunk', 'log_block', 'log_leaves'];

  it.each(tables)('%s refuses UPDATE, DELETE and REPLACE', async (table) => {
    const { db } = await ledger();
    const column = table === 'body' || table === 'body_chunk' ? 'bytes = bytes' : 'seq = seq';
    expect(() => db.exec(`UPDATE ${table} SET ${column}`)).toThrow(/append-only/);
    expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(/append-only/);
    const columns = table === 'entry' ? 'seq, line, hash' : '*';
    const into = table === 'entry' ? '(seq, line, hash)' : '';
    expect(() => db.exec(`REPLACE INTO ${table} ${into} SELECT ${columns} FROM ${table} LIMIT 1`)).toThrow(
      /append-only/,
    );
    // A connection that does not know our pragmas must not find a way around them.
    db.pragma('recursive_triggers = OFF');
    expect(() => db.exec(`REPLACE INTO ${table} ${into} SELECT ${columns} FROM ${table} LIMIT 1`)).toThrow(
      /append-only/,
    );
  });
});
