import { BrowserWindow, session as sessions, type Session } from 'electron';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Camera } from '../capture/camera.ts';
import { isConsoleAddress } from '../capture/console-hosts.ts';
import { framePage } from '../capture/frame-html.ts';
import { takeView, type Surface } from '../capture/take-view.ts';
import { lockConsole } from './lock-down.ts';

const SIZE = { width: 1440, height: 900 };
/** A page that asked for nothing for this long is quiet, ms. */
const QUIET_FOR_MS = 500;

/**
 * A camera of Electron's own: a window that is visible, has no bridge to Keywitness, and lives in a session in memory that
 * is cleared afterwards.
 */
export function consoleCamera(): Camera {
  let window: BrowserWindow | null = null;
  let session: Session | null = null;
  let asking: Asking = { open: new Set(), last: 0 };
  const shown = (): BrowserWindow => {
    if (window && !window.isDestroyed()) return window;
    throw new Error('cannot take the picture: the window of the console was closed.');
  };
  return {
    async open(url, hosts) {
      if (!isConsoleAddress(url, hosts)) {
        throw new Error(`cannot open ${new URL(url).host}: it is no page of the console, or not https.`);
      }
      // Without "persist:" in its name a session is kept in memory only.
      session = sessions.fromPartition(`console-${randomUUID()}`);
      asking = countRequests(session);
      lockConsole(session, hosts);
      window = new BrowserWindow({
        ...SIZE,
        useContentSize: true,
        title: 'Console · Keywitness',
        autoHideMenuBar: true,
        webPreferences: { ...bare(), session },
      });
      window.webContents.debugger.attach('1.3');
      // An address that leads on, as a sign-in does, ends the first load: what is shown then is the operator's to see.
      await window.loadURL(url).catch(() => undefined);
    },
    take: (view) => takeView(surfaceOf(shown(), asking), view),
    frame: (png, stamp) => framed(png, stamp),
    async close() {
      if (window && !window.isDestroyed()) window.destroy();
      window = null;
      await session?.clearStorageData();
      await session?.clearCache();
      await session?.clearAuthCache();
      session = null;
    },
  };
}

/** What every page but our own is given: nothing. */
const bare = () =>
  ({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  }) as const;

/** Requests of a session that have no answer yet, and when the last one began or ended. */
interface Asking {
  open: Set<number>;
  last: number;
}

function countRequests(session: Session): Asking {
  const asking: Asking = { open: new Set(), last: Date.now() };
  const change = () => (asking.last = Date.now());
  // By id: one that is led on is sent again under the same, and completes once.
  session.webRequest.onSendHeaders(({ id }) => (asking.open.add(id), change()));
  session.webRequest.onCompleted(({ id }) => (asking.open.delete(id), change()));
  session.webRequest.onErrorOccurred(({ id }) => (asking.open.delete(id), change()));
  return asking;
}

function surfaceOf(window: BrowserWindow, asking: Asking): Surface {
  const { webContents } = window;
  return {
    go: (url) => webContents.loadURL(url),
    // In a world of its own: the page sees nothing of it, and its scripts change nothing in it.
    evaluate: (expression) => webContents.executeJavaScriptInIsolatedWorld(1001, [{ code: expression }]),
    async quiet(ms) {
      const end = Date.now() + ms;
      while (Date.now() < end) {
        if (!webContents.isLoading() && asking.open.size === 0 && Date.now() - asking.last > QUIET_FOR_MS)
          return;
        await wait(100);
      }
    },
    url: () => webContents.getURL(),
    picture: (height) => pictureOf(window, { ...SIZE, height: Math.max(SIZE.height, height) }),
  };
}

/** A picture of the page in a window of that size, whatever size the screen has. */
async function pictureOf(window: BrowserWindow, size: { width: number; height: number }): Promise<Buffer> {
  const { debugger: protocol } = window.webContents;
  const metrics = { ...size, deviceScaleFactor: 1, mobile: false };
  await protocol.sendCommand('Emulation.setDeviceMetricsOverride', metrics);
  try {
    // The page lays itself out anew for the height.
    await wait(300);
    const { data } = (await protocol.sendCommand('Page.captureScreenshot', {
      format: 'png',
      captureBeyondViewport: true,
      clip: { x: 0, y: 0, ...size, scale: 1 },
    })) as { data: string };
    return Buffer.from(data, 'base64');
  } finally {
    await protocol.sendCommand('Emulation.clearDeviceMetricsOverride').catch(() => undefined);
  }
}

/** Draws the frame on a page of ours that nobody sees and that loads nothing. */
async function framed(png: Uint8Array, stamp: Parameters<Camera['frame']>[1]): Promise<Uint8Array> {
  const { html, width, height } = framePage(png, stamp);
  const session = sessions.fromPartition(`frame-${randomUUID()}`);
  lockConsole(session, []);
  const sheet = new BrowserWindow({
    ...{ show: false, width: 900, height: 600 },
    webPreferences: { ...bare(), session, javascript: false, offscreen: true },
  });
  try {
    await sheet.loadURL('about:blank');
    const { debugger: protocol } = sheet.webContents;
    protocol.attach('1.3');
    const { frameTree } = (await protocol.sendCommand('Page.getFrameTree')) as {
      frameTree: { frame: { id: string } };
    };
    await protocol.sendCommand('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
    return await pictureOf(sheet, { width, height });
  } finally {
    sheet.destroy();
  }
}
