import type { InputOf, MethodName, OutputOf } from './contract.ts';
import type { ApiEvent } from './events.ts';

/** What the host puts into the window as `window.keywitness`; the same in Electron and in the browser. */
export interface KeywitnessClient {
  readonly host: 'electron' | 'browser';
  /** Calls a method. Rejects with an ApiError; with kind `cancelled` once `signal` is aborted. */
  invoke<N extends MethodName>(
    name: N,
    input: InputOf<N>,
    options?: { signal?: AbortSignal },
  ): Promise<OutputOf<N>>;
  /** Hands every event to the listener until the function it returns is called. */
  subscribe(listener: (event: ApiEvent) => void): () => void;
  /**
   * A path for a file that was dropped or picked: its own in Electron; in the browser it is sent to the local engine,
   * which keeps a copy until it ends.
   */
  pathOf(file: File): Promise<string>;
}
