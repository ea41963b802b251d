import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian has the openssl program; a machine without it skips these tests and says so. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl)
  process.stderr.write('openssl is not installed: tests against it are skipped (apt-get install openssl)\n');

/** A temporary folder with files in it and openssl run inside. */
export interface Workplace {
  readonly folder: string;
  write(name: string, bytes: Uint8Array | string): void;
  /** Standard output and error; throws when openssl fails. */
  openssl(...args: string[]): string;
  remove(): void;
}

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'keywitness-seal-'));
  return {
    folder,
    write: (name, bytes) => writeFileSync(join(folder, name), bytes),
    openssl: (...args) => {
      const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
      if (status !== 0) throw new Error(`openssl ${args[0]}: ${stdout}${stderr}`);
      return `${stdout}${stderr}`;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
