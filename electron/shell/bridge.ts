import { ipcMain, type BrowserWindow, type IpcMainEvent } from 'electron';
import type { ApiEvent } from '../api/events.ts';
import type { HostMessage } from '../api/wire.ts';
import { ClientSession, type HostMethods } from '../host/client-session.ts';
import type { EngineSupervisor } from '../host/engine-supervisor.ts';
import { BRIDGE_CHANNEL } from './channel.ts';
import { refusalOf } from './trusted-sender.ts';

/** The desktop window's end of the bridge. */
export class DesktopBridge {
  readonly #engine: EngineSupervisor;
  readonly #methods: HostMethods;
  #window: BrowserWindow | null = null;
  #session: ClientSession | null = null;

  constructor(engine: EngineSupervisor, methods: HostMethods) {
    this.#engine = engine;
    this.#methods = methods;
    ipcMain.on(BRIDGE_CHANNEL, (event, raw: unknown) => this.#receive(event, raw));
  }

  /** Serves this window; a page that is loaded anew starts without calls in hand. */
  attach(window: BrowserWindow): void {
    this.#window = window;
    const renew = () => {
      this.#session?.close();
      this.#session = new ClientSession(this.#engine, this.#methods, (message) => this.#send(message));
    };
    renew();
    window.webContents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) renew();
    });
    window.once('closed', () => {
      this.#session?.close();
      this.#session = null;
      this.#window = null;
    });
  }

  tell(event: ApiEvent): void {
    this.#session?.tell(event);
  }

  #receive(event: IpcMainEvent, raw: unknown): void {
    const frame = event.senderFrame;
    const sender = { contentsId: event.sender.id, frame: frame && { url: frame.url, parent: frame.parent } };
    const refused = refusalOf(sender, this.#window?.webContents.id ?? null);
    // To the log of whoever started it, and to nobody else: the sender is not one we answer.
    if (refused) process.stderr.write(`${refused}\n`);
    else this.#session?.receive(raw);
  }

  #send(message: HostMessage): void {
    if (this.#window && !this.#window.isDestroyed()) {
      this.#window.webContents.send(BRIDGE_CHANNEL, message);
    }
  }
}
