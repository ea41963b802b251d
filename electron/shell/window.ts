import { BrowserWindow } from 'electron';
import { fileURLToPath } from 'node:url';
import { WINDOW_URL } from './origin.ts';
import { keepPlace, lastPlace } from './window-state.ts';

/** Opens the window: sandboxed, isolated, without Node. */
export function openWindow(home: string): BrowserWindow {
  const { bounds, maximised } = lastPlace(home);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 1024,
    minHeight: 640,
    title: 'Keywitness',
    // Shown when it has something to show; the colour behind is the system's until then.
    show: false,
    webPreferences: {
      preload: fileURLToPath(new URL('../preload.cjs', import.meta.url)),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
    },
  });
  if (maximised) window.maximize();
  keepPlace(window, home);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(WINDOW_URL);
  return window;
}
