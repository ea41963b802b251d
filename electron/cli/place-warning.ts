import { resolve } from 'node:path';
import { placeWarning } from '../engine/service/file-place.ts';
import type { Output } from './output.ts';

/** Says when an engagement file lies where another program may spoil it: a synchronised folder, a network share. */
export function warnOfPlace(output: Output, file: string): void {
  const warning = placeWarning(resolve(file));
  if (warning !== null) output.note(`Warning: ${warning}`);
}
