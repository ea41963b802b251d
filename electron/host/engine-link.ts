import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ApiErrorShape } from '../api/error.ts';
import type { ClientMessage, HostMessage } from '../api/wire.ts';
import type { CameraAnswer, CameraAsk } from '../capture/camera.ts';
import type { BlobPiece } from '../engine/service/blobs.ts';

/** To the engine's process. */
export type ToEngine =
  | { do: 'start'; home: string; camera: boolean }
  | { do: 'message'; message: ClientMessage }
  | { do: 'blob'; id: number; address: string; piece: number }
  | { do: 'camera'; id: number; answer: CameraAnswer }
  | { do: 'no-camera'; id: number; message: string }
  | { do: 'close' };

/** From the engine's process. */
export type FromEngine =
  | { is: 'message'; message: HostMessage }
  | { is: 'blob'; id: number; piece: BlobPiece }
  | { is: 'no-blob'; id: number; error: ApiErrorShape }
  | { is: 'camera'; id: number; ask: CameraAsk }
  | { is: 'closed' };

/** A process that runs the engine, however it was started. */
export interface EngineLink {
  post(message: ToEngine): void;
  /** Ends it at once. */
  kill(): void;
  readonly pid: number | undefined;
}

export interface LinkEvents {
  readonly onMessage: (message: FromEngine) => void;
  /** It ended; called once. */
  readonly onExit: (why: string) => void;
}

export type StartLink = (events: LinkEvents) => EngineLink;

/** Entry of the engine's process. */
export const ENGINE_ENTRY = fileURLToPath(new URL('../engine/process.ts', import.meta.url));

/** Runs the engine as a child process of a Node. */
export const forkedEngine =
  (node: string = process.execPath): StartLink =>
  ({ onMessage, onExit }) => {
    const child = fork(ENGINE_ENTRY, [], {
      execPath: node,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let over = false;
    const end = (why: string) => {
      if (!over) onExit(why);
      over = true;
    };
    child.on('message', (message) => onMessage(message as FromEngine));
    child.once('exit', (code, signal) => end(signal ?? `code ${code}`));
    child.once('error', (error) => end(error.message));
    return {
      pid: child.pid,
      post: (message) => void (child.connected && child.send(message)),
      kill: () => void child.kill('SIGKILL'),
    };
  };
