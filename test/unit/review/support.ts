import { csvRecord } from '../../../electron/pack/files/csv.ts';
import type { GivenFile } from '../../../electron/review/attachments.ts';

/** A CSV file as a client gives it. */
export function csv(name: string, rows: readonly (readonly string[])[]): GivenFile {
  return given(name, Buffer.from(rows.map(csvRecord).join('')));
}

export const utf16 = (name: string, text: string): GivenFile => given(name, Buffer.from(text, 'utf16le'));

export const given = (name: string, bytes: Uint8Array): GivenFile => ({
  name,
  bytes,
  path: name,
  modified: null,
});
