import type { WrittenFile } from './zip/writer.ts';

/** BagIt 1.0 declaration, RFC 8493 §2.1.1. */
export const BAGIT_TXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** A manifest: one line a file, as sha256sum writes and checks it (RFC 8493 §2.1.3). */
export function manifest(files: readonly WrittenFile[]): string {
  return files.map((file) => `${file.sha256}  ${file.name}\n`).join('');
}

/** Bag metadata, RFC 8493 §2.2.2. Values are on one line each. */
export function bagInfo(payload: readonly WrittenFile[], facts: Record<string, string>): string {
  const bytes = payload.reduce((sum, file) => sum + file.bytes, 0);
  const all = { ...facts, 'Payload-Oxum': `${bytes}.${payload.length}` };
  return Object.entries(all)
    .map(([label, value]) => `${label}: ${value.replace(/\s+/g, ' ').trim()}\n`)
    .join('');
}
