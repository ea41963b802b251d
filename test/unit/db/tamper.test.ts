import type Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../db/ledger/hash.ts';
import { packLogBlocks } from '../../../db/ledger/log-records.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { rechain, redefine, withoutTriggers } from '../../support/forge.ts';
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
  await engagement.writer.append(exchangeDraft({ requestId: 'r-5' }));
  const odd = exchangeDraft({ requestId: 'r-\ufffd' });
  await engagement.writer.append({ ...odd, sealed: { ...odd.sealed, note: '\ufffd' } });
  await appendCheckpoint(engagement.writer);
  await engagement.writer.append(exchangeDraft({ requestId: 'r-8' }));
  return engagement;
}

/** Puts other records into the one block of the log file. */
function replaceBlock(db: Database.Database, records: readonly { index: number; raw: Uint8Array }[]): void {
  const [block] = packLogBlocks(records);
  db.prepare('UPDATE log_block SET positions = ?, bytes = ?, data = ?').run(
    block!.positions,
    block!.bytes,
    block!.data,
  );
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
    (db) => replaceBlock(db, logFile(20).kept.slice(0, 9)),
    4,
    /keeps 9 log records/,
  ],
  [
    'a kept log record is replaced by one that is there already',
    (db) => {
      const { kept } = logFile(20);
      replaceBlock(db, [...kept.slice(0, 8), kept[8]!, kept[8]!]);
    },
    4,
    /log records are damaged/,
  ],
  [
    'kept log records change places',
    (db) => replaceBlock(db, logFile(20).kept.toReversed()),
    4,
    /log records are damaged/,
  ],
  [
    'a kept log record is changed',
    (db) =>
      replaceBlock(
        db,
        logFile(20).kept.map((r) => (r.index === 6 ? { ...r, raw: Buffer.from('{"eventID":"forged"}') } : r)),
      ),
    4,
    /log record 6 was changed/,
  ],
  [
    'a log record is kept that the file does not have',
    (db) => replaceBlock(db, [...logFile(20).kept, { index: 20, raw: Buffer.from('{}') }]),
    4,
    /log record 20 is not one of the file/,
  ],
  [
    'bytes follow the records in a block',
    (db) => {
      const [block] = packLogBlocks([...logFile(20).kept, { index: 19, raw: Buffer.from('hidden') }]);
      db.prepare('UPDATE log_block SET positions = ?, bytes = ?, data = ?').run(
        block!.positions.subarray(0, -8),
        block!.bytes,
        block!.data,
      );
    },
    4,
    /log records are damaged/,
  ],
  [
    'bytes follow the compressed data of a block',
    (db) => db.exec("UPDATE log_block SET data = CAST(data || x'00' AS BLOB)"),
    4,
    /log records are damaged/,
  ],
  [
    'a block states another length',
    (db) => db.exec('UPDATE log_block SET bytes = bytes + 1'),
    4,
    /log records are damaged/,
  ],
  [
    'a block of log records is given to an entry that is no log file',
    (db) => db.exec('INSERT INTO log_block SELECT 5, n, positions, bytes, data FROM log_block'),
    5,
    /rows of log_block and is no log file/,
  ],
  [
    'hashes of log records are given to an entry that is no log file',
    (db) => db.exec('INSERT INTO log_leaves SELECT 6, n, data FROM log_leaves'),
    6,
    /rows of log_leaves and is no log file/,
  ],
  [
    'an empty piece is added to the hashes of log records',
    (db) => db.exec("INSERT INTO log_leaves VALUES (4, 1, x'')"),
    4,
    /log records are damaged/,
  ],
  [
    'a body states another length',
    (db) => db.exec("UPDATE body SET bytes = 7 WHERE sha256 = unhex('" + sha256Hex('body 2') + "')"),
    2,
    /6 bytes where 7 are stated/,
  ],
  [
    'a piece of a body states another length',
    (db) => db.exec("UPDATE body_chunk SET bytes = 7 WHERE data = CAST('body 2' AS BLOB)"),
    2,
    /body is damaged/,
  ],
  [
    'an empty piece is added to a body',
    (db) =>
      db.exec(
        "INSERT INTO body_chunk SELECT sha256, 1, 0, 'identity', x'' FROM body_chunk WHERE data = CAST('body 3' AS BLOB)",
      ),
    3,
    /body is damaged/,
  ],
  [
    'a piece of a body is numbered anew',
    (db) => db.exec("UPDATE body_chunk SET n = -1 WHERE data = CAST('body 3' AS BLOB)"),
    3,
    /body is damaged/,
  ],
  [
    'a key stands twice in a line',
    (db) =>
      rechain(
        db,
        8,
        () => undefined,
        (text) => text.replace('"op":', '"op":"aws.kms.Nothing","op":'),
      ),
    8,
    /known version/,
  ],
  [
    'a line has white space',
    (db) =>
      rechain(
        db,
        8,
        () => undefined,
        (text) => `${text} `,
      ),
    8,
    /known version/,
  ],
  [
    'a number is spelt otherwise',
    (db) =>
      rechain(
        db,
        8,
        () => undefined,
        (text) => text.replace('"httpStatus":200', '"httpStatus":2e2'),
      ),
    8,
    /known version/,
  ],
  [
    'a number is beyond what every reader can hold',
    (db) =>
      rechain(
        db,
        8,
        () => undefined,
        (text) => text.replace('"httpStatus":200', '"httpStatus":9007199254740993'),
      ),
    8,
    /known version/,
  ],
  [
    'a commitment hides behind __proto__',
    (db) =>
      rechain(
        db,
        8,
        () => undefined,
        (text) => text.replace('"sealed":{', `"sealed":{"__proto__":"${'a'.repeat(64)}",`),
      ),
    8,
    /known version/,
  ],
  [
    'a fact hides behind __proto__',
    (db) =>
      rechain(
        db,
        8,
        () => undefined,
        (text) => text.replace('"facts":{', '"facts":{"__proto__":{},'),
      ),
    8,
    /known version/,
  ],
  [
    'a line is longer than any',
    (db) =>
      rechain(db, 8, (l) => {
        (l.facts as Record<string, unknown>).requestId = 'r'.repeat(2_000_000);
      }),
    8,
    /longer than any/,
  ],
  [
    'a letter of a line gives way to a byte that reads the same',
    (db) =>
      db.exec(
        `UPDATE entry SET line = CAST(replace(CAST(line AS BLOB), CAST('\ufffd' AS BLOB), x'ff') AS TEXT) WHERE seq = 6`,
      ),
    6,
    /known version/,
  ],
  [
    'a letter of a sealed value gives way to a byte that reads the same',
    (db) => db.exec("UPDATE disclosure SET value = CAST(x'ff' AS TEXT) WHERE field = 'note'"),
    6,
    /"note" is not the one/,
  ],
  [
    'values of two entries change places with their salts',
    (db) =>
      db.exec(`
        UPDATE disclosure SET seq = 100 WHERE seq = 5 AND field = 'params';
        UPDATE disclosure SET seq = 5 WHERE seq = 6 AND field = 'params';
        UPDATE disclosure SET seq = 6 WHERE seq = 100;`),
    5,
    /"params" is not the one/,
  ],
  [
    'values of two fields change places with their salts',
    (db) =>
      db.exec(`
        UPDATE disclosure SET field = 'x' WHERE seq = 5 AND field = 'params';
        UPDATE disclosure SET field = 'params' WHERE seq = 5 AND field = 'caller';
        UPDATE disclosure SET field = 'caller' WHERE seq = 5 AND field = 'x';`),
    5,
    /is not the one/,
  ],
  [
    'the start of a value moves into its salt',
    (db) =>
      db.exec(
        `UPDATE disclosure SET salt = CAST(salt || substr(value, 1, 9) AS BLOB), value = substr(value, 10)
          WHERE seq = 5 AND field = 'params'`,
      ),
    5,
    /"params" is not the one/,
  ],
  [
    'an entry is slipped in before the first',
    (db) => db.exec('INSERT INTO entry (seq, line, hash) SELECT -1, line, hash FROM entry WHERE seq = 3'),
    1,
    /the entry is missing/,
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

const schemaForgeries: [string, (db: Database.Database) => void, RegExp][] = [
  [
    'a trigger is dropped',
    (db) => db.exec('DROP TRIGGER entry_no_delete'),
    /trigger entry_no_delete is missing/,
  ],
  [
    'a trigger does nothing any more',
    (db) => redefine(db, 'body_no_update', (sql) => sql.replace('BEFORE UPDATE', 'BEFORE UPDATE OF bytes')),
    /trigger body_no_update is not as/,
  ],
  [
    'a computed column tells another operation',
    (db) => redefine(db, 'entry', (sql) => sql.replace("line ->> '$.facts.op'", "'aws.kms.ListKeys'")),
    /table entry is not as/,
  ],
  [
    'a computed column tells another kind',
    (db) => redefine(db, 'entry', (sql) => sql.replace("(line ->> '$.kind')", "('import')")),
    /table entry is not as/,
  ],
  [
    'a table is replaced by a view',
    (db) =>
      db.exec(
        'ALTER TABLE disclosure RENAME TO true_disclosure; CREATE VIEW disclosure AS SELECT * FROM true_disclosure',
      ),
    /true_disclosure is not one/,
  ],
  ['a table is added', (db) => db.exec('CREATE TABLE more_entries (seq INTEGER, line TEXT)'), /not one that/],
  [
    'a trigger is added',
    (db) => db.exec('CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN SELECT 1; END'),
    /trigger quiet is not one/,
  ],
  [
    'an index leaves an entry out',
    (db) => {
      redefine(db, 'entry_by_kind', (sql) => `${sql} WHERE seq <> 2`);
      db.exec('REINDEX entry_by_kind');
      redefine(db, 'entry_by_kind', (sql) => sql.replace(' WHERE seq <> 2', ''));
    },
    /table entry is damaged/,
  ],
];

describe('a file whose tables were changed', () => {
  it.each(schemaForgeries)('is named when %s', async (_what, change, words) => {
    const { db } = await ledger();
    change(db);
    expect(verifyLedger(db).fault).toMatchObject({
      seq: 0,
      what: expect.stringMatching(words) as string,
    });
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
