import { ApiError, type ApiErrorShape } from '../api/error.ts';
import type { ApiEvent } from '../api/events.ts';
import type { HostMessage } from '../api/wire.ts';
import { askCamera, type Camera, type CameraAsk } from '../capture/camera.ts';
import type { BlobPiece } from '../engine/service/blobs.ts';
import type { EngineLink, FromEngine, StartLink, ToEngine } from './engine-link.ts';

export interface SupervisorOptions {
  home: string;
  start: StartLink;
  onEvent: (event: ApiEvent) => void;
  /** The host's own camera; without, the engine uses the machine's browser. */
  camera?: () => Camera;
}

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/** An engine that ends this often within a minute is not started again. */
const MOST_STARTS = 5;
const MINUTE_MS = 60_000;
/** How long a closing engine may take to bring its work to a safe end. */
const CLOSE_MS = 10_000;

/**
 * Keeps the engine's process running: when it ends by itself, calls in hand fail with kind `gone`, the engine is started
 * again and the engagement that was open is opened again. Nothing recorded is lost; a collection can be resumed.
 */
export class EngineSupervisor {
  readonly #options: SupervisorOptions;
  readonly #calls = new Map<number, Waiting>();
  readonly #blobs = new Map<number, Waiting>();
  #link: EngineLink;
  #lastId = 0;
  #file: string | null = null;
  #camera: Camera | null = null;
  #closed: (() => void) | null = null;
  #starts: number[] = [];
  /** Why the engine is not started any more; null while it is. */
  #givenUp: ApiErrorShape | null = null;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#link = this.#start();
  }

  /** Process id of the engine, for messages and tests. */
  get pid(): number | undefined {
    return this.#link.pid;
  }

  /** The engagement that is open, or null. */
  get file(): string | null {
    return this.#file;
  }

  call(name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    if (this.#givenUp) return Promise.reject(new ApiError(this.#givenUp));
    return new Promise((resolve, reject) => {
      const id = (this.#lastId += 1);
      const abort = () => this.#post({ do: 'message', message: { type: 'abort', id } });
      const settle = () => signal?.removeEventListener('abort', abort);
      this.#calls.set(id, {
        resolve: (output) => (settle(), resolve(output)),
        reject: (error) => (settle(), reject(error)),
      });
      this.#post({ do: 'message', message: { type: 'call', id, name, input: input as never } });
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }

  readBlob(address: string, piece: number): Promise<BlobPiece> {
    if (this.#givenUp) return Promise.reject(new ApiError(this.#givenUp));
    return new Promise((resolve, reject) => {
      const id = (this.#lastId += 1);
      this.#blobs.set(id, { resolve, reject });
      this.#post({ do: 'blob', id, address, piece });
    });
  }

  /** Lets the engine end its work and waits for it. */
  async close(): Promise<void> {
    if (this.#givenUp) return;
    const closed = new Promise<void>((resolve) => (this.#closed = resolve));
    this.#post({ do: 'close' });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([closed, late]);
    clearTimeout(timer);
    this.#link.kill();
  }

  #post(message: ToEngine): void {
    this.#link.post(message);
  }

  #start(): EngineLink {
    this.#starts = [...this.#starts.filter((at) => at > Date.now() - MINUTE_MS), Date.now()];
    const link = this.#options.start({
      onMessage: (message) => this.#receive(message),
      onExit: (why) => this.#exited(why),
    });
    link.post({ do: 'start', home: this.#options.home, camera: this.#options.camera !== undefined });
    return link;
  }

  #receive(message: FromEngine): void {
    switch (message.is) {
      case 'message':
        return this.#answered(message.message);
      case 'blob':
      case 'no-blob': {
        const waiting = this.#blobs.get(message.id);
        this.#blobs.delete(message.id);
        if (message.is === 'blob') waiting?.resolve(message.piece as never);
        else waiting?.reject(new ApiError(message.error));
        return;
      }
      case 'camera':
        return void this.#photograph(message.id, message.ask);
      case 'closed':
        return this.#closed?.();
    }
  }

  async #photograph(id: number, ask: CameraAsk): Promise<void> {
    const link = this.#link;
    try {
      const camera = (this.#camera ??= this.#options.camera!());
      const answer = await askCamera(camera, ask);
      if (ask.do === 'close') this.#camera = null;
      link.post({ do: 'camera', id, answer });
    } catch (error) {
      link.post({ do: 'no-camera', id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  #answered(message: HostMessage): void {
    if (message.type === 'event') {
      if (message.event.event === 'engagement') this.#file = message.event.file;
      this.#options.onEvent(message.event);
      return;
    }
    const waiting = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.output as never);
    else waiting?.reject(new ApiError(message.error));
  }

  #exited(why: string): void {
    const error: ApiErrorShape = {
      kind: 'gone',
      code: 'ENGINE_GONE',
      message: `cannot answer: the engine ended (${why}). It is started again; nothing that was recorded is lost.`,
      details: null,
    };
    for (const waiting of [this.#calls, this.#blobs]) {
      for (const { reject } of waiting.values()) reject(new ApiError(error));
      waiting.clear();
    }
    // Nobody would close the window of a capture that has ended with the engine.
    void this.#camera?.close().catch(() => undefined);
    this.#camera = null;
    if (this.#closed) return this.#closed();
    if (this.#starts.length >= MOST_STARTS) {
      const message = `The engine ended again (${why}) and is not started any more. Quit and start Keywitness again.`;
      this.#givenUp = { ...error, message };
      this.#options.onEvent({ event: 'engine', state: 'gone', message });
      return;
    }
    this.#options.onEvent({ event: 'engine', state: 'gone', message: error.message });
    const file = this.#file;
    this.#file = null;
    this.#link = this.#start();
    void this.#reopen(file);
  }

  async #reopen(file: string | null): Promise<void> {
    try {
      // Also without a file: an answer shows that the engine is there.
      if (file === null) await this.call('app.settings', {});
      else await this.call('engagement.open', { file });
      this.#options.onEvent({
        event: 'engine',
        state: 'back',
        message: 'The engine runs again. A collection that was running can be resumed.',
      });
    } catch (error) {
      if (this.#closed || (error instanceof ApiError && error.kind === 'gone')) return;
      this.#options.onEvent({
        event: 'engine',
        state: 'back',
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
