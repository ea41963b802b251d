import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ImportError } from './error.ts';

/** A file to import. */
export interface FoundFile {
  path: string;
  bytes: number;
  /** Last modification as the file system has it, ISO 8601 UTC. */
  modified: string;
}

/** What lies in a folder and is not read, with the reason. */
export interface NotRead {
  path: string;
  reason: string;
}

/**
 * The files under the given paths, folders walked in sorted order, so that the same folder always gives the same ledger.
 * Links inside a folder are not followed: they may lead out of what the client gave.
 *
 * @throws ImportError NOT_FOUND when a given path does not exist.
 */
export function walk(paths: readonly string[]): { files: FoundFile[]; notRead: NotRead[] } {
  const files: FoundFile[] = [];
  const notRead: NotRead[] = [];
  const visit = (path: string): void => {
    const about = lstatSync(path);
    if (about.isDirectory()) {
      let names: string[];
      try {
        names = readdirSync(path).sort((a, b) => (a < b ? -1 : 1));
      } catch (error) {
        notRead.push({ path, reason: `the folder cannot be read (${codeOf(error)})` });
        return;
      }
      for (const name of names) visit(join(path, name));
    } else if (about.isFile()) {
      files.push({ path, bytes: about.size, modified: about.mtime.toISOString() });
    } else {
      const what = about.isSymbolicLink() ? 'a link, and links are not followed' : 'not a file';
      notRead.push({ path, reason: `it is ${what}` });
    }
  };
  for (const path of paths) {
    try {
      // A path that the operator names may be a link.
      const about = statSync(path);
      if (about.isFile()) files.push({ path, bytes: about.size, modified: about.mtime.toISOString() });
      else visit(about.isDirectory() ? join(path, '.') : path);
    } catch (error) {
      const code = codeOf(error);
      const why = code === 'ENOENT' ? 'there is no such file or folder' : `it cannot be read (${code})`;
      throw new ImportError('NOT_FOUND', `cannot import ${path}: ${why}. Check the path.`, { cause: error });
    }
  }
  return { files, notRead };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'error';
}
