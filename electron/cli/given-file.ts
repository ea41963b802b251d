import { readFileSync } from 'node:fs';

/** Reads a file that the command names. @throws Error that says which file, and what to do. */
export function readGivenFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? 'there is no such file' : (error as Error).message;
    throw new Error(`cannot read ${path}: ${why}. Check the path.`, { cause: error });
  }
}
