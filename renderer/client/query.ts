import { useEffect, useMemo } from 'react';
import type { InputOf, MethodName, OutputOf } from '../../electron/api/contract.ts';
import { client } from './client.ts';
import { Store, useStore } from './store.ts';

/** What is known of an answer. `data` stays while it is asked again, so that nothing flickers. */
export interface Query<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  reload: () => void;
}

/** Answers kept although nobody shows them now. */
const KEPT = 60;

const cache = new Map<string, CachedQuery>();

class CachedQuery {
  readonly store: Store<Query<unknown>>;
  readonly #ask: () => Promise<unknown>;
  #asked = false;
  #round = 0;

  constructor(ask: () => Promise<unknown>) {
    this.#ask = ask;
    this.store = new Store<Query<unknown>>({ data: null, error: null, loading: true, reload: this.load });
  }

  /** Asks unless it was asked already. */
  start = (): void => {
    if (!this.#asked) this.load();
  };

  load = (): void => {
    this.#asked = true;
    const round = ++this.#round;
    if (!this.store.get().loading) this.store.set({ ...this.store.get(), loading: true });
    this.#ask().then(
      (data) => {
        if (round === this.#round) this.store.set({ data, error: null, loading: false, reload: this.load });
      },
      (error: unknown) => {
        if (round === this.#round) {
          this.store.set({ data: this.store.get().data, error, loading: false, reload: this.load });
        }
      },
    );
  };

  /** What is shown is asked again now; the rest when it is next shown. */
  invalidate(): void {
    if (this.store.watched) this.load();
    else this.#asked = false;
  }
}

function cached(key: string, ask: () => Promise<unknown>): CachedQuery {
  const known = cache.get(key);
  if (known) {
    // The latest used stands last; what stands first is forgotten first.
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const made = new CachedQuery(ask);
  cache.set(key, made);
  for (const [old, query] of cache) {
    if (cache.size <= KEPT) break;
    if (!query.store.watched && old !== key) cache.delete(old);
  }
  return made;
}

const nothingAsked = new CachedQuery(() => Promise.resolve(null));
nothingAsked.store.set({ data: null, error: null, loading: false, reload: () => {} });

/** The answer to a call, kept for all who ask the same; null as input asks nothing. */
export function useQuery<N extends MethodName>(name: N, input: InputOf<N> | null): Query<OutputOf<N>> {
  const key = input === null ? null : `${name} ${JSON.stringify(input)}`;
  const query = useMemo(
    () => (key === null ? nothingAsked : cached(key, () => client().invoke(name, inputOf<N>(key, name)))),
    [key, name],
  );
  useEffect(() => {
    if (key !== null) query.start();
  }, [key, query]);
  return useStore(query.store) as Query<OutputOf<N>>;
}

function inputOf<N extends MethodName>(key: string, name: N): InputOf<N> {
  return JSON.parse(key.slice(name.length + 1)) as InputOf<N>;
}

let pending: ReturnType<typeof setTimeout> | null = null;

/** Something about the engagement changed: everything shown is asked again, at most a few times a second. */
export function invalidateAll(): void {
  pending ??= setTimeout(() => {
    pending = null;
    for (const query of cache.values()) query.invalidate();
    for (const listener of staleListeners) listener();
  }, 150);
}

/** Another engagement: nothing that was known is true of it. */
export function forgetAll(): void {
  for (const [key, query] of cache) {
    if (query.store.watched) query.load();
    else cache.delete(key);
  }
  for (const listener of staleListeners) listener();
}

const staleListeners = new Set<() => void>();

/** Tells when lists that were read page by page are out of date. */
export function onStale(listener: () => void): () => void {
  staleListeners.add(listener);
  return () => staleListeners.delete(listener);
}

/** A call made once, for its effect. */
export function invoke<N extends MethodName>(
  name: N,
  input: InputOf<N>,
  options?: { signal?: AbortSignal },
): Promise<OutputOf<N>> {
  return client().invoke(name, input, options);
}
