import { describe, expect, it } from 'vitest';
import { EventBatchBuilder, eventWriter, type UsageEventRow } from '../../../db/derived/events.ts';
import { settleEvents } from '../../../db/derived/settle-events.ts';
import type { WritableDb } from '../../../db/handle.ts';
import { countEvents, countOperations } from '../../../electron/pack/viewer/log-counts.ts';
import { exchangeDraft, newEngagement } from '../../support/ledger.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 2, 1);

/** An event among few times, ids, keys and callers, so that copies and days cut in two are many. */
function event(n: number, of: number): UsageEventRow {
  const copyById = n % 3 === 0;
  return {
    ...{ n, k: 0, time: START + ((n * 7 + (copyById ? of : 0)) % 40) * (DAY_MS / 12) },
    ...{ eventId: n % 11 === 0 ? '' : `event-${(n * 5) % 60}`, service: `s${n % 2}`, name: `Op${n % 3}` },
    ...{
      account: '1',
      region: `r${n % 2}`,
      key: n % 4 === 0 ? null : `key-${n % 5}`,
      principal: `p${n % 6}`,
    },
    ...{ actor: `a${n % 6}`, actorType: 'Role', actorAccount: '1', invokedBy: null },
    ...{ sourceIp: '192.0.2.1', userAgent: 'u', error: n % 7 === 0 ? 'AccessDenied' : null },
    ...{ readOnly: true, change: false, requestId: null, copyById, outcomeKnown: n % 2 === 0 },
  };
}

async function withEvents(snapshots: readonly string[]): Promise<WritableDb> {
  const { db, writer } = newEngagement();
  const write = eventWriter(db);
  for (const [of, snapshot] of snapshots.entries()) {
    const { seq } = await writer.append(exchangeDraft({ op: 'aws.s3.GetObject', snapshot }));
    const batch = new EventBatchBuilder();
    for (let n = 0; n < 200; n += 1) batch.add(event(n, of));
    write.batch(seq, batch.take()!);
    const kind = of % 2 === 0 ? ('lookup' as const) : ('log-file' as const);
    write.source(seq, {
      ...{ kind, snapshot, source: 'aws', records: 200, relevant: 200, first: START, last: null },
      multiLine: false,
    });
  }
  return db;
}

const settled = (db: WritableDb) =>
  ['usage_duplicate', 'usage_day'].map((table) => db.prepare(`SELECT * FROM ${table}`).raw().all());

describe('settling events', () => {
  it('gives the same copies and totals however many are taken at a time', async () => {
    const db = await withEvents(['s1', 's1', 's1']);
    settleEvents(db);
    const whole = settled(db);
    expect(whole[0]!.length).toBeGreaterThan(200);
    expect(whole[1]!.length).toBeGreaterThan(50);
    for (const atOnce of [1, 2, 17, 100]) {
      db.prepare('DELETE FROM usage_settled').run();
      settleEvents(db, atOnce);
      expect(settled(db), `${atOnce} at once`).toEqual(whole);
    }
  });

  it('counts every event once: as a copy or in the totals', async () => {
    const db = await withEvents(['s1', 's1']);
    settleEvents(db, 10);
    const counted = db.prepare<[], number>('SELECT sum(events) FROM usage_day').pluck().get();
    const copies = db.prepare<[], number>('SELECT count(*) FROM usage_duplicate').pluck().get()!;
    expect(counted).toBe(400 - copies);
  });
});

describe('counts of the viewer', () => {
  it('are those of the events, from the totals of one snapshot and from the rows of one of two', async () => {
    for (const snapshots of [['s1'], ['s1', 's2']]) {
      const db = await withEvents(snapshots);
      settleEvents(db);
      for (const snapshot of snapshots) {
        const rows = db
          .prepare<[string], unknown[]>(
            `SELECT e.name, e.error_code, count(*) AS events, count(DISTINCT e.key), count(DISTINCT e.principal)
               FROM usage_event e JOIN usage_source s ON s.seq = e.seq WHERE s.snapshot = ?
              GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
          )
          .raw()
          .all(snapshot);
        expect(rows.length).toBeGreaterThan(3);
        expect(countOperations(db, snapshot)).toEqual(rows);
        expect(countEvents(db, snapshot)).toBe(rows.reduce((sum, row) => sum + (row[2] as number), 0));
      }
    }
  });
});
