import { Store } from './store.ts';

/** Rows of a list as far as they were read, in the list's order. */
export interface Pages<T> {
  /** Grows in place, because a copy for each page is too slow for long lists: its length tells what is new, not its identity. */
  rows: readonly T[];
  /** Whether the last page was read. */
  done: boolean;
  loading: boolean;
  error: unknown;
}

export interface PageAnswer<T> {
  rows: T[];
  next: string | null;
}

/** Reads a list page by page, each by the key that the one before gave, as far as somebody needs it. */
export class PageReader<T> {
  readonly store = new Store<Pages<T>>({ rows: [], done: false, loading: false, error: null });
  readonly #read: (after: string | null, signal: AbortSignal) => Promise<PageAnswer<T>>;
  #rows: T[] = [];
  #after: string | null = null;
  #wanted = 0;
  #running = false;
  #stop = new AbortController();

  constructor(read: (after: string | null, signal: AbortSignal) => Promise<PageAnswer<T>>) {
    this.#read = read;
  }

  /** Makes sure that rows up to this index are read, or will be. */
  need(index: number): void {
    this.#wanted = Math.max(this.#wanted, index + 1);
    if (!this.#running) void this.#run();
  }

  /** Reads from the start again; what is shown stays until the first page is there. */
  restart(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#after = null;
    this.#running = false;
    // Another list: whoever still holds the old one keeps it as it was.
    this.#rows = [];
    this.store.set({ rows: this.#rows, done: false, loading: false, error: null });
    this.need(Math.max(0, Math.min(this.#wanted, 1000) - 1));
  }

  retry(): void {
    this.store.set({ ...this.store.get(), error: null });
    this.need(this.store.get().rows.length);
  }

  stop(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#running = false;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    this.#running = true;
    while (!signal.aborted) {
      const known = this.store.get();
      if (known.done || known.error !== null || known.rows.length >= this.#wanted) break;
      if (!known.loading) this.store.set({ ...known, loading: true });
      try {
        const page = await this.#read(this.#after, signal);
        if (signal.aborted) return;
        this.#after = page.next;
        for (const row of page.rows) this.#rows.push(row);
        this.store.set({ rows: this.#rows, done: page.next === null, loading: false, error: null });
      } catch (error) {
        if (signal.aborted) return;
        this.store.set({ ...this.store.get(), loading: false, error });
      }
    }
    if (!signal.aborted) this.#running = false;
  }
}
