import { setMaxListeners } from 'node:events';
import { CollectError } from './error.ts';

/** The operator's hand on a running collection. */
export interface RunControl {
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
  readonly paused: boolean;
  /** Stops asking; calls in flight end. */
  pause(): void;
  resume(): void;
  /** Ends the run, also calls in flight and waits; the snapshot stays open and can be resumed. */
  cancel(): void;
  /** Resolves when not paused; rejects when cancelled. */
  whenRunning(): Promise<void>;
}

/** @param outer cancels the run when it aborts. */
export function createRunControl(outer?: AbortSignal): RunControl {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let gate: { opened: Promise<void>; open: () => void } | null = null;

  const open = () => {
    gate?.open();
    gate = null;
  };
  const cancel = () => {
    controller.abort(
      new CollectError('CANCELLED', 'the collection was cancelled. Resume it to go on where it stopped.'),
    );
    open();
  };
  if (outer?.aborted) cancel();
  outer?.addEventListener('abort', cancel, { once: true });

  return {
    signal: controller.signal,
    get paused() {
      return gate !== null;
    },
    pause() {
      if (gate || controller.signal.aborted) return;
      let release = () => {};
      const opened = new Promise<void>((resolve) => (release = resolve));
      gate = { opened, open: release };
    },
    resume: open,
    cancel,
    async whenRunning() {
      while (gate) await gate.opened;
      controller.signal.throwIfAborted();
    },
  };
}
