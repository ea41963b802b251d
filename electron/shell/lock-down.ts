import type { App, Session, WebContents } from 'electron';
import { isConsoleAddress } from '../capture/console-hosts.ts';
import { isOwnAddress } from './origin.ts';

/** Sessions of capture windows, and where each may go; every other contents stays on the window's own address. */
const consoles = new WeakMap<Session, readonly string[]>();

/** Denies everything that the window does not need, for every contents there will ever be. */
export function lockDown(app: App): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  // A certificate that does not verify is refused, whatever somebody clicks; no client certificate is offered.
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  app.on('login', (event, _contents, _details, _auth, callback) => {
    event.preventDefault();
    callback();
  });
}

function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  const stay = (event: { preventDefault(): void; url: string; isMainFrame: boolean }) => {
    const hosts = consoles.get(contents.session);
    if (hosts === undefined ? isOwnAddress(event.url) : mayShow(event, hosts)) return;
    event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
}

/** A console's page is its provider's; frames within it come from many hosts, but over TLS. */
function mayShow(
  { url, isMainFrame }: { url: string; isMainFrame: boolean },
  hosts: readonly string[],
): boolean {
  if (isMainFrame) return isConsoleAddress(url, hosts);
  return /^(https|blob|data|about):/.test(url) || isConsoleAddress(url, hosts);
}

/**
 * A session in which a provider's own pages are shown: no permission, no download, and nothing but https, or hosts that
 * may be shown. Without hosts nothing is loaded at all.
 */
export function lockConsole(session: Session, hosts: readonly string[]): void {
  consoles.set(session, hosts);
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, decide) => decide({}));
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest(({ url, resourceType }, decide) => {
    const within = hosts.length > 0 && (/^(https|wss|blob):/.test(url) || isConsoleAddress(url, hosts));
    const main = resourceType === 'mainFrame';
    decide({ cancel: !(main ? isConsoleAddress(url, hosts) : within || /^(data|about):/.test(url)) });
  });
  session.setSpellCheckerEnabled(false);
}

/** Permissions: none, neither asked for nor taken for granted. Nothing but the window's own origin is loaded. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) =>
    // Copying to the clipboard is the one thing the window asks for.
    decide(permission === 'clipboard-sanitized-write'),
  );
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, decide) => decide({}));
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    const own = isOwnAddress(url) || /^(devtools|blob|data):/.test(url);
    decide({ cancel: !own });
  });
  session.setSpellCheckerEnabled(false);
}
