import type { Clock } from './clock.ts';

/** Gives back what {@link RateBudget.take} got: the place among the calls in flight. */
export type Leave = () => void;

interface Waiter {
  enter: () => Promise<Leave>;
  resolve: (leave: Leave) => void;
  reject: (reason: unknown) => void;
  signal: AbortSignal;
}

/** Share of the budget that one success gives back after throttling. */
const RECOVERY = 0.05;
/** Throttling never slows an operation below this share of its budget. */
const FLOOR = 1 / 32;
/** Calls in flight together are throttled together: that is one sign, not many. Milliseconds. */
const ONE_SIGN = 500;

/**
 * A token bucket for one operation in one account and region. It holds at most one second's worth, so that any second
 * sees at most twice the budget, which is the quota. Throttling halves the rate, each success gives a little back.
 */
export class RateBudget {
  readonly perSecond: number;
  readonly #clock: Clock;
  readonly #capacity: number;
  #rate: number;
  #tokens: number;
  #at: number;
  #queue: Waiter[] = [];
  #pump: AbortController | null = null;
  #slowedAt = -Infinity;

  constructor(perSecond: number, clock: Clock) {
    this.perSecond = perSecond;
    this.#clock = clock;
    this.#rate = perSecond;
    this.#capacity = Math.max(1, perSecond);
    this.#tokens = this.#capacity;
    this.#at = clock.now();
  }

  /** Requests per second allowed now. */
  get rate(): number {
    return this.#rate;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * Waits for its turn, first come first served, then for a place (`enter`). A request is counted when it has its place:
   * counted before, requests would gather there and all leave at once. Rejects with the signal's reason when dropped.
   */
  take(signal: AbortSignal, enter: () => Promise<Leave>): Promise<Leave> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      this.#queue.push({ enter, resolve, reject, signal });
      if (!this.#pump) void this.#serve((this.#pump = new AbortController()));
    });
  }

  /** The provider said: too many. */
  throttled(): void {
    if (this.#clock.now() - this.#slowedAt < ONE_SIGN) return;
    this.#slowedAt = this.#clock.now();
    this.#rate = Math.max(this.#rate / 2, this.perSecond * FLOOR);
    this.#tokens = Math.min(this.#tokens, 0);
  }

  succeeded(): void {
    if (this.#rate < this.perSecond) {
      this.#rate = Math.min(this.perSecond, this.#rate + this.perSecond * RECOVERY);
    }
  }

  /** Lets go everybody whose signal has aborted. */
  dropAborted(): void {
    const dropped = this.#queue.filter((w) => w.signal.aborted);
    this.#queue = this.#queue.filter((w) => !w.signal.aborted);
    for (const waiter of dropped) waiter.reject(waiter.signal.reason);
    // No timer may outlive its last waiter: it would hold up the end of the process.
    if (this.#queue.length > 0) return;
    this.#pump?.abort();
    this.#pump = null;
  }

  /** Whether a request may go now. */
  #refill(): boolean {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#capacity, this.#tokens + ((now - this.#at) * this.#rate) / 1000);
    this.#at = now;
    // A hair of tolerance: the sum of many small additions may miss 1 by rounding.
    return this.#tokens >= 1 - 1e-9;
  }

  async #serve(pump: AbortController): Promise<void> {
    while (this.#pump === pump && this.#queue.length > 0) {
      if (!this.#refill()) {
        const wait = ((1 - this.#tokens) / this.#rate) * 1000;
        await this.#clock.sleep(Math.max(1, wait), pump.signal).catch(() => {});
        continue;
      }
      await this.#admit(this.#queue[0]!);
    }
    if (this.#pump === pump) this.#pump = null;
  }

  async #admit(waiter: Waiter): Promise<void> {
    let leave: Leave;
    try {
      leave = await waiter.enter();
    } catch (error) {
      if (this.#queue[0] === waiter) this.#queue.shift();
      waiter.reject(error);
      return;
    }
    // It may have been dropped while it waited for its place.
    if (this.#queue[0] !== waiter) {
      leave();
      return;
    }
    this.#queue.shift();
    // Counted now, however long the place took.
    this.#refill();
    this.#tokens -= 1;
    waiter.resolve(leave);
  }
}
