import type { ReadableDb } from '../../../db/handle.ts';
import { currentEngagement } from '../../engagement/current.ts';
import { chosenSnapshot } from '../snapshot-choice.ts';
import type { Reads } from './read.ts';

export const packReads: Reads<'pack.contents'> = {
  'pack.contents'(db, input) {
    const { id, close } = chosenSnapshot(db, input.snapshot);
    const of = (sql: string) => count(db, sql, id);
    return {
      snapshot: id,
      refused: close
        ? null
        : `cannot pack snapshot ${id}: its collection was stopped before its end. Resume the collection first.`,
      entries: count(db, 'SELECT count(*) FROM entry'),
      exchanges: count(db, "SELECT count(*) FROM entry WHERE kind = 'exchange'"),
      bodies: count(db, 'SELECT count(*) FROM body'),
      bodyBytes: count(db, 'SELECT coalesce(sum(bytes), 0) FROM body'),
      keys: of("SELECT count(*) FROM key WHERE snapshot = ? AND belongs = 'inventory'"),
      events: count(db, 'SELECT coalesce(sum(events), 0) FROM usage_day'),
      results: of('SELECT count(*) FROM test_result WHERE snapshot = ?'),
      gaps: of('SELECT count(*) FROM gap WHERE snapshot = ?'),
      sample: currentEngagement(db).sample,
    };
  },
};

function count(db: ReadableDb, sql: string, ...values: string[]): number {
  return (
    db
      .prepare<string[], number>(sql)
      .pluck()
      .get(...values) ?? 0
  );
}
