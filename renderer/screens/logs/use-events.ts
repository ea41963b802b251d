import { useCallback, useEffect, useMemo, useState } from 'react';
import type { EventFilter, UsageEvent } from '../../../electron/api/logs.ts';
import { PageReader } from '../../client/page-reader.ts';
import { invoke } from '../../client/query.ts';
import { placeOf, type Buckets } from './event-buckets.ts';

/** Stretches whose events are kept; what is far from view is read again when it is looked at. */
const KEPT_READERS = 40;

/** Events by their number in a list of any length, read where they are looked at. */
export function useEvents(buckets: Buckets, filter: EventFilter) {
  const key = JSON.stringify([buckets.starts, buckets.before.at(-1), filter]);
  const [, redraw] = useState(0);
  const readers = useMemo(
    () => new Readers(buckets, filter, () => redraw((n) => n + 1)),
    // The key stands for both.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [key],
  );
  useEffect(() => () => readers.stop(), [readers]);
  const eventAt = useCallback((row: number) => readers.eventAt(row), [readers]);
  const onView = useCallback((first: number, last: number) => readers.need(first, last), [readers]);
  return { eventAt, onView, error: readers.error, retry: readers.retry };
}

class Readers {
  readonly #buckets: Buckets;
  readonly #filter: EventFilter;
  readonly #changed: () => void;
  readonly #readers = new Map<number, PageReader<UsageEvent>>();

  constructor(buckets: Buckets, filter: EventFilter, changed: () => void) {
    this.#buckets = buckets;
    this.#filter = filter;
    this.#changed = changed;
  }

  eventAt(row: number): UsageEvent | undefined {
    const place = placeOf(this.#buckets, row);
    return place ? this.#readers.get(place.bucket)?.store.get().rows[place.at] : undefined;
  }

  need(first: number, last: number): void {
    const from = placeOf(this.#buckets, first);
    const to = placeOf(this.#buckets, Math.min(last, this.#buckets.before.at(-1)! - 1));
    if (!from || !to) return;
    for (let bucket = from.bucket; bucket <= to.bucket; bucket += 1) {
      const rows = this.#buckets.before[bucket + 1]! - this.#buckets.before[bucket]!;
      this.#reader(bucket).need(bucket === to.bucket ? to.at : rows - 1);
    }
  }

  get error(): unknown {
    for (const reader of this.#readers.values()) {
      const { error } = reader.store.get();
      if (error !== null) return error;
    }
    return null;
  }

  retry = (): void => {
    for (const reader of this.#readers.values()) if (reader.store.get().error !== null) reader.retry();
  };

  stop(): void {
    for (const reader of this.#readers.values()) reader.stop();
    this.#readers.clear();
  }

  #reader(bucket: number): PageReader<UsageEvent> {
    const known = this.#readers.get(bucket);
    if (known) return known;
    const filter = {
      ...this.#filter,
      from: new Date(this.#buckets.starts[bucket]!).toISOString(),
      to: new Date(this.#buckets.ends[bucket]!).toISOString(),
    };
    const reader = new PageReader<UsageEvent>((after, signal) =>
      invoke('logs.events', { filter, after, limit: 500 }, { signal }),
    );
    reader.store.subscribe(this.#changed);
    this.#readers.set(bucket, reader);
    for (const [old, other] of this.#readers) {
      if (this.#readers.size <= KEPT_READERS) break;
      other.stop();
      this.#readers.delete(old);
    }
    return reader;
  }
}
