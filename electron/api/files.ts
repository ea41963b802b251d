import { z } from 'zod';
import { instant } from './shared.ts';
import { engine } from './method.ts';

/** What a file is, by its content. */
export const fileKind = z.enum(['engagement', 'pack', 'folder', 'other', 'missing']);
export type FileKind = z.infer<typeof fileKind>;

const listed = z.strictObject({
  name: z.string(),
  path: z.string(),
  folder: z.boolean(),
  bytes: z.int(),
  modified: instant,
});

/** The operator's own files, for choosing one where the host has no native dialog. */
export const files = {
  /** Folders first, then files with one of these extensions (all without any), by name. Hidden ones are left out. */
  'files.list': engine(
    z.strictObject({
      /** Null: the folder last used, or the home folder. */
      folder: z.string().nullable().default(null),
      extensions: z.array(z.string()).default([]),
    }),
    z.strictObject({
      folder: z.string(),
      parent: z.string().nullable(),
      places: z.array(z.strictObject({ name: z.string(), path: z.string() })),
      entries: z.array(listed).max(5000),
    }),
  ),
  /** What was dropped or chosen: decides between opening, verifying and importing. */
  'files.kind': engine(
    z.strictObject({ path: z.string().min(1) }),
    z.strictObject({ path: z.string(), kind: fileKind, bytes: z.int() }),
  ),
};
