import { createHash } from 'node:crypto';
import { membersJson } from '../engagement/view.ts';
import type { ReadableDb } from '../../db/handle.ts';
import { iterateInventory } from '../../db/derived/inventory.ts';
import { currentEngagement } from '../engagement/current.ts';
import { declare, type Declared } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import { sampleDrawn } from '../engagement/review-kinds.ts';
import type { Work } from '../engine/with-engagement.ts';
import { accessRows } from './access-rows.ts';
import { ReviewError } from './error.ts';

export type SampleOf = 'keys' | 'events' | 'access';

/** How a sample is drawn, so that anybody can draw it again with sha256sum. */
export const SAMPLE_METHOD =
  'The n items with the lowest SHA-256 over seed, one line feed, item (UTF-8); the population hash is the SHA-256 over all items, each followed by a line feed, in the order of the population.';

/** Most items of one sample. */
const MOST_ITEMS = 10_000;

/** Draws the items with the lowest hashes, and hashes the population in passing. Memory grows with the sample, not the population. */
export function draw(population: Iterable<string>, seed: string, n: number) {
  const all = createHash('sha256');
  let items = 0;
  let worst = 'g';
  let kept: { hash: string; item: string }[] = [];
  for (const item of population) {
    all.update(`${item}\n`);
    items += 1;
    const hash = createHash('sha256').update(`${seed}\n${item}`).digest('hex');
    if (kept.length < n || hash < worst) {
      kept.push({ hash, item });
      if (kept.length >= n * 2) kept = lowest(kept, n);
      // Not the lowest bound between two sortings, but a true one: nothing that belongs to the sample is left out.
      if (kept.length === n) worst = kept.reduce((most, k) => (k.hash > most ? k.hash : most), '');
    }
  }
  return { population: { items, sha256: all.digest('hex') }, items: lowest(kept, n).map(({ item }) => item) };
}

const byHash = (a: { hash: string }, b: { hash: string }) => (a.hash < b.hash ? -1 : 1);
const lowest = (kept: { hash: string; item: string }[], n: number) => kept.toSorted(byHash).slice(0, n);

/** The population of a snapshot to draw from, in order. */
export function* samplePopulation(db: ReadableDb, snapshot: string, of: SampleOf): Generator<string> {
  if (of === 'keys') for (const { key } of iterateInventory(db, snapshot)) yield key;
  if (of === 'access')
    for (const { key, principal, right } of accessRows(db, snapshot)) yield `${key}|${principal}|${right}`;
  if (of === 'events') {
    const { period } = currentEngagement(db);
    const rows = db
      .prepare<[string, number, number], string>(
        `SELECT e.seq || '/' || e.n || '/' || e.k || ' ' || e.event_id FROM usage_event e JOIN usage_source s ON s.seq = e.seq
          WHERE s.snapshot IN (SELECT value FROM json_each(?)) AND e.time >= ? AND e.time < ? ORDER BY e.seq, e.n, e.k`,
      )
      .pluck();
    yield* rows.iterate(membersJson(db, snapshot), Date.parse(period.from), Date.parse(period.to));
  }
}

/** Draws a sample and records it with its seed and the hash of its population. @throws ReviewError NOT_KNOWN */
export async function drawSample(
  { db, writer }: Work,
  by: Operator,
  request: { of: SampleOf; snapshot: string; seed: string; n: number },
): Promise<Declared<'sample.drawn'>> {
  const { of, snapshot, seed, n } = request;
  if (!Number.isInteger(n) || n < 1 || n > MOST_ITEMS) {
    throw new ReviewError(
      'NOT_KNOWN',
      `cannot draw ${n} items: give a whole number from 1 to ${MOST_ITEMS}.`,
    );
  }
  const drawn = draw(samplePopulation(db, snapshot, of), seed, n);
  const value = sampleDrawn.parse({ of, snapshot, seed, method: SAMPLE_METHOD, ...drawn });
  await declare(writer, by, 'sample.drawn', of, value);
  return value;
}
