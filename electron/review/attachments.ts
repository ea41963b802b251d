import { basename } from 'node:path';
import { readFileSync, statSync } from 'node:fs';
import { sha256Hex } from '../../db/ledger/hash.ts';
import { readBody } from '../../db/ledger/bodies.ts';
import { entries } from '../../db/ledger/read.ts';
import type { ReadableDb } from '../../db/handle.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { ReviewError } from './error.ts';

/** What an attached file is for; stands in its ledger entry as `attachment.<purpose>`. */
export type AttachmentPurpose =
  | 'policy'
  | 'procedure'
  | 'inventory'
  | 'people'
  | 'systems'
  | 'approved-principals'
  | 'members'
  | 'rotation'
  | 'logging'
  | 'review'
  | 'review-unsigned'
  | 'addendum'
  | 'remediation'
  | 'approval'
  | 'samples'
  | 'reperformance';

/** A file as it is to be attached. */
export interface GivenFile {
  /** Name without folders. */
  name: string;
  bytes: Uint8Array;
  /** As it was given: a path, or the name alone. */
  path: string;
  /** When it was last changed, ISO 8601 UTC; null when not known. */
  modified: string | null;
}

/** An attached file. Attachments belong to the engagement, to no snapshot. */
export interface Attachment {
  seq: number;
  at: string;
  purpose: AttachmentPurpose;
  name: string;
  bytes: number;
  sha256: string;
}

/** Longest file that is attached: a document is read whole. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Reads a file from disk. @throws ReviewError NOT_FOUND, BAD_FILE (too long). */
export function fileAt(path: string): GivenFile {
  let found;
  try {
    found = statSync(path);
  } catch (error) {
    throw new ReviewError('NOT_FOUND', `cannot attach ${path}: it cannot be read. Check the path.`, {
      cause: error,
    });
  }
  if (!found.isFile() || found.size > MOST_BYTES) {
    throw new ReviewError(
      'BAD_FILE',
      `cannot attach ${path}: it is ${found.isFile() ? `longer than ${MOST_BYTES} bytes` : 'no file'}. Give one document.`,
    );
  }
  return { name: basename(path), bytes: readFileSync(path), path, modified: found.mtime.toISOString() };
}

/** A file that this program made. */
export const madeFile = (name: string, bytes: Uint8Array): GivenFile => ({
  name,
  bytes,
  path: name,
  modified: null,
});

/** Keeps a file as given in the ledger. The same file for the same purpose is kept once. */
export async function attach(
  writer: LedgerWriter,
  purpose: AttachmentPurpose,
  file: GivenFile,
): Promise<Attachment> {
  const sha256 = sha256Hex(file.bytes);
  const known = attachments(writer.db).find((a) => a.sha256 === sha256 && a.purpose === purpose);
  if (known) return known;
  const entry = await writer.append(
    {
      kind: 'import',
      facts: {
        ...{ snapshot: '', source: 'attachments', name: file.name, format: `${PREFIX}${purpose}` },
        ...{ outcome: 'ok', reason: null, bodyClass: 'full', bodyBytes: file.bytes.length, sha256 },
        modified: file.modified,
      },
      sealed: { path: file.path },
    },
    { body: file.bytes },
  );
  return { seq: entry.seq, at: entry.at, purpose, name: file.name, bytes: file.bytes.length, sha256 };
}

const PREFIX = 'attachment.';

/** All attached files, oldest first. */
export function attachments(db: ReadableDb): Attachment[] {
  return [...entries(db, 'import')]
    .filter((entry) => entry.facts.format.startsWith(PREFIX))
    .map(({ seq, at, facts }) => ({
      ...{ seq, at, purpose: facts.format.slice(PREFIX.length) as AttachmentPurpose },
      ...{ name: facts.name, bytes: facts.bodyBytes, sha256: facts.sha256 },
    }));
}

/** The bytes of an attached file. @throws ReviewError NOT_FOUND */
export function attachedBytes(db: ReadableDb, sha256: string): Buffer {
  const bytes = readBody(db, sha256);
  if (bytes) return bytes;
  throw new ReviewError(
    'NOT_FOUND',
    `cannot read the attachment ${sha256}: the engagement does not hold it.`,
  );
}

/** Path of an attached file in a pack: its name made safe, after the start of its hash, in the folder given. */
export function attachmentPath(
  folder: string,
  { name, sha256 }: Pick<Attachment, 'name' | 'sha256'>,
): string {
  const safe =
    name
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[.-]+/, '') || 'file';
  return `${folder}/${sha256.slice(0, 8)}-${safe.slice(-80)}`;
}
