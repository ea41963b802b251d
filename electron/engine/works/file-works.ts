import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { APPLICATION_ID } from '../../../db/open.ts';
import type { FileKind } from '../../api/files.ts';
import type { Works } from './work.ts';

/** Entries of one folder that are listed. */
const MOST_ENTRIES = 5000;

export const fileWorks: Works<'files.list' | 'files.kind'> = {
  'files.list'({ settings }, input) {
    const folder = resolve(input.folder ?? settings.value.lastFolder ?? homedir());
    const extensions = new Set(input.extensions.map((extension) => `.${extension.toLowerCase()}`));
    const parent = dirname(folder);
    return {
      folder,
      parent: parent === folder ? null : parent,
      places: [
        { name: 'Home', path: homedir() },
        ...['Documents', 'Downloads', 'Desktop']
          .map((name) => ({ name, path: join(homedir(), name) }))
          .filter(({ path }) => statSync(path, { throwIfNoEntry: false })?.isDirectory()),
      ],
      entries: entriesOf(folder, extensions),
    };
  },
  'files.kind'(_bench, input) {
    const path = resolve(input.path);
    const stat = statSync(path, { throwIfNoEntry: false });
    const kind: FileKind = !stat ? 'missing' : stat.isDirectory() ? 'folder' : kindOf(path);
    return { path, kind, bytes: stat?.size ?? 0 };
  },
};

function entriesOf(folder: string, extensions: Set<string>) {
  const found = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap(({ name }) => {
      const path = join(folder, name);
      // Follows links; what cannot be looked at is left out.
      const stat = statOrNull(path);
      if (!stat || (!stat.isDirectory() && !stat.isFile())) return [];
      const wanted =
        stat.isDirectory() || extensions.size === 0 || extensions.has(extname(name).toLowerCase());
      return wanted
        ? [
            {
              name,
              path,
              folder: stat.isDirectory(),
              bytes: stat.size,
              modified: stat.mtime.toISOString(),
            },
          ]
        : [];
    });
  found.sort((a, b) => Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name, 'en'));
  return found.slice(0, MOST_ENTRIES);
}

function statOrNull(path: string) {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** By the first bytes: a zip, or a SQLite file that says it is ours (offset 68, https://www.sqlite.org/fileformat.html). */
function kindOf(path: string): FileKind {
  const head = Buffer.alloc(72);
  const handle = openSync(path, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  if (head.toString('latin1', 0, 15) === 'SQLite format 3' && head.readUInt32BE(68) === APPLICATION_ID) {
    return 'engagement';
  }
  return head.toString('latin1', 0, 2) === 'PK' ? 'pack' : 'other';
}
