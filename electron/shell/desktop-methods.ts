import { app, dialog, safeStorage, shell, type BrowserWindow } from 'electron';
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { Refusal } from '../engine/service/refusal.ts';
import { VERSION } from '../engine/version.ts';
import type { HostMethods } from '../host/client-session.ts';
import { allowedLink } from '../host/external-links.ts';
import type { OpenedFiles } from './opened-files.ts';
import { secretStore } from './secret-store.ts';

/** What the desktop shell answers itself. */
export function desktopMethods(window: () => BrowserWindow | null, opened: OpenedFiles): HostMethods {
  // Dialogs do not remember the folder by themselves.
  let lastFolder = app.getPath('documents');
  return {
    'app.info': () => ({
      version: VERSION,
      host: 'electron',
      platform: process.platform,
      arch: process.arch,
      node: process.versions.node,
      electron: process.versions.electron ?? null,
      can: { choose: true, reveal: true, capture: true },
      secretStore: secretStore(safeStorage),
    }),
    // The one place that opens anything outside.
    async 'app.openExternal'({ url }) {
      await shell.openExternal(allowedLink(url).href);
      return {};
    },
    async 'host.choose'({ kind, title, multiple, extensions, suggested }) {
      const parent = window();
      const filters =
        extensions.length > 0 ? [{ name: extensions.map((e) => `.${e}`).join(', '), extensions }] : [];
      const defaultPath =
        suggested === null ? lastFolder : isAbsolute(suggested) ? suggested : join(lastFolder, suggested);
      if (kind === 'save') {
        const options = { title, filters, defaultPath };
        const { canceled, filePath } = parent
          ? await dialog.showSaveDialog(parent, options)
          : await dialog.showSaveDialog(options);
        if (canceled || !filePath) return { paths: null };
        lastFolder = join(filePath, '..');
        return { paths: [filePath] };
      }
      const options = {
        title,
        filters,
        defaultPath,
        properties: [
          kind === 'folder' ? ('openDirectory' as const) : ('openFile' as const),
          ...(kind === 'folder' ? (['createDirectory'] as const) : []),
          ...(multiple ? (['multiSelections'] as const) : []),
        ],
      };
      const { canceled, filePaths } = parent
        ? await dialog.showOpenDialog(parent, options)
        : await dialog.showOpenDialog(options);
      if (canceled || !filePaths[0]) return { paths: null };
      lastFolder = kind === 'folder' ? filePaths[0] : join(filePaths[0], '..');
      return { paths: filePaths };
    },
    'host.reveal'({ path }) {
      if (!isAbsolute(path) || !existsSync(path)) {
        throw new Refusal('refused', 'NOT_FOUND', `cannot show ${path}: there is no such file any more.`);
      }
      shell.showItemInFolder(path);
      return {};
    },
    'host.takeOpened': () => ({ paths: opened.take() }),
  };
}
