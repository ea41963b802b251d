/**
 * Runs `work` for every item, at most `width` at a time, and takes items only as fast as it works: memory stays flat
 * whatever the number. Rejects with the first failure after those already started have ended.
 */
export async function forEach<T>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const item of items) {
    const one: Promise<void> = Promise.resolve()
      .then(() => work(item))
      .then(
        () => undefined,
        (error: unknown) => void failures.push(error),
      )
      .finally(() => running.delete(one));
    running.add(one);
    if (running.size >= width) await Promise.race(running);
    if (failures.length > 0) break;
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}

/** Runs all at once and waits for all to end; then rejects with the first failure, if any. */
export async function all(work: readonly Promise<unknown>[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  const failed = ended.find((e) => e.status === 'rejected');
  if (failed) throw failed.reason;
}
