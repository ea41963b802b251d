import type { App, Session, WebContents } from 'electron';
import { isOwnAddress } from './origin.ts';

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
  const stay = (event: { preventDefault(): void; url: string }) => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
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
