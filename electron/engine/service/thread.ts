import { parentPort, type MessagePort, type Worker } from 'node:worker_threads';
import { ApiError, type ApiErrorShape } from '../../api/error.ts';
import type { ApiEvent } from '../../api/events.ts';
import type { CameraAnswer, CameraAsk } from '../../capture/camera.ts';
import { failureOf } from './failure.ts';
import { Refusal } from './refusal.ts';

/*
 * Calls between the engine's main thread and its threads. A thread answers each call once and may tell events. What the
 * main thread must do for a thread comes as an `ask`.
 */

type ToThread =
  | { do: 'call'; id: number; name: string; input: unknown }
  | { do: 'abort'; id: number }
  | { do: 'told'; id: number; answer?: CameraAnswer; error?: string };

type FromThread =
  | { is: 'answer'; id: number; output: unknown }
  | { is: 'failure'; id: number; error: ApiErrorShape }
  | { is: 'event'; event: ApiEvent }
  | { is: 'ask'; id: number; ask: ThreadAsk };

/** What a thread needs the main thread to do, and to wait for. */
export type ThreadAsk =
  /** Readers must let go of the file (null) or use this one. */
  | { readersUse: string | null }
  /** The host's camera, where it has one. */
  | { camera: CameraAsk };

/** What a handler gets besides its input. */
export interface CallContext {
  signal: AbortSignal;
}

export type ThreadHandlers = Record<string, (input: never, context: CallContext) => unknown>;

/** The thread's side: answers calls until the port closes. */
export interface Served {
  tell(event: ApiEvent): void;
  /** @throws Error what the main thread could not do */
  ask(ask: ThreadAsk): Promise<CameraAnswer>;
}

/** Serves handlers on a thread's port; `port` is this thread's own unless a test gives another. */
export function serveThread(handlers: () => ThreadHandlers, port: MessagePort = parentPort!): Served {
  const running = new Map<number, AbortController>();
  const asked = new Map<
    number,
    { resolve: (answer: CameraAnswer) => void; reject: (error: Error) => void }
  >();
  let lastAsk = 0;
  const post = (message: FromThread) => port.postMessage(message);

  const call = async (id: number, name: string, input: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const handler = handlers()[name];
      if (!handler)
        throw new Refusal('input', 'UNKNOWN_METHOD', `cannot call ${name}: there is no such method.`);
      const output = await handler(input as never, { signal: controller.signal });
      post({ is: 'answer', id, output });
    } catch (error) {
      post({ is: 'failure', id, error: failureOf(error) });
    } finally {
      running.delete(id);
    }
  };
  port.on('message', (message: ToThread) => {
    if (message.do === 'call') void call(message.id, message.name, message.input);
    else if (message.do === 'abort') {
      running.get(message.id)?.abort(new Refusal('cancelled', 'CANCELLED', 'the call was cancelled.'));
    } else {
      const waiting = asked.get(message.id);
      asked.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.answer ?? null);
      else waiting?.reject(new Error(message.error));
    }
  });
  return {
    tell: (event) => post({ is: 'event', event }),
    ask: (ask) =>
      new Promise((resolve, reject) => {
        const id = (lastAsk += 1);
        asked.set(id, { resolve, reject });
        post({ is: 'ask', id, ask });
      }),
  };
}

/** The main thread's side of one thread. */
export interface Thread {
  call(name: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
  /** Ends the thread at once; calls in hand fail. */
  end(): Promise<void>;
}

export interface ThreadEvents {
  onEvent(event: ApiEvent): void;
  onAsk(ask: ThreadAsk): Promise<CameraAnswer>;
  /** The thread ended without being asked to. */
  onGone(error: Error): void;
}

/** Connects to a started worker. */
export function connectThread(worker: Worker, events: ThreadEvents): Thread {
  const waiting = new Map<number, { resolve: (o: unknown) => void; reject: (e: Error) => void }>();
  let lastId = 0;
  let ended = false;
  const post = (message: ToThread) => worker.postMessage(message);
  const gone = (error: Error) => {
    if (ended) return;
    ended = true;
    for (const { reject } of waiting.values()) {
      reject(
        new Refusal(
          'gone',
          'ENGINE_GONE',
          `cannot answer: a part of the engine has ended (${error.message}).`,
        ),
      );
    }
    waiting.clear();
    events.onGone(error);
  };
  worker.on('message', (message: FromThread) => {
    if (message.is === 'event') return events.onEvent(message.event);
    if (message.is === 'ask') {
      const { id, ask } = message;
      events.onAsk(ask).then(
        (answer) => post({ do: 'told', id, answer }),
        (error: unknown) =>
          post({ do: 'told', id, error: error instanceof Error ? error.message : String(error) }),
      );
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.is === 'answer') call?.resolve(message.output);
    else call?.reject(new ApiError(message.error));
  });
  worker.on('error', (error: Error) => gone(error));
  worker.on('exit', (code) => gone(new Error(`its thread ended with ${code}`)));
  return {
    call: (name, input, signal) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(new Refusal('gone', 'ENGINE_GONE', 'cannot answer: a part of the engine has ended.'));
          return;
        }
        const id = (lastId += 1);
        const abort = () => post({ do: 'abort', id });
        const settled = () => signal?.removeEventListener('abort', abort);
        waiting.set(id, {
          resolve: (output) => (settled(), resolve(output)),
          reject: (error) => (settled(), reject(error)),
        });
        post({ do: 'call', id, name, input });
        if (signal?.aborted) abort();
        else signal?.addEventListener('abort', abort, { once: true });
      }),
    async end() {
      ended = true;
      await worker.terminate();
    },
  };
}
