import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';

/** Files that were opened from outside (double click, argument, drop on the icon) until the window takes them. */
export class OpenedFiles {
  #paths: string[] = [];

  add(paths: readonly string[]): boolean {
    const fresh = paths.filter((path) => !this.#paths.includes(path));
    this.#paths.push(...fresh);
    return fresh.length > 0;
  }

  take(): string[] {
    return this.#paths.splice(0);
  }
}

/** Engagements and packs among the arguments of a start; switches and the program's own folder are none. */
export function filesIn(args: readonly string[], folder: string): string[] {
  return args
    .filter((arg) => !arg.startsWith('-') && /\.(keywitness|zip)$/i.test(arg))
    .map((arg) => (isAbsolute(arg) ? arg : resolve(folder, arg)))
    .filter((path) => existsSync(path));
}
