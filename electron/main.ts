import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BrowserWindow } from 'electron';
import { app, Menu, nativeTheme, protocol, session } from 'electron';
import type { ApiEvent } from './api/events.ts';
import type { Settings } from './api/app.ts';
import { forkedEngine } from './host/engine-link.ts';
import { EngineSupervisor } from './host/engine-supervisor.ts';
import { askBeforeClosing } from './shell/ask-before-closing.ts';
import { consoleCamera } from './shell/console-camera.ts';
import { serveWindow } from './shell/app-protocol.ts';
import { DesktopBridge } from './shell/bridge.ts';
import { desktopMethods } from './shell/desktop-methods.ts';
import { lockDown, lockSession } from './shell/lock-down.ts';
import { applicationMenu } from './shell/menu.ts';
import { filesIn, OpenedFiles } from './shell/opened-files.ts';
import { WINDOW_SCHEME } from './shell/origin.ts';
import { runCommandLine } from './shell/command-line.ts';
import { utilityEngine } from './shell/utility-engine.ts';
import { openWindow } from './shell/window.ts';

/*
 * The desktop shell. Everything here is about windows and the operating system; the work is the engine's, in a process of
 * its own.
 */

/** Stands before the arguments of the command line: the package's `keywitness` command starts the app with it. */
const COMMAND_LINE = '--keywitness-command';

protocol.registerSchemesAsPrivileged([
  {
    scheme: WINDOW_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
  },
]);
// A test runs as root, where Chromium's own sandbox cannot: forcing it on would make the start hang.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();

// Before the lock, which lies in that folder: two with homes of their own do not take each other's.
const ownHome = process.env.KEYWITNESS_HOME;
if (ownHome) {
  // Electron takes only a folder that is there.
  mkdirSync(ownHome, { recursive: true, mode: 0o700 });
  app.setPath('userData', resolve(ownHome));
}

const command = process.argv.indexOf(COMMAND_LINE);
if (command >= 0) void runCommandLine(app, process.argv.slice(command + 1));
else if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  lockDown(app);
  const opened = new OpenedFiles();
  opened.add(filesIn(process.argv.slice(1), process.cwd()));
  let window: BrowserWindow | null = null;
  let bridge: DesktopBridge | null = null;
  const openFiles = (paths: readonly string[]) => {
    if (opened.add(paths)) bridge?.tell({ event: 'opened' });
  };

  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFiles([path]);
  });
  app.on('second-instance', (_event, args, folder) => {
    openFiles(filesIn(args.slice(1), folder));
    if (!window) return show();
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => {
    // On macOS an app stays when its last window is closed.
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (!window) show();
  });

  await app.whenReady();
  const home = app.getPath('userData');
  const engine = new EngineSupervisor({
    home,
    // A setting for development and tests: an older Electron cannot load the engine's database.
    start:
      !app.isPackaged && process.env.KEYWITNESS_ENGINE_NODE
        ? forkedEngine(process.env.KEYWITNESS_ENGINE_NODE)
        : utilityEngine,
    camera: () => consoleCamera(),
    onEvent: (event) => {
      follow(event);
      bridge?.tell(event);
    },
  });
  const methods = desktopMethods(() => window, opened);
  bridge = new DesktopBridge(engine, methods);
  lockSession(session.defaultSession);
  serveWindow(protocol, engine);
  Menu.setApplicationMenu(applicationMenu((name) => bridge?.tell({ event: 'command', command: name })));
  // Not waited for: the window is there before the engine is.
  void followTheme();
  show();

  let closing = false;
  app.on('will-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    void engine.close().finally(() => app.quit());
  });

  function show(): void {
    window = openWindow(home);
    window.once('closed', () => (window = null));
    bridge!.attach(window);
    askBeforeClosing(window, engine);
  }

  function follow(event: ApiEvent): void {
    if (event.event === 'engagement' && event.file !== null) app.addRecentDocument(event.file);
    if (event.event === 'settings') void followTheme();
  }

  /** Menus and dialogs of the system follow the theme that the window was given. */
  async function followTheme(): Promise<void> {
    try {
      const { theme } = (await engine.call('app.settings', {})) as Settings;
      nativeTheme.themeSource = theme === 'light' || theme === 'dark' ? theme : 'system';
    } catch {
      // The window says what is wrong with the engine.
    }
  }
}
