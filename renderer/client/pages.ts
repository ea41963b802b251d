import { useEffect, useMemo } from 'react';
import { PageReader, type PageAnswer, type Pages } from './page-reader.ts';
import { onStale } from './query.ts';
import { useStore } from './store.ts';

/** A list read page by page; `key` says which one: another key is another list. */
export function usePages<T>(
  key: string,
  read: (after: string | null, signal: AbortSignal) => Promise<PageAnswer<T>>,
): Pages<T> & { need: (index: number) => void; retry: () => void } {
  // The key stands for everything that `read` closes over.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const reader = useMemo(() => new PageReader<T>(read), [key]);
  useEffect(() => {
    reader.need(0);
    const quiet = onStale(() => reader.restart());
    return () => {
      quiet();
      reader.stop();
    };
  }, [reader]);
  const pages = useStore(reader.store);
  return useMemo(
    () => ({ ...pages, need: (index: number) => reader.need(index), retry: () => reader.retry() }),
    [pages, reader],
  );
}
