import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { isMethodName, methods } from '../../api/contract.ts';
import type { ApiEvent } from '../../api/events.ts';
import type { HostMessage, ClientMessage } from '../../api/wire.ts';
import type { CameraAnswer, CameraAsk } from '../../capture/camera.ts';
import { failureOf } from './failure.ts';
import { Refusal } from './refusal.ts';
import { connectThread, type Thread } from './thread.ts';
import type { BlobPiece } from './blobs.ts';

/** How the engine is set up by its host. */
export interface EngineOptions {
  /** Folder for settings and copies of dropped files. */
  home: string;
  /** Takes answers and events. */
  send: (message: HostMessage) => void;
  /** The host's own camera; null where the machine's browser is used. */
  camera: ((ask: CameraAsk) => Promise<CameraAnswer>) | null;
  /** A thread ends again and again: this engine cannot work here. */
  onFatal: (error: Error) => void;
}

/** Threads that may end in the life of one engine before it gives up. */
const MOST_ENDS = 3;

/** The engine as its host sees it. */
export interface Engine {
  receive(message: ClientMessage): void;
  /** One piece, of at most 1 MiB, of what stands under a `/blob/` address. @throws Refusal NOT_FOUND */
  readBlob(address: string, piece: number): Promise<BlobPiece>;
  /** Closes the engagement and ends the threads. */
  close(): Promise<void>;
}

/**
 * Starts the engine's threads: a writer that holds the open engagement and does all work on it, and a reader beside it, so
 * that looking never waits for collecting. This thread only checks and passes on.
 */
export function startEngine({ home, send, camera, onFatal }: EngineOptions): Engine {
  const running = new Map<number, AbortController>();
  let file: string | null = null;
  let closed = false;
  let ends = 0;
  const tell = (event: ApiEvent) => send({ type: 'event', event });

  const start = (entry: string, name: string): Thread =>
    connectThread(
      new Worker(new URL(entry, import.meta.url), { workerData: { home, camera: camera !== null }, name }),
      {
        onEvent: tell,
        async onAsk(ask) {
          if ('camera' in ask) return camera!(ask.camera);
          file = ask.readersUse;
          // A reader that could not open the file says so in its own answers.
          await reader.call('use', { file }).catch(() => undefined);
          return null;
        },
        onGone: (error) => {
          if (closed) return;
          if ((ends += 1) > MOST_ENDS) {
            closed = true;
            onFatal(error);
            return;
          }
          if (name === 'reader') reader = startReader();
          else {
            file = null;
            writer = start('./writer.ts', 'writer');
            tell({ event: 'engagement', file: null });
          }
          tell({
            event: 'engine',
            state: 'gone',
            message: `A part of the engine ended (${error.message}) and was started again. Nothing recorded is lost; a collection that ran can be resumed.`,
          });
          tell({ event: 'engine', state: 'back', message: 'The engine runs again.' });
        },
      },
    );
  const startReader = (): Thread => {
    const thread = start('./reader.ts', 'reader');
    if (file !== null) void thread.call('use', { file });
    return thread;
  };
  let writer = start('./writer.ts', 'writer');
  let reader = startReader();

  const answer = async (id: number, name: string, input: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      send({ type: 'answer', id, output: await call(name, input, controller.signal) });
    } catch (error) {
      send({ type: 'failure', id, error: failureOf(error) });
    } finally {
      running.delete(id);
    }
  };
  const call = async (name: string, input: unknown, signal: AbortSignal) => {
    if (!isMethodName(name)) {
      throw new Refusal(
        'input',
        'UNKNOWN_METHOD',
        `cannot call ${name.slice(0, 60)}: there is no such method.`,
      );
    }
    const method = methods[name];
    if (method.place === 'host') {
      throw new Refusal('refused', 'NOT_HERE', `cannot call ${name}: only the window's host can do that.`);
    }
    const parsed: unknown = method.input.parse(input);
    const output = await (method.place === 'read' ? reader : writer).call(name, parsed, signal);
    return checkedOutput(name, method.output, output);
  };

  return {
    receive(message) {
      if (message.type === 'call') void answer(message.id, message.name, message.input);
      else running.get(message.id)?.abort();
    },
    async readBlob(address, piece) {
      const thread = address.startsWith('/blob/file/') ? writer : reader;
      return (await thread.call('blob', { address, piece })) as BlobPiece;
    },
    async close() {
      closed = true;
      for (const controller of running.values()) controller.abort();
      await writer.call('shutdown', {}).catch(() => undefined);
      await Promise.all([reader.end(), writer.end()]);
    },
  };
}

/** An output that does not fit the contract is a fault of ours, and must not reach the window half right. */
function checkedOutput(name: string, schema: z.ZodType, output: unknown): never {
  const checked = schema.safeParse(output);
  if (checked.success) return checked.data as never;
  throw new Error(`the answer of ${name} is not as the contract has it: ${z.prettifyError(checked.error)}`);
}
