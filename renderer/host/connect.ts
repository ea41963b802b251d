import type { KeywitnessClient } from '../../electron/api/client.ts';
import { ApiError, type ApiErrorShape } from '../../electron/api/error.ts';
import type { ApiEvent } from '../../electron/api/events.ts';
import type { ClientMessage, HostMessage } from '../../electron/api/wire.ts';

/*
 * Runs in the window. Makes the client from whatever bridge the host offers: what Electron's preload exposed, or a
 * WebSocket to the page's own origin. The start of the window is:
 *
 *   window.keywitness = await connect();
 */

/** What the preload of Electron exposes as `window.keywitnessBridge`: messages only, never ipcRenderer itself. */
export interface Bridge {
  send(message: ClientMessage): void;
  listen(listener: (message: HostMessage) => void): void;
  pathOf(file: File): string;
}

declare global {
  interface Window {
    keywitness: KeywitnessClient;
    keywitnessBridge?: Bridge;
  }
}

/** A way to the host that is open. */
interface Channel {
  send(message: ClientMessage): void;
  pathOf(file: File): Promise<string>;
}

const gone: ApiErrorShape = {
  kind: 'gone',
  code: 'DISCONNECTED',
  message:
    'cannot reach Keywitness: its process has ended. Start it again; nothing that was recorded is lost.',
  details: null,
};
const cancelled: ApiErrorShape = {
  kind: 'cancelled',
  code: 'CANCELLED',
  message: 'the call was cancelled.',
  details: null,
};

/** Connects the window to its host. Rejects with an ApiError of kind `gone` when there is none. */
export async function connect(): Promise<KeywitnessClient> {
  const waiting = new Map<
    number,
    { resolve: (output: unknown) => void; reject: (error: ApiError) => void }
  >();
  const listeners = new Set<(event: ApiEvent) => void>();
  let lastId = 0;

  const receive = (message: HostMessage): void => {
    if (message.type === 'event') {
      for (const listener of listeners) listener(message.event);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'answer') call?.resolve(message.output);
    else call?.reject(new ApiError(message.error));
  };
  const lost = (): void => {
    for (const { reject } of waiting.values()) reject(new ApiError(gone));
    waiting.clear();
    for (const listener of listeners) {
      listener({ event: 'engine', state: 'gone', message: gone.message });
    }
  };

  const bridge = window.keywitnessBridge;
  const channel = bridge ? overBridge(bridge, receive) : await overSocket(receive, lost);

  return {
    host: bridge ? 'electron' : 'browser',
    invoke: (name, input, { signal } = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(new ApiError(cancelled));
          return;
        }
        const id = (lastId += 1);
        waiting.set(id, { resolve: resolve as (output: unknown) => void, reject });
        const abort = () => {
          if (!waiting.delete(id)) return;
          channel.send({ type: 'abort', id });
          reject(new ApiError(cancelled));
        };
        signal?.addEventListener('abort', abort, { once: true });
        channel.send({ type: 'call', id, name, input: input as never });
      }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    pathOf: (file) => channel.pathOf(file),
  };
}

function overBridge(bridge: Bridge, receive: (message: HostMessage) => void): Channel {
  bridge.listen(receive);
  return { send: (message) => bridge.send(message), pathOf: async (file) => bridge.pathOf(file) };
}

/** Keeps one socket open and opens it again when it breaks; calls made meanwhile wait for it. */
async function overSocket(receive: (message: HostMessage) => void, lost: () => void): Promise<Channel> {
  let socket = await openSocket(receive);
  let again: Promise<void> | null = null;
  const watch = (): void => {
    socket.addEventListener('close', () => {
      lost();
      again = reopen();
    });
  };
  const reopen = async (): Promise<void> => {
    for (let wait = 250; ; wait = Math.min(wait * 2, 5000)) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        socket = await openSocket(receive);
        break;
      } catch {
        // Tried again: the host may be starting.
      }
    }
    again = null;
    watch();
    receive({ type: 'event', event: { event: 'engine', state: 'back', message: 'Connected again.' } });
  };
  watch();
  return {
    send: (message) => {
      if (again) void again.then(() => socket.send(JSON.stringify(message)));
      else socket.send(JSON.stringify(message));
    },
    pathOf: upload,
  };
}

function openSocket(receive: (message: HostMessage) => void): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${window.location.host}/bridge`);
    socket.addEventListener('open', () => resolve(socket));
    socket.addEventListener('error', () => reject(new ApiError(gone)));
    socket.addEventListener('message', (event: MessageEvent<string>) =>
      receive(JSON.parse(event.data) as HostMessage),
    );
  });
}

/** A browser gives no paths: the local engine keeps a copy for as long as it runs. */
async function upload(file: File): Promise<string> {
  const answer = await fetch(`/upload?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file });
  const reply = (await answer.json()) as { path: string } | ApiErrorShape;
  if ('path' in reply) return reply.path;
  throw new ApiError(reply);
}
