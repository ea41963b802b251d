import { accessSync, closeSync, constants, openSync, readSync } from 'node:fs';
import type { VerifyOptions } from '../seal/cades.ts';
import type { Verification } from './verification.ts';
import { verifyEngagement } from './verify-engagement.ts';
import { verifyPack } from './verify-pack.ts';

/** Verifies a pack (.zip) or an engagement file, whichever the content says it is. @throws Error when it cannot be read */
export async function verifyFile(file: string, options: VerifyOptions): Promise<Verification> {
  assertReadable(file);
  return isZip(file) ? verifyPack(file, options) : verifyEngagement(file, options);
}

/** Whether a file starts as a zip does. */
export function isZip(file: string): boolean {
  const head = Buffer.alloc(2);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, 2, 0);
  } finally {
    closeSync(handle);
  }
  return head.toString('latin1') === 'PK';
}

function assertReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(`cannot verify ${file}: ${missing ? 'there is no such file' : 'it cannot be read'}.`, {
      cause: error,
    });
  }
}
