import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Copies of files that a browser sent, for as long as this process runs. Readable by their owner only. */
export class Uploads {
  #folder: string | null = null;
  #count = 0;

  /** Stores a file under its own name, in a folder of its own. */
  async take(content: Readable, name: string): Promise<string> {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'keywitness-'));
    const folder = mkdtempSync(join(this.#folder, `${(this.#count += 1)}-`));
    const path = join(folder, safeName(name));
    await pipeline(content, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    return path;
  }

  clear(): void {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }
}

/** A file name without folders and without what file systems refuse. */
function safeName(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  const plain = basename(name.replaceAll('\\', '/')).replace(/[\u0000-\u001f<>:"|?*]/g, '_');
  return plain === '' || /^\.+$/.test(plain) ? 'file' : plain.slice(0, 200);
}
